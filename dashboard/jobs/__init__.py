"""Runs that pages ask for: a queue, a bounded pool of spawned processes, and a folder on disk for each."""

from dashboard.jobs.experiment import Experiment, Variant
from dashboard.jobs.jobs import Jobs
from dashboard.jobs.record import Request, Status
from dashboard.jobs.refused import Refused

__all__ = ["Experiment", "Jobs", "Refused", "Request", "Status", "Variant"]
