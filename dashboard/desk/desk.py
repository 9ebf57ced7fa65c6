"""The desk itself: one thing that pages are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.desk.asking import Asking
from dashboard.desk.experiments import Experiments
from dashboard.desk.forms import Forms
from dashboard.desk.showing import Showing
from dashboard.desk.sweeps import Sweeps
from dashboard.desk.variants import Variants

if TYPE_CHECKING:
    from dashboard.config import Config


class Desk:
    """What pages ask of a configured dashboard.

    Parameters
    ----------
    config : Config
    """

    def __init__(self, config: Config) -> None:
        self.config = config
        self.forms = Forms(config.jobs.shelf)
        self.variants = Variants(self.forms)
        self.asking = Asking(config, self.forms)
        self.showing = Showing(config)
        self.experiments = Experiments(config, self.asking)
        self.sweeps = Sweeps(config)
