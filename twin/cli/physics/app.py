"""The command ``twin physics`` and its commands."""

from __future__ import annotations

import typer

from twin.cli.physics.decay import decay
from twin.cli.physics.dose_rate import dose_rate
from twin.cli.physics.hotel import hotel
from twin.cli.physics.imaging import ct, mri, optical, spect
from twin.cli.physics.nema import nema
from twin.cli.physics.phantom import phantom
from twin.cli.physics.responses import responses
from twin.cli.physics.sensitivity import sensitivity
from twin.cli.physics.shield import shield
from twin.cli.physics.transmission import transmission
from twin.cli.words import examples

app = typer.Typer(
    name="physics",
    help="Answer a single question of physics.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"default_map": {"help": False}},  # None loads pydantic
    epilog=examples(
        "twin physics decay Mo-99 --activity '1 GBq' --after '24 h'",
        "twin physics dose-rate --nuclide F-18 --activity '37 MBq' --distance '30 cm'",
        "twin physics shield --nuclide F-18 --material lead --transmission 0.1",
    ),
)
app.command(
    epilog=examples(
        "twin physics decay F-18 --activity '25 MBq' --after '2 h'",
        "twin physics decay Ac-225 --activity '1 MBq' --after '12 h' --json",
    )
)(decay)
app.command(
    epilog=examples(
        "twin physics phantom --shape cylinder --diameter '25 mm' --length '70 mm' --energy '511 keV'",
        "twin physics phantom --shape sphere --diameter '25 mm' --energy '364 keV' --material soft_tissue --json",
    )
)(phantom)
app.command(
    epilog=examples(
        "twin physics transmission --energy '511 keV' --material lead --thickness '10 mm'",
        "twin physics transmission --energy '511 keV' --material lead --thickness '10 mm' --broad --json",
    )
)(transmission)
app.command(
    "dose-rate",
    epilog=examples(
        "twin physics dose-rate --nuclide F-18 --activity '37 MBq' --distance '30 cm' --time '2 min'",
        "twin physics dose-rate --nuclide Cs-137 --activity '1 MBq' --distance '1 m' --no-progeny",
        "twin physics dose-rate --nuclide F-18 --activity '1 GBq' --distance '1 m' --shield 'lead 10 mm' --json",
    ),
)(dose_rate)
app.command(
    epilog=examples(
        "twin physics shield --nuclide F-18 --material lead --transmission 0.1",
        "twin physics shield --nuclide Zr-89 --material concrete --transmission '1 %' --json",
    )
)(shield)
app.command(
    epilog=examples(
        "twin physics sensitivity siemens_inveon",
        "twin physics sensitivity my-scanner.yaml --window '350-650 keV' --at '0,0,20 mm' --json",
    )
)(sensitivity)
app.command(
    epilog=examples(
        "twin physics nema siemens_inveon",
        "twin physics nema siemens_inveon --phantom rat --window '350-650 keV' --plot rates.html",
    )
)(nema)
app.command(epilog=examples("twin physics hotel siemens_inveon --bed mouse_4", "twin list numbers | grep beds"))(hotel)
app.command(epilog=examples("twin physics responses baseline", "twin physics responses my_site.yaml --json"))(responses)
app.command(
    epilog=examples(
        "twin physics spect inveon_single_05 --nuclide Tc-99m --animal '25 mm'",
        "twin physics spect u_spect_ii_mouse_060 --nuclide Lu-177 --at '0,0,4 mm' --json",
    )
)(spect)
app.command(
    epilog=examples(
        "twin physics ct --voltage '50 kV' --current '500 uA' --time '60 s' --voxel '0.1 mm'",
        "twin physics ct --filter 'aluminium 0.5 mm' --filter 'copper 0.1 mm' --noise 100 --json",
    )
)(ct)
app.command(epilog=examples("twin physics optical --after '12 min' --time '1 min' --depth '3 mm'"))(optical)
app.command(epilog=examples("twin physics mri --voxel '0.1 mm' --time '10 min' --coil cryogenic"))(mri)
