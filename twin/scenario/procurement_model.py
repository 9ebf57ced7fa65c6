"""Where the animals of a study come from, as a model: ordered or bred, in batches, and given time to settle."""

from __future__ import annotations

from twin.scenario.model_base import Count, Model
from twin.scenario.quantities import Duration, Seconds, TimeOfDay, Weekdays


class Breeding(Model):
    """Bred in the house instead of ordered."""

    pairs: Count
    """So many litters are born together; their size and the time between births are rows of the table ``species``."""
    age: Seconds = 42 * 86400.0
    """At which the animals may be used (six weeks is an assumption of ours)."""


class Procurement(Model):
    """A request orders its animals; they can be used when they have come and have settled."""

    lead_time: Duration | None = None
    """From the order to the first delivery that may bring them; none: the next one does. Not with ``breeding``."""
    days: Weekdays = (0, 1, 2, 3, 4)
    """On which days of the week animals are delivered, or leave the breeding."""
    at: TimeOfDay = 9 * 3600.0
    batch: Count | None = None
    """Most animals of one delivery; the others come with the next. None: no limit."""
    acclimatisation: Seconds | None = None
    """From their arrival until they may be used; none: table ``tasks`` (three to seven days are usual)."""
    breeding: Breeding | None = None
