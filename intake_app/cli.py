"""The same work without a window: letters made, checked and taken apart; the window when no command is given."""

import json
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from db import StoreError
from intake_app import __version__, dates
from intake_app.errors import UserError

if TYPE_CHECKING:
    from db import Store
    from intake_app.case import Case
    from intake_app.factors import Finding
    from intake_app.questions import Questionnaire
    from intake_app.records import Records
    from intake_app.vault import Session

PATH = click.Path(path_type=Path, readable=False)  # whoever opens it says what is wrong with it
DATA = click.option("--data", type=PATH, help="The folder of the records.")
FAULTS = 2  # the exit code for a case file with faults
MARKS = {True: "yes", False: "NO ", None: "?  "}  # what was checked is so, is not so, could not be told


class Program(click.Group):
    """The commands; an error that a person can act on is its sentence and an exit code, whichever command it is in."""

    def main(self, *args: Any, **more: Any) -> Any:  # noqa: ANN401  as click has it
        """Run the command line."""
        try:
            return super().main(*args, **more)
        except (UserError, StoreError) as error:
            from intake_app.case import CaseFileError  # noqa: PLC0415  only a fault needs it

            click.echo(str(error), err=True)
            sys.exit(FAULTS if isinstance(error, CaseFileError) else getattr(error, "code", 1))
        except OSError as error:  # what has no file's name is the terminal or the pipe
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  or Python tries it again
            what = f"{error.filename} cannot be used" if error.filename else "What there is to say could not be written"
            click.echo(f"{what}: {error.strerror}.", err=True)
            sys.exit(1)


@click.group(cls=Program, invoke_without_command=True)
@click.version_option(__version__)
@click.option("--demo", is_flag=True, help="Open with invented patients; letters say NOT REAL.")
@click.option("--theme", type=click.Choice(["light", "dark"]), help="Instead of the system's own.")
@click.option("--screenshots", type=PATH, help="Write a picture of every page and stop.")
@DATA
@click.pass_context
def program(
    context: click.Context, *, demo: bool, theme: str | None, screenshots: Path | None, data: Path | None
) -> None:
    """Record an intake at the front desk and issue the referral letter."""
    given = {"data": data} if data else {}  # a command takes it, too, if it stands before it
    context.default_map = {"backup": given, "restore": given, "audit": {"verify": given}}
    if context.invoked_subcommand is None:
        from intake_app import app  # noqa: PLC0415  the commands below need no window

        if screenshots and screenshots.exists() and not screenshots.is_dir():
            raise UserError(f"{screenshots} is not a folder.", "Name a folder for the pictures.")
        sys.exit(app.run(demo=demo, theme=theme, screenshots=screenshots, data=data))


@program.command()
@click.argument("case_file", type=PATH)
@click.option("-o", "--output", type=PATH, help="Where to write the letter.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--to", "recipient", default="", help="Whom the letter is addressed to.")
@click.option("--clinic", default="", help="The clinic's name for the letterhead.")
@click.option("--address", default="", help="The clinic's address for the letterhead.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the letter; today if left out.")
def letter(
    *,
    case_file: Path,
    output: Path | None,
    as_json: bool,
    recipient: str,
    clinic: str,
    address: str,
    day: datetime | None,
) -> None:
    """Write the referral letter of CASE_FILE as a PDF."""
    if output is None and not as_json:
        raise UserError("No place for the letter was named.", "Add -o LETTER.pdf, or --json for the findings.")
    if day and day.year < dates.EARLIEST.year:
        raise UserError(f"{day.year} is too long ago.", f"Give a day from {dates.EARLIEST.year} on after --on.")
    issued = day.astimezone() if day else datetime.now().astimezone()
    case = _read(case_file, issued.date())
    findings = _evaluate(case)
    if output:
        head = {"name": clinic, "address": address}
        _write(output, _make_pdf(case, findings, issued, head, {"name": recipient}))
        click.echo(f"Letter written to {output}", err=True)
    if as_json:
        click.echo(json.dumps([_as_data(finding) for finding in findings], ensure_ascii=False, indent=2))


@program.command()
@click.argument("case_file", type=PATH)
def check(case_file: Path) -> None:
    """Tell every fault of CASE_FILE in one go; nothing is written."""
    from intake_app import plausibility  # noqa: PLC0415

    case = _read(case_file, datetime.now().astimezone().date())
    missing = [f.rule.label for f in _evaluate(case) if f.rule.group == "completeness" and f.missing]
    click.echo(f"No faults: {len(case.answers)} questions answered.")
    for path, said in plausibility.doubts(case).items():
        click.echo(f"answers.{path}: {said}")
    if missing:
        click.echo("Not asked yet: " + ", ".join(missing))


@program.command(name="safety-card")
@click.argument("case_file", type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="Where to write the card.")
@click.option("--clinic", default="", help="The clinic's name for the letterhead.")
@click.option("--address", default="", help="The clinic's address for the letterhead.")
def safety_card(*, case_file: Path, output: Path, clinic: str, address: str) -> None:
    """Write the patient's card that says when to seek help at once, in the language of CASE_FILE if we have it."""
    from intake_app.letter import safety_net  # noqa: PLC0415  only this command needs it

    issued = datetime.now().astimezone()
    language = _read(case_file, issued.date()).patient.get("language", "")
    head = {"name": clinic, "address": address}
    _write(output, safety_net.make_card(language, clinic=head, issued=issued))
    click.echo(f"Card written to {output}. {safety_net.say_language(language)}", err=True)


@program.command()
@click.argument("pdf", type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="A folder for the files.")
def extract(*, pdf: Path, output: Path) -> None:
    """Give back the files inside a letter: the data as FHIR, the case file and the manifest."""
    from intake_app.outgoing import apart  # noqa: PLC0415  only this command needs it

    files = apart.extract(pdf)
    for name, content in files.items():
        _write(output / Path(name).name, content)  # never outside, whatever the name
    click.echo(f"{', '.join(files)}: in {output.resolve()}")


@program.command()
@click.argument("pdf", type=PATH)
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def verify(*, pdf: Path, as_json: bool) -> None:
    """Tell whether a letter is as it was made: its pages, its data, their agreement, and its signature.

    Exit code 0: it is what its data make. 1: there is no such file, or it may not be read. 10 to 19: it is damaged, no
    letter of this program, or something in it was changed. 20: made with another version, rules or questions, so
    whether its pages look as they were issued cannot be told here.
    """
    from intake_app.outgoing import apart  # noqa: PLC0415  only this command needs it

    checks, code = apart.verify(pdf)
    if as_json:
        click.echo(json.dumps({"code": code, "checks": checks}, ensure_ascii=False, indent=2))
    else:
        for check_ in checks:
            click.echo(f"{MARKS[check_['passed']]}  {check_['says']}")
    sys.exit(code)


@program.command()
@click.argument("pdf", type=PATH)
@click.option("-o", "--output", required=True, type=PATH, help="A folder for the pictures.")
def faxcheck(*, pdf: Path, output: Path) -> None:
    """Draw each page as a fax shows it: black and white, 204 by 196 dots to the inch."""
    from intake_app.outgoing import apart  # noqa: PLC0415  only this command needs it

    pages = apart.fax(pdf)
    for number, page in enumerate(pages, 1):
        _write(output / f"{pdf.stem}-{number}.png", page)
    click.echo(f"{len(pages)} {'page' if len(pages) == 1 else 'pages'} as on a fax: in {output.resolve()}")


@program.command()
@click.option("-o", "--output", required=True, type=PATH, help="A folder for the letters.")
def demo(output: Path) -> None:
    """Write the case files and letters of invented patients into a folder."""
    from intake_app import demo as invented  # noqa: PLC0415  only this command needs it
    from intake_app.case import write_case_file  # noqa: PLC0415

    issued = datetime.now().astimezone()
    cases = invented.cases(_questionnaire(), issued.date())
    for name, case in cases.items():
        pdf = _make_pdf(case, _evaluate(case), issued, invented.CLINIC, invented.RECIPIENT, "NOT REAL")
        _write(output / f"{name}.pdf", pdf)
        _write(output / f"{name}.json", write_case_file(case).encode())
    click.echo(f"{len(cases)} letters of invented patients are in {output.resolve()}")


@program.command()
@click.option("--markdown", is_flag=True, help="As the table that stands in the README.")
def questions(*, markdown: bool) -> None:
    """List every question id with its type and what it allows."""
    from intake_app import catalogue  # noqa: PLC0415  only this command needs it

    click.echo((catalogue.as_markdown if markdown else catalogue.as_text)(_questionnaire()), nl=False)


@program.command()
@DATA
@click.option("--to", "second", default="", help="A folder for a second copy.")
def backup(*, data: Path | None, second: str) -> None:
    """Make a backup of the records, encrypted like them, and check it."""
    from intake_app.records import second_folder  # noqa: PLC0415  only this command needs it

    with _signed_in(data) as (records, store, session):
        made = records.back_up(bytes(session.key), second or second_folder(store))
        store.note("backup made", f"backup/{made.folder.name}")
    click.echo(f"Backed up and checked: {made.folder}")
    if made.fault:
        raise UserError(f"The second copy was not made: {made.fault.what}", made.fault.hint)


@program.command()
@DATA
@click.argument("name", required=False)
def restore(*, data: Path | None, name: str | None) -> None:
    """Put the backup of this NAME in the records' place; without a name, list those there are."""
    from intake_app.records import Records  # noqa: PLC0415  only these commands need it

    found = {each.folder.name: each for each in Records(_data_folder(data), _now).backups()}
    if name not in found:
        click.echo("".join(f"{each}\n" for each in found) or "There is no backup.\n", nl=False)
        if name:
            raise UserError(f"There is no backup named {name}.", "Take one from the list.")
        return
    with _signed_in(data, note=("records restored", f"backup/{name}")) as (records, store, session):
        store.close()
        aside = records.restore(found[name], bytes(session.key))
        with records.open(session) as restored:
            records.sign_in(restored, session, restored=name)
            restored.sign_out(_now())
    click.echo(f"The backup {name} is in place. The records from before are kept as {aside}.")


@program.group()
def audit() -> None:
    """Check who did what."""


@audit.command(name="verify")
@DATA
def verify_audit(*, data: Path | None) -> None:
    """Tell whether the audit trail is as it was written."""
    with _signed_in(data) as (_, store, _session):
        store.audit_verify()
    click.echo("The audit trail is whole: no row was changed, removed or put in.")


@program.command(name="rules")
@click.option("--markdown", is_flag=True, help="As tables with sources, evidence and numbers.")
def list_rules(*, markdown: bool) -> None:
    """List every rule with its source; what waits for a clinician's signature is off."""
    from intake_app import rulebook  # noqa: PLC0415  only this command needs it

    if markdown:
        click.echo(rulebook.as_markdown({}), nl=False)
        return
    for page in rulebook.pages({}):
        click.echo(f"{page.rule.id}: {page.rule.label} ({page.state})")


def _now() -> datetime:
    return datetime.now().astimezone()


def _data_folder(data: Path | None) -> Path:
    from intake_app import paths  # noqa: PLC0415

    return data or paths.data_folder()


@contextmanager
def _signed_in(data: Path | None, note: tuple[str, str] | None = None) -> "Iterator[tuple[Records, Store, Session]]":
    """Open the records for somebody who gives name and password at the prompt; a note says first what will be done."""
    from intake_app.records import Records  # noqa: PLC0415  only these commands need it

    records = Records(_data_folder(data), _now)
    if records.find() != "locked":
        raise UserError(f"There are no records with passwords in {records.path.parent}.", "Name their folder: --data.")
    name = click.prompt("Name", err=True)
    session = records.unlock(name, click.prompt("Password", hide_input=True, err=True))
    with records.open(session) as store:
        for sentence in records.sign_in(store, session):
            click.echo(sentence, err=True)
        if note:
            store.note(*note)
        yield records, store, session
        if not note:
            store.sign_out(_now())


def _questionnaire() -> "Questionnaire":
    from intake_app import paths, questions  # noqa: PLC0415  the window loads it after its first paint

    return questions.load(paths.resources(), paths.data_folder() / "questions")


def _read(path: Path, today: date) -> "Case":
    from intake_app import plausibility  # noqa: PLC0415
    from intake_app.case import CaseFileError, Fault, read_case_file  # noqa: PLC0415
    from intake_app.outgoing import document  # noqa: PLC0415

    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the name and try again.") from error
    except UnicodeDecodeError as error:
        fault = Fault(f"byte {error.start}", "this is not UTF-8 text. Give a case file, and save it as UTF-8.")
        raise CaseFileError([fault]) from error
    case = read_case_file(document.read_case_part(text), _questionnaire(), today)
    if wrong := plausibility.contradictions(case):
        raise CaseFileError([Fault(f"answers.{place}", what) for place, what in wrong.items()])
    return case


def _evaluate(case: "Case") -> tuple["Finding", ...]:
    import intake_app.rules  # noqa: F401, PLC0415  registers the rules
    from intake_app import factors  # noqa: PLC0415

    return factors.evaluate_all(case)


def _make_pdf(
    case: "Case",
    findings: tuple["Finding", ...],
    issued: datetime,
    clinic: Mapping[str, str],
    recipient: Mapping[str, str],
    watermark: str = "",
) -> bytes:
    from intake_app import rulebook  # noqa: PLC0415  reportlab takes a while to load
    from intake_app.outgoing import document  # noqa: PLC0415  reportlab takes a while to load

    about = {"clinic": clinic, "recipient": recipient, "issued": issued, "ruleset": rulebook.edition()}
    return document.make_document(case, findings, {**about, "watermark": watermark})


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only; nothing but a file is written over."""
    try:
        if path.exists() and not path.is_file():
            raise UserError(f"{path} is not a file.", "Name a file to write to, such as letter.pdf.")
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(part).replace(path)
        except BaseException:
            Path(part).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UserError(f"{path} cannot be written: {error.strerror}.", "Choose another place.") from error


def _as_data(finding: "Finding") -> dict[str, Any]:
    return {
        "id": finding.rule.id,
        "group": finding.rule.group,
        "level": finding.rule.level,
        "status": finding.status.value,
        "label": finding.rule.label,
        "sentence": finding.sentence,
        "citations": list(finding.rule.cites),
        "answers_read": list(finding.read),
        "missing": list(finding.missing),
    }
