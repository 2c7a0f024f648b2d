"""Overall health, for the planning of surgeon and anaesthetist. Never a gate on sending the letter.

A value is told with its unit and, where the intake has it, its date; the threshold beside it is the published one.
"""

from intake_app import dates
from intake_app.factors import Absent, Entry, Reader, rule
from intake_app.questions import YES
from intake_app.rules import spans
from intake_app.rules.phrases import after, capital, chosen, list_words, quote
from intake_app.validation import number_words

BMI_MARKS = (40, 35, 30)  # kg/m2; the codes of the classes are [C], their limits as told by WHO
HBA1C_MARKS = (8.0, 7.5)  # per cent [C]
NICOTINE_FREE = ((42, "6 weeks (Aetna)"), (56, "8 weeks (Credence)"))  # days [P], [C]
OPIOID_MONTHS = 92  # days: longer than 3 months [C]
T_SCORE = -2.5  # [C]
ALBUMIN = 3.5  # g/dL, below [C]
HAEMOGLOBIN = {"male": 13, "female": 12}  # g/dL, below; WHO [C]
VITAMIN_D = 20  # ng/mL, below [C]
BONE_AGE, BONE_AGE_WITH_RISK = 65, 50  # years: over 65, or 50 to 64 with a risk factor [C] Sardar 2022
BLOOD_THINNERS = ("anticoagulant", "antiplatelet")
DIABETES = ("type_1", "type_2", "other")
HELP_NEEDED = ("partly", "fully")


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


@rule("health", "mssic_hba1c", "gsj_hba1c_2025")
def hba1c_7_5_or_more(a: Reader) -> str | None:
    """HbA1c of 7.5 % or more."""
    if a["diabetes"] not in DIABETES or (value := a["hba1c"]) is None:
        return None
    mark = next((mark for mark in HBA1C_MARKS if value >= mark), None)
    said = list_words((f"HbA1c {a.words('hba1c')}", a.words("hba1c_date")))
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


@rule("health", "cns_opioid_2021")
def opioids_taken(a: Reader) -> str | None:
    """Opioids taken now."""
    said = [list_words((e.peek("name"), e.peek("dose"))) or "name not stated" for e in _medicines(a, ("opioid",))]
    said += [e.words("agent") or "opioid among the treatments" for e in _opioid_treatments(a)]
    return f"Opioids now: {'; '.join(dict.fromkeys(said))}." if said else None


@rule("health", "cns_opioid_2021")
def opioids_over_3_months(a: Reader) -> str | None:
    """Opioids for more than 3 months."""
    found = [(e, "since") for e in _medicines(a, ("opioid",))] + [(e, "start") for e in _opioid_treatments(a)]
    long = []
    for entry, field in found:
        if (since := entry[field]) is None:
            continue
        fewest, most = spans.days_since(since, a.as_of)
        if fewest > OPIOID_MONTHS:
            long.append(f"since {dates.say(since)}")
        elif most > OPIOID_MONTHS:
            entry.leave_open(field)
    return f"Opioids {'; '.join(dict.fromkeys(long))}: more than 3 months." if long else None


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


@rule("health", "cns_bone_2021")
def low_bone_density(a: Reader) -> str | None:
    """T-score of -2.5 or less."""
    value = a["t_score"]
    if value is None:
        return None
    said = f"T-score {number_words(value)}{_in_brackets(a.words('t_score_site'))}"
    return f"{said}; {T_SCORE} or less." if value <= T_SCORE else Absent(f"{said}.")


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
    if "long_term_steroids" in (a["fracture_risks"] or ()):
        return f"Age {BONE_AGE_WITH_RISK} or more with long-term steroids{_bone_value(a)}."
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


@rule("health", "jcvjs_2025")
def haemoglobin_low(a: Reader) -> str | None:
    """Haemoglobin below the WHO limit."""
    value = a["haemoglobin"]
    if value is None or value >= max(HAEMOGLOBIN.values()):
        return None if value is None else Absent(f"Haemoglobin {a.words('haemoglobin')}.")
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


@rule("health", "weaver_2019")
def frailty_index_items(a: Reader) -> str | None:
    """mFI-5 items."""
    conditions, diabetes, independence = a["conditions"], a["diabetes"], a["independence"]
    if None in (conditions, diabetes, independence):
        return None
    items = {
        "heart failure": "heart_failure" in conditions,
        "diabetes": diabetes in DIABETES,
        "lung disease or pneumonia": "copd" in conditions or "pneumonia" in conditions,
        "help needed in daily life": independence in HELP_NEEDED,
        "treated high blood pressure": "hypertension" in conditions,
    }
    there = [name for name, yes in items.items() if yes]
    if not there:
        return Absent("Index mFI-5: 0 of 5 items recorded.")
    month = " Heart failure is counted without regard to the last 30 days." if items["heart failure"] else ""
    return f"Index mFI-5: {len(there)} of 5 items recorded ({', '.join(there)}).{month}"


@rule("health", "nsw_src")
def allergies_recorded(a: Reader) -> str | None:
    """Allergies."""
    entries = a.entries("allergies")
    said = [
        list_words((e.peek("substance") or e.words("kind"), e.peek("reaction"))) or "not named" for e in entries or ()
    ]
    if said:
        return f"Allergies: {'; '.join(said)}."
    return None if entries is None else Absent("No known allergies.")


@rule("health", "vic_src")
def abdominal_surgery_recorded(a: Reader) -> str | None:
    """Earlier abdominal or retroperitoneal surgery."""
    if a["abdominal_surgery"] == YES:
        return "Earlier abdominal or retroperitoneal surgery, reported by the patient."
    return None


@rule("health", "vic_src")
def implants_recorded(a: Reader) -> str | None:
    """Implants."""
    named = a["implants"]
    return f"Implants: {a.words('implants').lower()}." if named and named != ("none",) else None


@rule("health", "vic_src")
def pregnancy_possible(a: Reader) -> str | None:
    """Pregnancy possible."""
    return "Pregnancy possible, reported by the patient." if a["pregnant"] == YES else None


@rule("health", "vic_src")
def substances_recorded(a: Reader) -> str | None:
    """Other substances."""
    words = a["other_substances"]
    return f"Other substances, reported: {quote(words)}." if words else None


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


def _opioid_treatments(a: Reader) -> list[Entry]:
    """Return the opioids among the treatments that still go on; that list may be blank."""
    if a.peek("treatments") is None:
        return []
    entries = a.entries("treatments") or ()
    return [entry for entry in entries if entry.peek("category") == "opioid" and entry.peek("ongoing") == YES]


def _below(a: Reader, question_id: str, limit: float) -> str | None:
    value = a[question_id]
    if value is None:
        return None
    said = list_words((f"{a.label(question_id)} {a.words(question_id)}", a.words("values_date")))
    return f"{said}; below {limit}." if value < limit else Absent(f"{said}.")


def _bone_value(a: Reader) -> str:
    return "" if a.peek("t_score") is not None else "; no T-score recorded"


def _last_dose(words: str | None) -> str:
    return f"last dose {words}" if words else ""


def _in_brackets(*words: str) -> str:
    said = list_words(words)
    return f" ({said})" if said else ""
