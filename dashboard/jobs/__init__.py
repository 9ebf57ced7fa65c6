"""Runs that pages ask for: a queue, a bounded pool of spawned processes, and a folder on disk for each."""

from dashboard.jobs.jobs import Jobs
from dashboard.jobs.record import Refused, Request, Status

__all__ = ["Jobs", "Refused", "Request", "Status"]
