"""The closed words of plans and of the log with what they mean: tasks, phases, effects, reasons, happenings, roles."""

from __future__ import annotations

#: The closed vocabulary of tasks: name -> (what a person reads, number in Dillenseger et al. 2020 or None).
TASKS: dict[str, tuple[str, int | None]] = {
    "preparation": ("animal preparation", 1),
    "positioning": ("positioning", 2),
    "monitoring": ("monitoring during the procedure", 3),
    "acquisition_programming": ("acquisition parameter programming", 4),
    "archiving_processing": ("archiving and data processing", 5),
    "anaesthesia_recovery": ("anaesthesia recovery", 6),
    "post_awakening": ("post-awakening management", 7),
    "quality_control": ("device quality control", 8),
    "cleaning": ("cleaning and disinfection", 9),
    "waste": ("radioactive and biological waste", 10),
    "radiation_safety": ("radiation safety for users", 11),
    "hot_lab": ("hot lab and auxiliary equipment", 12),
    "injected_products": ("injected products and material", 13),
    "uptake": ("uptake", None),
    "scan": ("scan", None),
    "reconstruction": ("reconstruction", None),
    "analysis": ("analysis", None),
    "reading": ("reading", None),
    "transport": ("transport", None),
    "repair": ("repair", None),
    "package_receipt": ("package receipt and survey", None),
    "record_keeping": ("record-keeping", None),
    "animal_care": ("care for animals in their cages", None),
    "blood_sampling": ("blood sampling", None),
    "killing": ("killing", None),
    "dissection": ("dissection", None),
    "gamma_counting": ("gamma counting", None),
    "autoradiography": ("autoradiography", None),
    "training": ("training", None),
    "audit": ("audit", None),
    "other_service": ("other service", None),
}

#: Tasks that are done at a desk, away from the animals.
DESK = frozenset(("archiving_processing", "reconstruction", "analysis", "reading", "record_keeping"))

#: The closed vocabulary of phases of the event log.
PHASES = ("request", "start", "end", "abort", "happening")

#: What a step may do to the world when it ends (``anaesthetise`` acts when it starts).
EFFECTS: dict[str, str] = {
    "fast": "food is taken away: fasting begins",
    "home": "food is given back at the start; at the end the animal leaves its place for its cage",
    "anaesthetise": "the animal is anaesthetised from the start of the step on",
    "wake": "the animal is sternal at the end of the step",
    "draw": "one syringe is drawn from a vial and assayed",
    "inject": "the syringe is injected; the outcome `injection` is set",
    "scan": "the animals are scanned",
    "part_scan": "the animals are scanned, and another scan of the session is still due",
    "give": "an agent without a label goes into an animal that has a tracer; the outcome `agent` is set",
    "exclude": "the animal leaves the session; its visit ends without a scan",
    "calibrate": "the scanner has passed its quality control and may be used",
    "repair": "the scanner works again",
    "revalidate": "the scanner's quality controls are due again",
    "kill": "the animal is killed; its visit can end no other way",
}

#: What a step of the hot lab does when it ends; plans of users cannot: such a step is for one vial.
HOT_LAB_EFFECTS: dict[str, str] = {
    "prepare": "what is made is in its vial",
    "release": "the vial may be used",
    "verify": "the dose calibrator has passed its check",
}

#: What a step of the house's own plans does when it ends; plans of users cannot.
HOUSE_EFFECTS: dict[str, str] = {
    "decontaminate": "the room is clean and open again",
    "wipe": "most of what was spilt is taken off; outcome `wipe` says whether the room may be used",
    "certify": "a certificate of the person is good again",
}

#: Why something waited, was cancelled, excluded, re-booked or repeated.
REASONS: dict[str, str] = {
    # waiting for
    "person": "no person with the skill was free",
    "certificate": "nobody was there whose certificate for it is still good",
    "supervisor": "whoever was there is still learning it, and nobody to supervise them was",
    "scanner": "the scanner was in use or not ready",
    "bed": "no bed was free",
    "place": "no place in the room was free",
    "tracer": "not enough activity in the hot lab",
    "animal": "the animals were not ready",
    "calibrator": "the dose calibrator had not passed its check",
    "supply": "something that is used up was not on the shelf",
    "waste": "a bag of waste, or a carcass, would have found no place",
    "hygiene": "the room was not clean enough for the animals, or closed",
    "spill": "activity was spilt there",
    # waiting for, or not done
    "licence": "the source licence does not allow it",
    "compute": "all places for computing jobs were taken",
    # not done
    "no_slot": "no slot could be found in the window of the time point",
    "day_over": "the day ended before the session began",
    "no_activity": "the tracer did not suffice",
    "late_delivery": "the tracer came too late for it, and the policy is not to wait",
    "volume_limit": "the injection would be of more volume than may be injected at once",
    "mass_limit": "the injection would pass the authorised mass",
    "authorisation": "the project authorisation does not allow it",
    "not_injected": "the injection failed at every attempt",
    "paravenous": "the injection was paravenous",
    "breakdown": "the scanner broke down",
    "anaesthesia_limit": "the anaesthesia would have lasted too long",
    "image_unusable": "the image showed a paravenous injection",
    "dose": "nobody could do it within their budgets of dose, or without open activity",
    "too_few_counts": "the scan did not reach its count target",
    "unfinished": "the plan ended without a scan that was due",
    "died": "the animal died under anaesthesia",
    "disease": "the animal died of its disease",
    "endpoint": "the animal reached a humane end point and was killed",
    "weight_loss": "the animal had lost so much weight that it was killed",
    "no_tumour": "what was implanted did not grow",
    "tumour_size": "the tumour was too small or too large at the first visit",
    "lost": "the animal was lost to the study between two visits",
    "killed": "the animal was killed",
    "unlabelled": "an earlier visit was to inject its tracer, and nothing of that is in the animal",
    "radioactive_housing": "no place in the radioactive housing was free",
    "archive": "the archive of data was full",
    "withdrawn": "who had booked it cancelled it in time",
    "no_show": "the animals were not brought",
    "contamination": "the room was closed for a contamination",
    "housing": "there was no place for animals that may not go back into the barrier",
    "shift_end": "the person's shift ended",
    # not made, or not to be used
    "generator": "no generator could be eluted",
    "synthesis": "nothing came of it",
    "release": "the vial did not pass its test",
}

#: Reasons of a visit that was completed with an image that cannot be used.
UNUSABLE = ("image_unusable", "too_few_counts")

#: What happens without lasting: rows of phase ``happening`` carry one of these as ``step``.
HAPPENINGS: dict[str, str] = {
    "visit_requested": "a visit came into being",
    "visit_booked": "the visit got a slot; `moment_s` of its animal is the time of the slot",
    "visit_completed": "the visit ended with everything done",
    "visit_incomplete": "the visit began and ended without its scan",
    "visit_cancelled": "the visit ended before it began",
    "animal_dead": "the animal died",
    "animal_killed": "the animal was killed",
    "scan_unusable": "the scan was done and cannot be used",
    "delivery": "a vial arrived in the hot lab",
    "delivery_refused": "a delivery would have passed the source licence",
    "delivery_failed": "a vial did not come",
    "taken": "activity went from a vial into a preparation",
    "made": "a vial was eluted or synthesised",
    "prepared": "a vial was made of what was taken from another",
    "preparation_failed": "a vial was not made",
    "released": "a vial may be used",
    "supply_ordered": "few were left, and more were ordered",
    "supply_arrived": "what was ordered came",
    "vial_wasted": "what was left of a vial, or of an unused syringe, became waste",
    "drawn": "activity went from a vial into a syringe",
    "injected": "activity went from a syringe into an animal",
    "agent_given": "an agent without a label went into an animal that has a tracer",
    "injection_failed": "an attempt failed and nothing was injected",
    "residual": "activity stayed in the syringe",
    "volume_warning": "an injection passed the good-practice volume",
    "animal_awake": "an animal is awake and lies on its chest again",
    "too_cold": "an animal is too cold to be anaesthetised again; `moment_s` is when it will be warm enough",
    "fasting_start": "food was taken away",
    "fasting_end": "food was given back, or the animal was killed",
    "certificate_expired": "a certificate ended: the person may not do any more what it is needed for",
    "certificate_renewed": "after a course a certificate is good again",
    "signed_off": "a person has learned a skill and needs no supervision for it any more",
    "called": "a person who is on call was called",
    "call_start": "a person who was called came",
    "call_end": "a person who was called went",
    "shift_start": "a person came",
    "shift_end": "a person's shift ended",
    "break_start": "a break began",
    "break_end": "a break ended",
    "breakdown": "a scanner failed",
    "check_failed": "a quality control was not passed",
    "calibration_expired": "from now on a scanner takes no quantitative scans",
    "calibration_valid": "a scanner takes quantitative scans again",
    "care_missed": "animals in the radioactive housing were not cared for on a day",
    "room_closed": "a room is closed to be decontaminated, or for a contamination",
    "spilt": "activity of a syringe was spilt; the person has its dose to the skin and from what got inside",
    "dose_in_rooms": "what people got since the row before from what is in rooms where they did steps",
    "dose_attending": "what people got since then from injected animals that they attended",
    "room_open": "a room is clean and open again",
    "contamination": "a room turned out to be contaminated",
    "infected": "an animal caught what a room carries, of which nobody knows yet",
    "room_infected": "an infected animal brought it into a room, of which nobody knows yet",
    "housed": "an animal that may not go back into the barrier has a place outside",
    "housing_left": "an animal gave such a place back",
    "waste_stored": "a bag of radioactive waste, or a carcass, lies in the decay store",
    "waste_unplaced": "it found no place there yet",
    "waste_released": "it has decayed and is gone",
    "waste_fetched": "it was taken away before its time",
    "carcass_stored": "a carcass lies in the freezer",
    "carcasses_fetched": "the freezer was emptied",
    "answer": "the images of a visit have been processed and read, as the policies say",
    "animals_ordered": "animals were asked for; `moment_s` is when they will be delivered, null: not within the run",
    "animals_delivered": "animals came; `moment_s` is when they have settled and may be used",
    "kept_radioactive": "an animal goes into the radioactive housing; `moment_s` is when it may leave",
    "left_radioactive": "an animal leaves the radioactive housing",
    "archive_full": "the archive has no room for what a session would scan, and somebody is asked for more",
    "archive_extended": "the archive has more room",
    "opening": "the facility opened",
    "closing": "the facility closed",
    "stock": "what a vial, syringe or animal held when the run stopped",
}

#: Ways into an animal: into a vein (how well depends on the person), into the belly, under the skin.
ROUTES = ("iv", "ip", "sc")

#: Roles of the things in the table ``involved``.
ROLES = (
    "animal", "person", "attendant", "scanner", "bed", "room", "vial", "syringe", "tracer", "nuclide", "product",
    "supply", "certificate", "skill",
)  # fmt: skip

#: Kinds of rooms that mean something to the twin, or that shipped sites have; plans may name kinds of their own.
ROOM_KINDS = (
    "preparation", "hot_lab", "uptake", "scanner", "recovery", "housing", "radioactive_housing", "return_housing",
    "quarantine", "laboratory", "office", "service",
)  # fmt: skip

#: Kinds of rooms whose places are not counted: beds and people bound what goes on there.
UNCOUNTED = frozenset(("scanner", "hot_lab"))

#: Outcomes that effects set: a choice can ask for them without a step having drawn them.
OUTCOMES: dict[str, tuple[str, ...]] = {
    "injection": ("good", "not_injected", "paravenous_seen", "paravenous_hidden"),
    "agent": ("good", "not_injected", "paravenous_seen", "paravenous_hidden"),
    "scan": ("done",),
}

#: What the clock notes of an animal as it notes outcomes, so that no step draws one of this name.
RESERVED_OUTCOMES = (*OUTCOMES, "killed", "late", "refused")

#: Effects of a scan.
SCANS = ("scan", "part_scan")
