"""Each mistake has one clear message with its path, and is never a traceback."""

from __future__ import annotations

import json

import pytest

from twin.errors import ScenarioError

TREE = """
protocols:
  own:
    tracer: FDG
    activity: 8 MBq
    %s
    plan:
"""


def tree(nodes: str, more: str = "") -> str:
    """A protocol with a plan of its own."""
    indented = "\n".join("      " + line for line in nodes.strip("\n").splitlines())
    return TREE % more + indented


STEP = "- {step: a, task: other_service, duration: 5 min}"

FORM = {
    "bare number": ("hot_lab: {deliveries: {fdg: {activity: 500}}}", "hot_lab.deliveries.fdg.activity", "bare number"),
    "bare text": ('hot_lab: {deliveries: {fdg: {activity: "500"}}}', "hot_lab.deliveries.fdg.activity", "has no unit"),
    "dimension": (
        "hot_lab: {deliveries: {fdg: {activity: 5 min}}}",
        "hot_lab.deliveries.fdg.activity",
        "activity is due",
    ),
    "unit": ("hot_lab: {deliveries: {fdg: {volume: 5 mI}}}", "hot_lab.deliveries.fdg.volume", "unknown unit"),
    "negative": ("studies: {tumour: {mass: -5 g}}", "studies.tumour.mass", "below 0"),
    "no MAC": (
        "numbers: {species.mouse.isoflurane_mac: {value: 0 %}}",
        "numbers.species.mouse.isoflurane_mac",
        "greater",
    ),
    "no growth": ("numbers: {kinetics.tumour_doubling: {value: 0 d}}", "numbers.kinetics.tumour_doubling", "greater"),
    "no lymph": ("numbers: {tissues.space.lymph: {value: 0}}", "numbers.tissues.space.lymph", "greater"),
    "wasting": ("studies: {tumour: {wasting: {rate: 2}}}", "studies.tumour.wasting.rate", "bare number"),
    "loss of everything": (
        "studies: {tumour: {wasting: {rate: 2 %/day, endpoint: 110 %}}}",
        "studies.tumour.wasting.endpoint",
        "is not between 0 and 1",
    ),
    "warming": ("policies: {warming: prob}", "policies.warming", "did you mean 'probe'"),
    "severity word": ("studies: {tumour: {severity: awful}}", "studies.tumour.severity", "none of the words"),
    "re-use word": ("studies: {tumour: {reused: {restored: true}}}", "studies.tumour.reused.severity", "missing"),
    "unknown key": ("staff: {technologist: {rol: x}}", "staff.technologist.rol", "did you mean 'role'"),
    "unknown top": ("scaners: {}", "scaners", "did you mean 'scanners'"),
    "missing": ("scanners: {ct: {modality: ct}}", "scanners.ct.room", "missing"),
    "no opening": ("opening: null", "opening", "missing"),
    "word": ("policies: {queue: pasover}", "policies.queue", "did you mean 'pass_over'"),
    "name": ('rooms: {"1 x": {kind: uptake}}', "rooms.1 x", "not a name"),
    "count zero": ("staff: {technologist: {count: 0}}", "staff.technologist.count", "at least 1"),
    "count text": ("staff: {technologist: {count: two}}", "staff.technologist.count", "whole number"),
    "count float": ("staff: {technologist: {count: 2.5}}", "staff.technologist.count", "whole number"),
    "count bool": ("staff: {technologist: {count: true}}", "staff.technologist.count", "whole number"),
    "days": ("days: 0", "days", "greater than 0"),
    "days inf": ("days: .inf", "days", "number is due"),
    "start": ("start: tomorrow", "start", "not a date"),
    "full store": (
        "waste: {decay_store: {places: 3, filled: {F-18: 4}}}",
        "waste.decay_store.filled",
        "4 bags at the start",
    ),
    "unknown waste": (
        "waste: {decay_store: {places: 3, filled: {Xx-18: 1}}}",
        "waste.decay_store.filled.Xx-18",
        "nuclide",
    ),
    "one reads": (
        "{policies: {reading: double}, staff: {technologist: {count: 1}}}",
        "policies.reading",
        "two people read together, and 1 can",
    ),
    "nobody reads": (
        "{policies: {reading: single}, staff: {technologist: {skills: [imaging]}}}",
        "policies.reading",
        "needs one person with the skill analysis",
    ),
    "zone": ("start: 2026-03-02T08:00:00+01:00", "start", "time zone"),
    "time of day": ("hot_lab: {deliveries: {fdg: {arrives: 800}}}", "hot_lab.deliveries.fdg.arrives", "time of day"),
    "25 o'clock": ('hot_lab: {deliveries: {fdg: {arrives: "25:00"}}}', "hot_lab.deliveries.fdg.arrives", "24:00"),
    "day": ("hot_lab: {deliveries: {fdg: {days: mo-fri}}}", "hot_lab.deliveries.fdg.days", "did you mean 'mon-fri'"),
    "hours": ("opening: {hours: {mon-fri: 8-18}}", "opening.hours", "not a time of day"),
    "hours word": ("opening: {hours: {mondays: closed}}", "opening.hours", "no day of the week"),
    "a day twice": (
        'opening: {hours: {mon-sun: "00:00-24:00"}}',
        "opening.hours",
        "mon is named twice, by mon-fri and by mon-sun",
    ),
    "no day left": ('opening: {hours: {sat-sun: closed, daily: "00:00-24:00"}}', "opening.hours", "means none"),
    "overnight": ("protocols: {static: {fasting: overnight}}", "protocols.static.fasting", "such as [6 h, 10 h]"),
    "one fast": ("protocols: {static: {fasting: 16 h}}", "protocols.static.fasting", "such as [6 h, 10 h]"),
    "no hours": ('opening: {hours: {mon: "08:00-08:00"}}', "opening.hours", "same time"),
    "holiday": ("opening: {holidays: [Easter]}", "opening.holidays.0", "not a date"),
    "list due": ("opening: {holidays: 2026-03-02}", "opening.holidays", "a list is due"),
    "map due": ("staff: {technologist: 3}", "staff.technologist", "map of keys"),
    "distribution": (
        "protocols: {static: {scan: {triangle: [1 min, 2 min, 3 min]}}}",
        "protocols.static.scan",
        "did you mean 'triangular'",
    ),
    "triangle": (
        "protocols: {static: {scan: {triangular: [3 min, 2 min, 5 min]}}}",
        "protocols.static.scan",
        "rising order",
    ),
    "two of three": ("protocols: {static: {scan: {triangular: [3 min, 5 min]}}}", "protocols.static.scan", "list of 3"),
    "bare mean": ("protocols: {static: {scan: {exponential: 5}}}", "protocols.static.scan", "bare number"),
    "below zero": (
        "protocols: {static: {scan: {uniform: [-5 min, 5 min]}}}",
        "protocols.static.scan",
        "never negative",
    ),
    "shares": (
        "protocols: {static: {scan: {discrete: {5 min: 0.5, 6 min: 0.4}}}}",
        "protocols.static.scan",
        "sum to 1",
    ),
    "shape": (
        "protocols: {static: {scan: {weibull: {shape: 2 min, scale: 5 min}}}}",
        "protocols.static.scan",
        "dimension",
    ),
    "24 rates": (
        "studies: {tumour: {arrival: {dates: null, hourly: {rates: [1 /h]}}}}",
        "studies.tumour.arrival.hourly.rates",
        "too short",
    ),
    "seed": ("seed: -1", "seed", "at least 0"),
    "numbers": ("numbers: {tasks.pet_statik: {value: 5 min}}", "numbers.tasks.pet_statik", "did you mean 'pet_static'"),
    "number": ("numbers: {tasks.pet_static: {value: 5 ml}}", "numbers.tasks.pet_static", "time is due"),
    "no half-life": ("numbers: {nuclides.F-18.half_life: {value: 0 s}}", "numbers.nuclides.F-18.half_life", "greater"),
    "negative number": ("numbers: {tasks.pet_static: {value: -5 min}}", "numbers.tasks.pet_static", "never negative"),
    "number below zero": (
        "numbers: {tasks.pet_static: {distribution: {uniform: [-5 min, 5 min]}}}",
        "numbers.tasks.pet_static",
        "never negative",
    ),
    "probability": (
        "numbers: {injection.failure_probability.weak: {value: 7}}",
        "numbers.injection.failure_probability.weak",
        "at most 1",
    ),
    "attempts": (
        "numbers: {injection.maximum_attempts: {value: 0.5}}",
        "numbers.injection.maximum_attempts",
        "whole number",
    ),
    "sizes": (
        "numbers: {catalogue.siemens_inveon.hotel_sizes: {value: many}}",
        "numbers.catalogue.siemens_inveon.hotel_sizes",
        "whole numbers",
    ),
    "one number": (
        "numbers: {injection.maximum_attempts: {distribution: {uniform: [1, 3]}}}",
        "numbers.injection.maximum_attempts",
        "takes a value",
    ),
    "spread": (
        "numbers: {injection.draw_accuracy_cv: {value: 1e9}}",
        "numbers.injection.draw_accuracy_cv",
        "at most 1",
    ),
    "residual": ("hot_lab: {residual: {uniform: [0.1, 2]}}", "hot_lab.residual", "between 0 and 1"),
    "all residual": ("hot_lab: {residual: 100 %}", "hot_lab.residual", "nothing is injected"),
    "all residual by number": (
        "numbers: {injection.syringe_residual_fraction: {value: 1}}",
        "numbers.injection.syringe_residual_fraction",
        "nothing is injected",
    ),
    "nothing prescribed": ("protocols: {static: {activity: 0 Bq}}", "protocols.static.activity", "greater than 0"),
    "nothing prescribed by number": (
        "numbers: {tracers.FDG.injected_activity: {value: 0 MBq}}",
        "numbers.tracers.FDG.injected_activity",
        "greater than 0",
    ),
    "unseen tracer": (
        'hot_lab: {deliveries: {fdg: {tracer: "FDG\\u202e"}}}',
        "hot_lab.deliveries.fdg.tracer",
        "cannot be seen",
    ),
    "no tracer name": ('protocols: {static: {tracer: ""}}', "protocols.static.tracer", "cannot be seen, or none"),
    "slots": ("policies: {slot_step: 0 min}", "policies.slot_step", "least allowed, 1 s"),
    "tiny slots": ("policies: {slot_step: 0.5 ms}", "policies.slot_step", "least allowed, 1 s"),
    "tiny first slot": ("policies: {slot_minimum: 1 ms}", "policies.slot_minimum", "least allowed, 1 s"),
    "flood": (
        "studies: {tumour: {arrival: {dates: null, poisson: {rate: 1000/s}}}}",
        "studies.tumour.arrival.poisson.rate",
        "most allowed, 1 1/s",
    ),
    "flood by the hour": (
        "studies: {tumour: {arrival: {dates: null, hourly: {rates: [" + "1000/s, " * 24 + "]}}}}",
        "studies.tumour.arrival.hourly.rates.0",
        "most allowed, 1 1/s",
    ),
    "failing for ever": (
        "scanners: {pet: {breakdown: {time_between_failures: {exponential: 1 ms}, repair_time: 0 s}}}",
        "scanners.pet.breakdown.time_between_failures",
        "the mean is 0.001 s, below the least allowed, 60 s",
    ),
    "serviced for ever": (
        "scanners: {pet: {maintenance: {s: {first: 2026-03-02, every: 1 ms, duration: 0 s}}}}",
        "scanners.pet.maintenance.s.every",
        "least allowed, 60 s",
    ),
    "planned share": ("policies: {planned_share: 5 %}", "policies.planned_share", "at least 0.1"),
    "planned share of more": ("policies: {planned_share: 1.1}", "policies.planned_share", "between 0 and 1"),
    "overtime": ("prices: {overtime_factor: -1}", "prices.overtime_factor", "at least 0"),
    "year": ("start: 9999-12-31", "start", "out of range"),
    "early dates": (
        "studies: {tumour: {arrival: {dates: [2026-02-26 09:00, 2026-02-27 09:00, 2026-03-03 09:00]}}}",
        "studies.tumour.arrival.dates",
        "date 1 is before the run starts, 2026-03-02 00:00; 1 more like it",
    ),
    "failures": (
        "scanners: {pet: {breakdown: {time_between_failures: 0 s, repair_time: 1 h}}}",
        "scanners.pet.breakdown.time_between_failures",
        "least allowed, 60 s",
    ),
    "no number": (
        "numbers: {tasks.pet_static: {note: x}}",
        "numbers.tasks.pet_static",
        "either a value or a distribution",
    ),
    "number twice": (
        "numbers: {tasks.pet_static: {value: 5 min, distribution: 5 min}}",
        "numbers.tasks.pet_static",
        "either a value or a distribution",
    ),
}

MEANING = {
    "severity": (
        "studies: {tumour: {severity: moderate, authorisation: tumour}}",
        "studies.tumour.severity",
        "the project tumour allows mild",
    ),
    "re-use": (
        "studies: {tumour: {reused: {severity: moderate, restored: true}}}",
        "studies.tumour.reused",
        "Article 16): no veterinarian advises it",
    ),
    "re-use after severe": (
        "studies: {tumour: {reused: {severity: severe, restored: true, advice: true}}}",
        "studies.tumour.reused",
        "the authority has not allowed an exception",
    ),
    "authorised volume": (
        "{studies: {tumour: {authorisation: tumour}}, authorisations: {projects: {tumour: {volume: 200 ml/kg}}}}",
        "authorisations.projects.tumour.volume",
        "200 ml/kg is more than may be injected into a mouse at all, 25 ml/kg",
    ),
    "infusion": (
        "protocols: {static: {infusion: 2 min}}",
        "protocols.static.infusion",
        "at least 5 min; what is quicker",
    ),
    "infusion for ever": ("protocols: {static: {infusion: 1 d}}", "protocols.static.infusion", "at most 4 h: somebody"),
    "infusion under the skin": (
        "protocols: {static: {infusion: 8 min, route: sc}}",
        "protocols.static.infusion",
        "only an injection into a vein",
    ),
    "implanted at": (
        "studies: {tumour: {tumour: {line: breast, at: t2}}}",
        "studies.tumour.tumour.at",
        "this study has no such time point",
    ),
    "implanted twice": (
        "studies: {tumour: {tumour: {line: breast, at: t1, implanted: 3 d}}}",
        "studies.tumour.tumour.implanted",
        "before the animal comes, or at a visit",
    ),
    "wasting group": (
        "studies: {tumour: {wasting: {rate: 1 %/day, groups: {treatd: 2}}}}",
        "studies.tumour.wasting.groups.treatd",
        "did you mean 'treated'",
    ),
    "biosafety": (
        "{studies: {tumour: {biosafety: 2}}, rooms: {uptake: &l {biosafety: 2}, scan: *l, recovery: *l}}",
        "studies.tumour.biosafety",
        "the study tumour needs biosafety level 2, and no room of kind preparation has it: prep has level 1",
    ),
    "biosafety of a scanner": (
        "{studies: {tumour: {biosafety: 2}}, rooms: {prep: &l {biosafety: 2}, uptake: *l, recovery: *l}}",
        "studies.tumour.biosafety",
        "no scanner of the protocol static has it: scan has level 1",
    ),
    "barrier": (
        "{studies: {tumour: {hygiene: conventional}}, rooms: {scan: {barrier: true}}}",
        "studies.tumour.hygiene",
        "are conventional, and every scanner of the protocol static is of the barrier: scan",
    ),
    "contamination": (
        "hygiene: {contaminations: {found: {room: prep}}}",
        "hygiene.contaminations.found",
        "either a date",
    ),
    "contaminated room": (
        "hygiene: {contaminations: {found: {room: prip, at: 2026-03-03}}}",
        "hygiene.contaminations.found.room",
        "did you mean 'prep'",
    ),
    "scavenging": ("rooms: {scan: {scavenging: false}}", "rooms.scan.scavenging", "which has no scavenging"),
    "zone": ("rooms: {scan: {access: [mri_safety]}}", "protocols.static", "mri_safety, and nobody"),
    "nobody cares": (
        "{rooms: {cages: {kind: radioactive_housing}}, housing: {care_skill: animal_car}}",
        "housing.care_skill",
        "nobody has the skill",
    ),
    "endless care": (
        "{rooms: {cages: {kind: radioactive_housing}}, housing: {care: 300 d}}",
        "housing.care",
        "0 min to 8 h",
    ),
    "room": ("scanners: {pet: {room: scna}}", "scanners.pet.room", "did you mean 'scan'"),
    "hot lab room": ("hot_lab: {room: labb}", "hot_lab.room", "did you mean 'lab'"),
    "model": ("scanners: {pet: {model: nanoscan}}", "scanners.pet.model", "no such machine"),
    "hotel": (
        "scanners: {pet: {model: mediso_nanoscan_pet_ct, hotel: 9}}",
        "scanners.pet.hotel",
        "does not take so many",
    ),
    "protocol": ("studies: {tumour: {protocol: statik}}", "studies.tumour.protocol", "did you mean 'static'"),
    "point protocol": (
        "studies: {tumour: {time_points: {late: {protocol: statik}}}}",
        "studies.tumour.time_points.late.protocol",
        "no such protocol",
    ),
    "species": ("studies: {tumour: {species: mouze}}", "studies.tumour.species", "did you mean 'mouse'"),
    "authorisation": (
        "studies: {tumour: {authorisation: tumor}}",
        "studies.tumour.authorisation",
        "did you mean 'tumour'",
    ),
    "procedure": (
        "authorisations: {projects: {tumour: {procedures: [statik]}}}",
        "authorisations.projects.tumour.procedures",
        "did you mean 'static'",
    ),
    "not allowed": (
        "{authorisations: {projects: {tumour: {procedures: []}}}, studies: {tumour: {authorisation: tumour}}}",
        "studies.tumour.authorisation",
        "does not allow",
    ),
    "expired": (
        "authorisations: {projects: {tumour: {expires: 2026-03-01}}}",
        "authorisations.projects.tumour.expires",
        "has expired",
    ),
    "skill": ("staff: {technologist: {skills: [imaging]}}", "protocols.static", "nobody has it"),
    "qc skill": (
        "scanners: {pet: {quality_control: {daily: {duration: 5 min, skill: physics}}}}",
        "scanners.pet.quality_control.daily.skill",
        "nobody has it",
    ),
    "role": ("staff: {technologist: {role: technolgist}}", "staff.technologist.role", "did you mean 'technologist'"),
    "name twice": ("staff: {technologist-1: {role: physicist}}", "staff.technologist-1", "has already"),
    "scanner": ("protocols: {static: {scanner: petct}}", "protocols.static.scanner", "did you mean 'pet'"),
    "no scanner": ("scanners: {pet: {modality: spect}}", "protocols.static.template", "needs a pet scanner"),
    "no ct": ("protocols: {static: {ct: true}}", "protocols.static.ct", "has a CT"),
    "template": (
        "protocols: {static: {template: pet_statik}}",
        "protocols.static.template",
        "did you mean 'pet_static'",
    ),
    "no plan": ("protocols: {static: {template: null}}", "protocols.static", "either a template or a plan"),
    "duration of nothing": (
        "protocols: {static: {durations: {induse: 5 min}}}",
        "protocols.static.durations.induse",
        "did you mean 'induce'",
    ),
    "no tracer": ("protocols: {static: {tracer: null}}", "protocols.static.tracer", "needs a tracer"),
    "no delivery": ("protocols: {static: {tracer: FLT}}", "protocols.static.tracer", "no delivery brings"),
    "no activity": (
        "{protocols: {static: {tracer: XYZ, activity: null}}}",
        "protocols.static.activity",
        "no usual activity",
    ),
    "nuclide": (
        "hot_lab: {deliveries: {fdg: {nuclide: F-81}}}",
        "hot_lab.deliveries.fdg.nuclide",
        "did you mean 'F-18'",
    ),
    "tracer": (
        """hot_lab: {deliveries: {x: {tracer: FDQ, activity: 1 MBq, volume: 1 ml, days: mon,
           arrives: '08:00', reference: '08:00', expires: '09:00'}}}""",
        "hot_lab.deliveries.x.tracer",
        "did you mean 'FDG'",
    ),
    "no days": ("hot_lab: {deliveries: {fdg: {days: null}}}", "hot_lab.deliveries.fdg", "needs days"),
    "days and dates": (
        "hot_lab: {deliveries: {fdg: {dates: [2026-03-02]}}}",
        "hot_lab.deliveries.fdg",
        "either days or dates",
    ),
    "reference": (
        "hot_lab: {deliveries: {fdg: {expires: '08:15'}}}",
        "hot_lab.deliveries.fdg.expires",
        "before its reference time",
    ),
    "use after expiry": (
        """
        hot_lab: {deliveries: {fdg: {days: null, dates: [2026-03-02]}}}
        studies: {tumour: {arrival: {dates: ['2026-03-04 12:00']}, time_points: {t1: {window: 2 h}}}}
        """,
        "studies.tumour.arrival",
        "after its expiry",
    ),
    "fixed time point": (
        "studies: {tumour: {time_points: {t1: {at: 5 d, window: 6 h}}}}",
        "studies.tumour.time_points.t1",
        "no opening hour",
    ),
    "89Zr on a Sunday": (
        "studies: {tumour: {time_points: {t6: {at: 144 h, window: 0 h}}}}",
        "studies.tumour.time_points.t6",
        "Sun 2026-03-08 08:00) holds no opening hour",
    ),
    "time point of any day": (
        """
        opening: {hours: {mon-fri: closed, mon: "08:00-18:00"}}
        studies: {tumour: {arrival: {dates: null, hourly: {rates: RATES, days: mon}},
            time_points: {t6: {at: 144 h, window: 6 h}}}}
        """.replace("RATES", str(["0/h"] * 8 + ["1/h"] * 4 + ["0/h"] * 12)),
        "studies.tumour.time_points.t6",
        "on whichever day its request comes",
    ),
    "narrow window": (
        "studies: {tumour: {time_points: {t1: {at: 0 h, window: 5 min}}}}",
        "studies.tumour.time_points.t1.window",
        "no slot can ever be found",
    ),
    "fasting": ("protocols: {static: {fasting: [11 h, 12 h]}}", "protocols.static.fasting", "nobody is in"),
    "old delivery": (
        (
            "hot_lab: {deliveries: {o: {tracer: x, nuclide: O-15, activity: 1 GBq, volume: 2 ml, days: mon-fri, "
            'arrives: "08:00", reference: "22:00", expires: "23:00"}}}'
        ),
        "hot_lab.deliveries.o.reference",
        "1 GBq of O-15 14 h after its coming",
    ),
    **{
        f"generator calibrated after {days} d": (
            (
                "hot_lab: {generators: {tc: {parent: Mo-99, daughter: Tc-99m, activity: 6 GBq, first: 2026-03-02, "
                f"life: 14 d, calibration: {days} d}}}}}}"
            ),
            "hot_lab.generators.tc.calibration",
            "above the most allowed, 1000 TBq, when it comes",
        )
        for days in (90, 3000)
    },
    "fasting order": (
        "protocols: {static: {fasting: [12 h, 6 h]}}",
        "protocols.static.fasting",
        "longer than the longest",
    ),
    "never open": ("opening: {hours: {mon-fri: closed}}", "opening.hours", "never opens"),
    "shift": ("staff: {technologist: {shift: {mon: closed}}}", "staff.technologist.shift", "no working time"),
    "mass": ("studies: {tumour: {mass: 25 kg}}", "studies.tumour.mass", "no body mass of a mouse"),
    "two arrivals": (
        "studies: {tumour: {arrival: {poisson: {rate: 1 /h}}}}",
        "studies.tumour.arrival",
        "dates and poisson",
    ),
    "no arrival": ("studies: {tumour: {arrival: {dates: null}}}", "studies.tumour.arrival", "exactly one is due"),
    "kpi": ("budgets: {b: {kpi: Overtime (min), at_most: 5}}", "budgets.b.kpi", "no ID of a figure"),
    "budget": ("budgets: {b: {kpi: overtime_min}}", "budgets.b", "at_most or at_least"),
    "budget unit": ("budgets: {b: {kpi: overtime_min, at_most: 5 minn}}", "budgets.b.at_most", "did you mean 'min'"),
    "price": ("scanners: {pet: {price: 600000}}", "scanners.pet.price", "text is due"),
    "price unit": ("scanners: {pet: {price: 600000 EUR/h}}", "scanners.pet.price", "money in EUR is due"),
    "currency": ("prices: {scanner_hour: 5 USD/h}", "prices.scanner_hour", "not converted"),
    "licence": (
        "authorisations: {sources: {F-81: {site: 1 GBq}}}",
        "authorisations.sources.F-81",
        "did you mean 'F-18'",
    ),
    "licence twice": (
        "authorisations: {sources: {F-18: {site: 1 GBq}, Tc-99m: {site: 1 GBq}, 18F: {site: 2 GBq}}}",
        "authorisations.sources.18F",
        "the same nuclide as F-18",
    ),
    "circle": (
        """
        rooms: {one: {kind: one}, two: {kind: two}}
        protocols:
          own:
            plan:
              - {step: a, task: other_service, duration: 5 min, place: one}
              - {step: b, task: other_service, duration: 5 min, place: two}
              - {step: c, task: other_service, duration: 5 min, place: one}
        studies: {tumour: {protocol: own}}
        """,
        "protocols",
        "for ever",
    ),
    "room kind": ("rooms: {uptake: {kind: uptaek}}", "rooms.uptake.kind", "did you mean 'uptake'"),
    "no room of a kind": ("rooms: {uptake: null}", "protocols.static", "a room of kind uptake, and the site has none"),
}

TREES = {
    "empty": (tree("[]"), "protocols.own.plan", "at least one step"),
    "no node": (tree("- {stepp: a}"), "protocols.own.plan.0", "did you mean 'step'"),
    "key": (
        tree("- {step: a, task: scan, duration: 5 min, bedd: true}"),
        "protocols.own.plan.0.bedd",
        "did you mean 'bed'",
    ),
    "task": (tree("- {step: a, task: scann, duration: 5 min}"), "protocols.own.plan.0.task", "did you mean 'scan'"),
    "no task": (tree("- {step: a, duration: 5 min}"), "protocols.own.plan.0.task", "missing"),
    "effect": (
        tree("- {step: a, task: scan, duration: 5 min, effect: injekt}"),
        "protocols.own.plan.0.effect",
        "did you mean 'inject'",
    ),
    "no duration": (tree("- {step: a, task: scan}"), "protocols.own.plan.0.duration", "missing"),
    "negative": (tree("- {step: a, task: scan, duration: -5 min}"), "protocols.own.plan.0.duration", "never negative"),
    "bare": (tree("- {step: a, task: scan, duration: 5}"), "protocols.own.plan.0.duration", "bare number"),
    "twice": (tree(f"{STEP}\n{STEP}"), "protocols.own.plan.1.step", "has this name"),
    "hold": (
        tree("- {step: a, task: scan, duration: 5 min, scanner: pet, holds: {scanner: b}}"),
        "protocols.own.plan.0.holds.scanner",
        "does not come later",
    ),
    "hold what": (
        tree("- {step: a, task: scan, duration: 5 min, holds: {scaner: b}}\n- {step: b, task: scan, duration: 5 min}"),
        "protocols.own.plan.0.holds.scaner",
        "did you mean 'scanner'",
    ),
    "hold nothing": (
        tree("- {step: a, task: scan, duration: 5 min, holds: {scanner: b}}\n- {step: b, task: scan, duration: 5 min}"),
        "protocols.own.plan.0.holds.scanner",
        "does not take",
    ),
    "bed": (
        tree("- {step: a, task: scan, duration: 5 min, bed: true}"),
        "protocols.own.plan.0.bed",
        "belongs to a scanner",
    ),
    "scanner": (
        tree("- {step: a, task: scan, duration: 5 min, scanner: pett}"),
        "protocols.own.plan.0.scanner",
        "did you mean 'pet'",
    ),
    "choice": (
        tree(f"{STEP}\n- {{choice: quality, cases: {{good: []}}}}"),
        "protocols.own.plan",
        "no earlier step sets",
    ),
    "value": (
        tree(
            "- {step: a, task: scan, duration: 5 min, outcome: {quality: {good: 0.5, bad: 0.5}}}\n"
            "- {choice: quality, cases: {god: []}}"
        ),
        "protocols.own.plan",
        "did you mean 'good'",
    ),
    "probabilities": (
        tree("- {step: a, task: scan, duration: 5 min, outcome: {quality: {good: 0.5, bad: 0.4}}}"),
        "protocols.own.plan.0.outcome.quality",
        "sum to 1",
    ),
    "asleep": (
        tree("- {step: a, task: preparation, duration: 5 min, effect: anaesthetise}"),
        "protocols.own.plan.0.effect",
        "no later step wakes",
    ),
    "not drawn": (
        tree("- {step: a, task: injected_products, duration: 5 min, effect: inject}"),
        "protocols.own.plan.0.effect",
        "no earlier step draws",
    ),
    "way out": (tree(STEP, "way_out: b"), "protocols.own.way_out", "no step of the outermost"),
    "two scanners": (
        "scanners: {mri: {modality: mri, room: scan}}\n"
        + tree(
            "- {step: a, task: scan, duration: 5 min, scanner: pet}\n"
            "- {step: b, task: scan, duration: 5 min, scanner: mri}"
        ),
        "protocols.own.plan.1.scanner",
        "one session uses one scanner",
    ),
    "two scanners of three": (
        "scanners: {mri: {modality: mri, room: scan}, ct: {modality: ct, room: scan}}\n"
        + tree(
            "- {step: a, task: scan, duration: 5 min, scanner: [pet, mri]}\n"
            "- {step: b, task: scan, duration: 5 min, scanner: [mri, ct]}\n"
            "- {step: c, task: scan, duration: 5 min, scanner: [pet, ct]}"
        ),
        "protocols.own.plan.2.scanner",
        "allowed: mri",
    ),
    "loop in a loop": (
        tree(f"- for_each_animal:\n  - sequence:\n    - for_each_animal:\n      {STEP}"),
        "protocols.own.plan.0.for_each_animal.0.sequence.0.for_each_animal",
        "inside another",
    ),
    "way out to a scan": (
        tree(f"{STEP}\n- parallel: [[{STEP[2:].replace('a,', 'b,', 1)[:-1]}, effect: scan}}]]", "way_out: a"),
        "protocols.own.plan.1.parallel.0.0.effect",
        "given up goes on at a",
    ),
    "way out to sleep": (
        tree(
            "- {step: undock, task: positioning, duration: 5 min}\n"
            "- {step: a, task: preparation, duration: 5 min, effect: anaesthetise}\n"
            "- {step: b, task: anaesthesia_recovery, duration: 5 min, effect: wake}",
            "way_out: undock",
        ),
        "protocols.own.plan.1.effect",
        "given up goes on at undock",
    ),
    "way out to a syringe": (
        tree(
            "- {step: a, task: hot_lab, duration: 5 min, draw: true}\n"
            "- {step: b, task: injected_products, duration: 5 min, effect: inject}",
            "way_out: a",
        ),
        "protocols.own.plan.1.effect",
        "given up goes on at a",
    ),
    "lead": (
        tree("- {step: a, task: uptake, duration: {until: booked, lead_to: b}}"),
        "protocols.own.plan.0.duration.lead_to",
        "does not come later",
    ),
    "until": (
        tree("- {step: a, task: uptake, duration: {until: bookt, lead_to: a}}"),
        "protocols.own.plan.0.duration.until",
        "did you mean 'booked'",
    ),
    "at most": (
        tree(f"- {{repeat: [{STEP[2:]}], at_most: 0, outcome: x, value: y}}"),
        "protocols.own.plan.0.at_most",
        "from 1 to 1000",
    ),
    "branches": (tree("- {parallel: 5}"), "protocols.own.plan.0.parallel", "list of branches"),
    "skill": (tree("- {step: a, task: scan, duration: 5 min, person: flying}"), "protocols.own", "nobody has it"),
    "place": (tree("- {step: a, task: scan, duration: 5 min, place: garden}"), "protocols.own", "room of kind garden"),
}

CASES = [pytest.param(*case, id=name) for table in (FORM, MEANING, TREES) for name, case in table.items()]


@pytest.mark.parametrize(("patch", "path", "words"), CASES)
def test_a_mistake_is_named(patched, patch, path, words):
    with pytest.raises(ScenarioError) as caught:
        patched(patch)
    found = {problem.path: str(problem) for problem in caught.value.problems}
    assert path in found, str(caught.value)
    assert words in found[path]
    assert caught.value.exit_code == 3
    for word in ("pydantic", "Traceback", "http", "Input should", "Value error"):
        assert word not in str(caught.value)


@pytest.mark.parametrize(
    "key", ["opening.hours", "start", "hot_lab.deliveries.fdg.arrives", "opening.holidays", "seed"]
)
def test_a_huge_value_is_shown_short(patched, key):
    first, *rest = key.split(".")
    value = "x" * 10_000 if key != "opening.holidays" else ["x" * 10_000]
    for part in reversed(rest):
        value = {part: value}
    with pytest.raises(ScenarioError) as caught:
        patched(json.dumps({first: value}))
    assert 40 < len(str(caught.value)) < 500


def test_the_sound_scenario_is_sound(patched):
    assert patched().warnings == ()


def test_all_mistakes_come_at_once(patched):
    with pytest.raises(ScenarioError) as caught:
        patched("{days: 0, seed: x, staff: {technologist: {rol: 1, count: 0}}, policies: {queue: x}}")
    assert [p.path for p in caught.value.problems] == [
        "days", "staff.technologist.count", "staff.technologist.rol", "policies.queue", "seed",
    ]  # fmt: skip


def test_mistakes_of_meaning_come_at_once(patched):
    with pytest.raises(ScenarioError) as caught:
        patched("{scanners: {pet: {room: x}}, studies: {tumour: {species: x, protocol: x}}, budgets: {b: {kpi: k}}}")
    assert {p.path for p in caught.value.problems} == {
        "scanners.pet.room", "studies.tumour.species", "studies.tumour.protocol", "budgets.b",
    }  # fmt: skip


def test_a_mistake_has_file_line_and_value(written):
    with pytest.raises(ScenarioError) as caught:
        written(late="extends: sound.yaml\n\nstaff:\n  technologist:\n    count: none\n")
    (problem,) = caught.value.problems
    assert (problem.path, problem.line, problem.value) == ("staff.technologist.count", 5, "none")
    assert problem.file is not None
    assert problem.file.endswith("late.yaml")


def test_a_mistake_names_the_file_that_set_the_value(written):
    with pytest.raises(ScenarioError) as caught:
        written(low="extends: sound.yaml\nseed: x\n", high="extends: low.yaml\ndays: x\n")
    assert {(str(p.file).rpartition("/")[2], p.path) for p in caught.value.problems} == {
        ("low.yaml", "seed"),
        ("high.yaml", "days"),
    }


@pytest.mark.parametrize(
    ("patch", "path", "words"),
    [
        ("authorisations: {sources: {F-18: {site: 100 MBq}}}", "hot_lab.deliveries.fdg.activity", "refused"),
        ("studies: {tumour: {arrival: {dates: [2026-03-09 09:00]}}}", "studies.tumour.arrival", "outside the run"),
        ("{start: 2026-03-07, days: 1, studies: null}", "opening.hours", "stays closed"),
        ("studies: {tumour: {arrival: {batch: 2}}}", "studies.tumour.arrival", "only 2 of the 8"),
        ("{authorisations: {projects: {tumour: {animals: 4}}}, studies: {tumour: {authorisation: tumour}}}",
         "studies.tumour.animals", "approves 4"),
        (("{hot_lab: {deliveries: {fdg: {days: null, dates: [2026-04-01]}}},"
         "studies: {tumour: {animals: null, arrival: {dates: null, poisson: {rate: 1/h}}}}}"),
         "protocols.static.tracer", "and no vial of it comes within the run"),
        ("hot_lab: {deliveries: {fdg: {activity: 5 MBq}}}", "protocols.static.tracer", "more than 6.04 MBq"),
        ("protocols: {static: {draw_ahead: true, uptake_awake: false}}", "protocols.static.draw_ahead", "no effect"),
        ("protocols: {static: {sides: 2}}", "protocols.static.sides", "no effect with the template pet_static"),
        ("studies: {tumour: {species: rat}}", "studies.tumour.species", "those of the mouse, carried over"),
        ("studies: {tumour: {species: rabbit}}", "studies.tumour.species", "in the rabbit are not known: its uptake"),
        ("policies: {anaesthesia_limit: 10 min}", "protocols.static", "the limit of anaesthesia is 10 min"),
        ('staff: {technologist: {shift: {mon-fri: "20:00-06:00"}}}', "protocols.static", "animal_handling, hot_lab"),
        ("{days: 8, studies: {tumour: {time_points: {t6: {at: 144 h}}}}}", "studies.tumour.time_points.t6",
         "due on Sun 2026-03-08 08:00, when the site is closed, and without a window it is done from Mon"),
        ("studies: {tumour: {tumour: {line: breast, implanted: 2 d}}}", "studies.tumour.tumour.implanted",
         "the usual tumour has 2.81 mm3 at the first visit, and below 50 mm3 no animal is enrolled"),
        ("protocols: {static: {isoflurane: 4 %}}", "protocols.static.isoflurane",
         "at 2.5 times animals stop breathing: nobody ventilates them, so that each anaesthesia kills"),
        ("{authorisations: {projects: {tumour: {volume: 20 ml/kg}}}, studies: {tumour: {authorisation: tumour}}}",
         "authorisations.projects.tumour.volume", "more than a bolus for a mouse by any guide, 10 ml/kg"),
        ("{scanners: {pet: {as_catalogue: true}}, prices: {currency: EUR}}", "prices.currency",
         "the tables have no price of pet in this currency"),
        ("hot_lab: {deliveries: {fdg: {volume: 40 ml}}}", "studies.tumour.protocol",
         "no animal can be injected by static: when fdg comes, one injection passes 5 ml/kg (have it in less volume"),
        ('protocols: {static: {activity: 0.8 MBq, fasting: ["7 h", "8 h"]}}', "protocols.static.fasting",
         "fasted animals are injected from 15:00 on at the earliest (mon), and the site is open from 08:00 to 18:00"),
        ("""studies: {tumour: {animals: null, time_points: {t1: {at: 0 h}, t2: {at: 48 h, window: 2 h}},
            arrival: {dates: null, poisson: {rate: 1/d}}}}""",
         "studies.tumour.time_points.t2", "that come on thu, fri falls where the site is closed: they are cancelled"),
    ],
)  # fmt: skip
def test_what_looks_like_a_mistake_warns(patched, patch, path, words):
    (warning,) = patched(patch).warnings
    assert warning.path == path
    assert words in str(warning)


def test_who_has_fasted_only_when_the_batch_is_too_dilute_is_told(patched):
    """Food is taken away from 08:00 on, so that nobody is injected before 15:00; the batch serves until before noon."""
    said = patched('protocols: {static: {fasting: ["7 h", "8 h"]}}')
    words = [str(warning) for warning in said.warnings]
    assert any("no animal can be injected by static: fasted animals are injected from 15:00 on" in one for one in words)
