"""Charts of the page Hot lab."""

from __future__ import annotations

from types import SimpleNamespace

from dashboard.charts.common import Chart, Shown
from dashboard.charts.of_tables import chart
from dashboard.figures import decay_store, generators, injected, on_site, vials, waste_stores

_LEVELS = {"vial_levels": "vial tracer nuclide came flow time_s activity_bq volume_m3 amount_mol decay_per_s"}
_SYRINGES = {
    "syringes": "animal vial tracer injected_s injected_bq prescribed_bq volume_m3 amount_mol amount_mol_per_kg "
    "limit_mol_per_kg outcome"
}
_WASTE = {"dose_waste": "day_s nuclide activity_bq ten_half_lives_s clearance_s survey_s binding release_s"}
_VOLUMES = SimpleNamespace(figure=vials.volume_figure, caption=vials.volume_caption, table=vials.table)
_MASSES = SimpleNamespace(figure=injected.mass_figure, caption=injected.mass_caption, table=injected.table)

CHARTS: tuple[Chart[Shown], ...] = (
    chart(
        "vials", "What each vial holds", "MBq",
        "A line for each vial, on an axis of powers of ten, where decay is a straight line; a step down is a draw.",
        vials, _LEVELS, height=360,
    ),
    chart(
        "volumes", "What is left in each vial", "ml", "Only draws make it fall; a line ends when its vial is waste.",
        _VOLUMES, _LEVELS, height=260, half=True,
    ),
    chart(
        "injected", "What was injected", "MBq",
        "A mark for each injection; open where it is more than 10 % from the prescribed activity.",
        injected, _SYRINGES, half=True,
    ),
    chart(
        "masses", "Injected mass", "nmol/kg",
        "Substance, labelled or not: as a vial decays, the same activity carries more of it.",
        _MASSES, _SYRINGES, height=280, half=True,
    ),
    chart(
        "generators", "Generators", "GBq", "What the parent still holds over the whole run, and what was eluted.",
        generators, _LEVELS, half=True,
    ),
    chart(
        "decay_store", "Decay store", "when it may go",
        "Each day's waste, from the day's end to the moment from which each rule would let it go.",
        decay_store, _WASTE,
    ),
    chart(
        "waste_stores", "How full the stores of waste are", "bags, carcasses",
        "Over the whole run; a bag that finds no place stays in the hot lab, and then nothing is drawn.",
        waste_stores, {"waste_stores": "store time_s held places"},
    ),
    chart(
        "on_site", "Activity on the site", "GBq",
        "All that was delivered or made, as it decays, against the source licence.",
        on_site, {"on_site": "nuclide time_s activity_bq decay_per_s licence_bq"},
    ),
)  # fmt: skip
