"""The phrases that several rules share: entries told in few words, quoted where they are somebody's own."""

from collections.abc import Collection, Iterable

from intake_app.factors import Entry, Reader

NAMES = ("Achilles", "Babinski", "Cobb", "Hoffmann", "Meyerding", "Oswestry")  # people and places keep their capital


def list_words(words: Iterable[str]) -> str:
    """Return words with commas between those that are not empty."""
    return ", ".join(word for word in words if word)


def join_facts(facts: Iterable[str]) -> str:
    """Return facts with semicolons between those that are not empty; only the first keeps its capital."""
    first, *others = [fact for fact in facts if fact] or [""]
    return "; ".join([first, *map(uncapital, others)])


def capital(words: str) -> str:
    """Return words with a capital at their beginning."""
    return words[:1].upper() + words[1:]


def uncapital(words: str) -> str:
    """Return words without the capital at their beginning, unless they begin with a name such as L4, MRI or Cobb."""
    short = len(words) > 1 and not words[1].islower() and words[1] != " "
    return words if short or words.startswith(NAMES) else words[:1].lower() + words[1:]


def after(words: str) -> str:
    """Return words to stand after a colon, "" for none."""
    return f": {words}" if words else ""


def quote(words: str) -> str:
    """Return somebody's own words in quotation marks, "" for none; the sentence around them has its own full stop."""
    return f"“{words.rstrip('. ')}”" if words else ""


def chosen(a: Reader, question: str, options: Collection[str]) -> str:
    """Return the words of the options that were chosen, "" if none."""
    named = [one for one in a[question] or () if one in options]
    return "; ".join(uncapital(a.option_text(question, one)) for one in named)


def weak_muscles(a: Reader) -> list[str]:
    """Return the muscle groups that a clinician found weak; a grade of 5 is full strength."""
    if a.peek("motor_grades") is None:
        return []
    return [say_grade(entry) for entry in a.entries("motor_grades") or () if entry["grade"] != "5"]


def say_grade(entry: Entry) -> str:
    """Return a muscle grade in words: L5 big toe extension, left, 4+/5."""
    grade = entry.peek("grade")
    parts = (entry.words("myotome"), entry.words("side").lower(), f"{grade}/5" if grade else "weak, grade not given")
    return list_words(parts)


def changed_sensation(a: Reader) -> list[str]:
    """Return where a clinician found sensation that is not normal."""
    if a.peek("sensation") is None:
        return []
    found = [entry for entry in a.entries("sensation") or () if entry["finding"] not in ("normal", None)]
    return [_say_sensation(entry) for entry in found]


def say_study(entry: Entry) -> str:
    """Return an imaging study in words: MRI, low back, 3 May 2026; "date not stated" where that is so."""
    date = entry.words("date") or "date not stated"
    return list_words((entry.words("modality") or "study, kind not stated", entry.words("region").lower(), date))


def _say_sensation(entry: Entry) -> str:
    where = (entry.words("dermatomes"), quote(entry.words("area")), entry.words("side").lower())
    return list_words((f"sensation {entry.words('finding').lower()}", *where, entry.words("tested").lower()))
