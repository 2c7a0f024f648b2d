"""Overall health, for the planning of surgeon and anaesthetist. Never a gate on sending the letter.

A value is told with its unit and, where the intake has it, its date; the threshold beside it is the published one.
"""

from intake_app import dates
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import NO, YES
from intake_app.rules import spans, steroids
from intake_app.rules.phrases import after, capital, chosen, list_words, quote
from intake_app.validation import number_words

BMI_MARKS = (40, 35, 30)  # kg/m2; the codes of the classes are [C], their limits as told by WHO
HBA1C_MARKS = (8.0, 7.5)  # per cent [C]
NGSP_OF_IFCC = (0.09148, 2.152)  # per cent = factor x mmol/mol + rest; the master equation [C]
HBA1C_ROUNDING = 0.1  # per cent: what two units of one value may differ by
COTININE = 10  # ng/mL, above [P]
NICOTINE_FREE = ((42, "6 weeks (Aetna)"), (56, "8 weeks (Credence)"))  # days [P], [C]
T_SCORE = -2.5  # [C]
CT_DENSITY = 97.9  # Hounsfield units, below [C]
ALBUMIN = 3.5  # g/dL, below [C]
PREALBUMIN = 20  # mg/dL, below [C]
HAEMOGLOBIN = {"male": 13, "female": 12}  # g/dL, below; WHO [C]
VITAMIN_D = 20  # ng/mL, below [C]
BONE_AGE, BONE_AGE_WITH_RISK = 65, 50  # years: over 65, or 50 to 64 with a risk factor [C] Sardar 2022
BLOOD_THINNERS = ("anticoagulant", "antiplatelet")
DIABETES = ("type_1", "type_2", "other")


@rule("health", "icd10cm_2025")
def bmi_recorded(a: Reader) -> str | None:
    """Body mass index."""
    bmi = body_mass_index(a)
    return None if bmi is None else f"BMI {bmi:.1f} kg/m²."


@rule("health", "who_obesity", needs_sign_off=True)
def bmi_30_or_more(a: Reader) -> str | None:
    """BMI of 30 or more."""
    bmi = body_mass_index(a)
    if bmi is None:
        return None
    mark = next((mark for mark in BMI_MARKS if bmi >= mark), None)
    return f"BMI of {mark} or more." if mark else Absent(f"BMI below {BMI_MARKS[-1]}.")


@rule("health", "weaver_2019", "mssic_hba1c")
def diabetes_recorded(a: Reader) -> str | None:
    """Diabetes."""
    if a["diabetes"] not in DIABETES:
        return None
    kind = {"other": "type not known"}.get(a["diabetes"], a.words("diabetes").lower())
    note = a.words("diabetes_note")
    return f"Diabetes, {kind}{after(quote(note))}."


@rule("health", "mssic_hba1c", "gsj_hba1c_2025", "ngsp_ifcc")
def hba1c_7_5_or_more(a: Reader) -> str | None:
    """HbA1c of 7.5 % or more."""
    if (found := _hba1c(a)) is None:
        return None
    value, given = found
    mark = next((mark for mark in HBA1C_MARKS if value >= mark), None)
    said = list_words((f"HbA1c {given}", a.words("hba1c_date"), a.words("values_source")))
    return f"{said}; {mark} % or more." if mark else Absent(f"{said}.")


@rule("health", "jackson_devine_2016")
def nicotine_now(a: Reader) -> str | None:
    """Nicotine use now."""
    if a["nicotine"] != "current":
        return None
    years = a.words("pack_years")
    return f"Nicotine now{_in_brackets(a.words('nicotine_products').lower(), f'{years} pack-years' if years else '')}."


@rule("health", "credence_mp517", "aetna_0743")
def nicotine_stopped_lately(a: Reader) -> str | None:
    """Nicotine stopped less than 8 weeks ago."""
    if a["nicotine"] != "former" or (quit_on := a["nicotine_quit"]) is None:
        return None
    fewest, most = spans.days_since(quit_on, a.as_of)
    passed = [words for days, words in NICOTINE_FREE if most < days]
    if passed:
        return f"Nicotine-free since {dates.say(quit_on)}, less than {' and '.join(passed)} that policies name."
    if fewest < NICOTINE_FREE[-1][0]:
        a.leave_open("nicotine_quit")
    return None


@rule("health", "aetna_0743", "evicore_609")
def cotinine_above_10(a: Reader) -> str | None:
    """Cotinine above 10 ng/mL."""
    if a["nicotine"] in ("never", None) or (value := a["cotinine"]) is None:
        return None
    replaced = "replacement" in (a.peek("nicotine_products") or ())
    note = " Patches or gum are recorded; they raise it." if replaced else ""
    said = f"Cotinine {a.words('cotinine')}"
    return f"{said}; above {COTININE}.{note}" if value > COTININE else Absent(f"{said}.")


@rule("health", "nass_antithrombotic_2009")
def blood_thinners_taken(a: Reader) -> str | None:
    """Blood thinners."""
    said = [
        list_words(
            (
                e.peek("name") or e.words("kind").lower(),
                e.peek("dose"),
                e.peek("reason"),
                _last_dose(e.peek("last_dose")),
            )
        )
        for e in _medicines(a, BLOOD_THINNERS)
    ]
    return f"Blood thinners: {'; '.join(said)}." if said else None


@rule("health", "glos_nhs", "sa_health_cpc")
def immune_medicines_taken(a: Reader) -> str | None:
    """Steroids or medicines that weaken the immune system."""
    entries = _medicines(a, ("steroid", "immunosuppressant"))
    said = [list_words((e.peek("name") or e.words("kind").lower(), e.peek("dose"))) for e in entries]
    return f"Steroids or medicines that weaken the immune system: {'; '.join(said)}." if said else None


@rule("health", "cns_bone_2021")
def low_bone_density(a: Reader) -> str | None:
    """T-score of -2.5 or less."""
    value = a["t_score"]
    if value is None:
        return None
    details = (a.words("t_score_site"), a.words("t_score_date"), a.words("values_source"))
    said = f"T-score {number_words(value)}{_in_brackets(*details)}"
    return f"{said}; {T_SCORE} or less." if value <= T_SCORE else Absent(f"{said}.")


@rule("health", "cns_bone_2021")
def low_ct_density(a: Reader) -> str | None:
    """Bone density on CT below 97.9 Hounsfield units."""
    value = a["ct_density"]
    if value is None:
        return None
    details = (a.words("ct_density_level"), a.words("ct_density_date"), a.words("values_source"))
    said = f"Bone density on CT {a.words('ct_density')}{_in_brackets(*details)}"
    return f"{said}; below {CT_DENSITY}." if value < CT_DENSITY else Absent(f"{said}.")


@rule("health", "sardar_2022")
def bone_evaluation_age(a: Reader) -> str | None:
    """Age or steroids named in published criteria for a look at the bones."""
    born = a.patient("birth_date")
    if born is None:
        return None
    youngest, oldest = spans.ages(born, a.as_of, a.as_of)
    if youngest > BONE_AGE:
        return f"Age over {BONE_AGE}{_bone_value(a)}."
    if oldest > BONE_AGE:
        a.leave_open("patient.birth_date")
        return None
    if oldest < BONE_AGE_WITH_RISK:
        return None
    reported = "long_term_steroids" in (a["fracture_risks"] or ())
    if reported or (said := steroids.find_long_term(a)):
        how = "" if reported else f" ({said})"
        return f"Age {BONE_AGE_WITH_RISK} or more with long-term steroids{how}{_bone_value(a)}."
    return None


@rule("health", "cns_bone_2021")
def osteoporosis_recorded(a: Reader) -> str | None:
    """Osteoporosis."""
    safety = "osteoporosis" in (a.peek("fracture_risks") or ())
    if safety or "osteoporosis" in (a["conditions"] or ()):
        return "Osteoporosis; reported by the patient."
    return None


@rule("health", "cns_nutrition_2021")
def albumin_low(a: Reader) -> str | None:
    """Albumin below 3.5 g/dL."""
    return _below(a, "albumin", ALBUMIN)


@rule("health", "cns_nutrition_2021")
def prealbumin_low(a: Reader) -> str | None:
    """Prealbumin below 20 mg/dL."""
    return _below(a, "prealbumin", PREALBUMIN)


@rule("health", "jcvjs_2025")
def haemoglobin_low(a: Reader) -> str | None:
    """Haemoglobin below the WHO limit."""
    value = a["haemoglobin"]
    if value is None or value >= max(HAEMOGLOBIN.values()):
        return _below(a, "haemoglobin", min(HAEMOGLOBIN.values()))
    sex = a.patient("sex")
    if sex not in HAEMOGLOBIN and value < min(HAEMOGLOBIN.values()):
        sex = "female"  # below both limits whatever the sex
    if sex not in HAEMOGLOBIN:
        a.leave_open("patient.sex")
        return None
    return _below(a, "haemoglobin", HAEMOGLOBIN[sex])


@rule("health", "cns_bone_2021")
def vitamin_d_low(a: Reader) -> str | None:
    """Vitamin D below 20 ng/mL."""
    return _below(a, "vitamin_d", VITAMIN_D)


@rule("health", "weaver_2019")
def blood_pressure_treated(a: Reader) -> str | None:
    """Treated high blood pressure."""
    if "hypertension" in (a["conditions"] or ()):
        return "High blood pressure, treated; a factor for planning."
    return None


@rule("health", "nsw_src", "vic_src")
def illnesses_recorded(a: Reader) -> str | None:
    """Illnesses."""
    named = a["conditions"]
    if named is None or named == ("none",):
        return None if named is None else Absent("No illness among those asked about.")
    note = quote(a.words("conditions_note"))
    # Osteoporosis has its own sentence, and stands here only where nothing else does.
    others = [one for one in named if one != "osteoporosis"]
    if note and not others:
        return f"Remarks on illnesses: {note}."
    remarks = f" Remarks: {note}." if note else ""
    return f"{capital(chosen(a, 'conditions', others or named))}; reported by the patient.{remarks}"


@rule("health", "aha_acc_2024", needs_sign_off=True)
def stairs_not_climbed(a: Reader) -> str | None:
    """Cannot climb a flight of stairs."""
    return "A flight of stairs is too much without stopping, reported by the patient." if a["stairs"] == NO else None


@rule("health", "asa_2020", needs_sign_off=True)
def asa_class_recorded(a: Reader) -> str | None:
    """ASA class as an anaesthetist gave it."""
    return f"ASA class {a.words('asa_class')}, given by an anaesthetist." if a["asa_class"] else None


@rule("health", "nsw_src")
def allergies_recorded(a: Reader) -> str | None:
    """Allergies."""
    entries = a.entries("allergies")
    said = list(map(_say_allergy, entries or ()))
    if said:
        return f"Allergies: {'; '.join(said)}."
    return None if entries is None else Absent("No known allergies.")


@rule("health", "common_practice", tag="F")
def abdominal_surgery_recorded(a: Reader) -> str | None:
    """Earlier abdominal or retroperitoneal surgery."""
    if a["abdominal_surgery"] == YES:
        return "Earlier abdominal or retroperitoneal surgery, reported by the patient."
    return None


@rule("health", "common_practice", tag="F")
def implants_recorded(a: Reader) -> str | None:
    """Implants."""
    named = a["implants"]
    return f"Implants: {a.words('implants').lower()}." if named and named != ("none",) else None


@rule("health", "common_practice", tag="F")
def pregnancy_possible(a: Reader) -> str | None:
    """Pregnancy possible."""
    return "Pregnancy possible, reported by the patient." if a["pregnant"] == YES else None


@rule("health", "vic_src")
def substances_recorded(a: Reader) -> str | None:
    """Other substances."""
    words = a["other_substances"]
    return f"Other substances, reported: {quote(words)}." if words else None


def to_percent(mmol: float) -> float:
    """Return an HbA1c of mmol/mol (IFCC) in per cent (NGSP) to one decimal, as laboratories' tables have it."""
    factor, rest = NGSP_OF_IFCC
    return round(factor * mmol + rest, 1)


def _hba1c(a: Reader) -> tuple[float, str] | None:
    """Return the HbA1c in per cent and in the words of the report; the higher one where two do not agree."""
    percent, mmol = a.peek("hba1c"), a.peek("hba1c_mmol")
    if percent is None and mmol is None:
        if a["diabetes"] in DIABETES:
            a.leave_open("hba1c")  # asked for only where diabetes is recorded
        return None
    if mmol is None:
        return float(percent), a.words("hba1c")
    converted = to_percent(mmol)
    said = f"{a.words('hba1c_mmol')} ({number_words(converted)} %)"
    if percent is None:
        return converted, said
    if round(abs(percent - converted), 1) <= HBA1C_ROUNDING:
        return float(percent), a.words("hba1c")
    return max(percent, converted), f"{a.words('hba1c')} and {said}, which do not agree"


def body_mass_index(a: Reader) -> float | None:
    """Return the body mass index in kg/m² to one decimal, from height and weight or else as recorded."""
    height, weight = a.peek("height"), a.peek("weight")
    if height and weight:
        return round(float(weight) / (float(height) / 100) ** 2, 1)
    bmi = a["bmi"]
    if bmi is not None:
        return float(bmi)
    for name in ("height", "weight"):
        if a.peek(name) is None:
            a.leave_open(name)
    return None


def _medicines(a: Reader, kinds: tuple[str, ...]) -> list[Entry]:
    return [entry for entry in a.entries("medicines") or () if entry["kind"] in kinds]


def _below(a: Reader, question_id: str, limit: float) -> str | None:
    value = a[question_id]
    if value is None:
        return None
    details = (a.words("values_date"), a.words("values_source"))
    said = list_words((f"{a.label(question_id)} {a.words(question_id)}", *details))
    return f"{said}; below {limit}." if value < limit else Absent(f"{said}.")


def _bone_value(a: Reader) -> str:
    if a.peek("t_score") is not None:
        return ""
    return "; no T-score recorded" + ("" if a.peek("ct_density") is None else ", bone density on CT recorded")


def _say_allergy(entry: Entry) -> str:
    reaction = entry.peek("reaction")
    return (entry.peek("substance") or entry.words("kind") or "not named") + (f" ({reaction})" if reaction else "")


def _last_dose(words: str | None) -> str:
    return f"last dose {quote(words)}" if words else ""


def _in_brackets(*words: str) -> str:
    said = list_words(words)
    return f" ({said})" if said else ""


def _in_words(*numbers: float) -> str:
    return ", ".join(map(str, numbers))


# What the rule book lists of each rule: its numbers in words.
NUMBERS = {
    "bmi_30_or_more": (f"{_in_words(*reversed(BMI_MARKS))} kg/m²",),
    "hba1c_7_5_or_more": (f"{_in_words(*reversed(HBA1C_MARKS))} % or more",),
    "nicotine_stopped_lately": tuple(f"less than {words}" for _, words in NICOTINE_FREE),
    "cotinine_above_10": (f"above {COTININE} ng/mL",),
    "low_bone_density": (f"T-score of {T_SCORE} or less",),
    "low_ct_density": (f"below {CT_DENSITY} Hounsfield units",),
    "bone_evaluation_age": (
        f"over {BONE_AGE} years, or {BONE_AGE_WITH_RISK} years or more with a risk",
        f"steroids for more than {steroids.LONG_TERM} days",
    ),
    "albumin_low": (f"below {ALBUMIN} g/dL",),
    "prealbumin_low": (f"below {PREALBUMIN} mg/dL",),
    "haemoglobin_low": tuple(f"{sex}: below {limit} g/dL" for sex, limit in HAEMOGLOBIN.items()),
    "vitamin_d_low": (f"below {VITAMIN_D} ng/mL",),
}
