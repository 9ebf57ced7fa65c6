"""Charts of the page Images."""

from __future__ import annotations

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import images

_PLACES = {
    "scan_places": "study scanner protocol animals place off_axis_m fwhm_m scans activity_bq trues scattered randoms "
    "nec nec_low nec_high noise_pct"
}
_SCANS = "animal study protocol scanner animals start_s duration_s activity_bq nec"

CHARTS: tuple[Chart[Shown], ...] = (
    chart(
        "necr", "Count rates, and where the scans lie", "kcps",
        "Lines: a bed whose animals all have this activity. Marks: the scans of the days shown.",
        images.RATES, {"necr": "study scanner protocol animals activity_bq nec_per_s decay_per_s", "scans": _SCANS},
        height=400,
    ),
    chart(
        "place_counts", "Counts by place in the bed", "million",
        "Noise-equivalent counts of an animal's scan in the whole run: mean, least and most.",
        images.COUNTS, _PLACES, height=340, half=True,
    ),
    chart(
        "place_noise", "Resolution and noise by place", "%",
        "What counting leaves as noise in the study's target; the blur stands in the sentence and on each mark.",
        images.QUALITY, _PLACES, height=320, half=True,
    ),
)  # fmt: skip
