"""The same work without a window: letter, check, demo, questions; the window when no command is given."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

import click

from intake_app import __version__, dates
from intake_app.errors import UserError

if TYPE_CHECKING:
    from intake_app.case import Case
    from intake_app.factors import Finding
    from intake_app.questions import Questionnaire

P = ParamSpec("P")
T = TypeVar("T")
FAULTS = 2  # the exit code for a case file with faults


def said_plainly(command: Callable[P, T]) -> Callable[P, T]:
    """Turn an error that a person can act on into its sentence and an exit code; so is output nobody can take."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return command(*args, **kwargs)
        except UserError as error:
            from intake_app.case import CaseFileError  # noqa: PLC0415  only a fault needs it

            click.echo(str(error), err=True)
            sys.exit(FAULTS if isinstance(error, CaseFileError) else 1)
        except OSError as error:  # files have their own sentences: this is the terminal or the pipe
            sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115  or Python tries it again
            click.echo(f"What there is to say could not be written: {error.strerror}.", err=True)
            sys.exit(1)

    return run


@click.group(invoke_without_command=True)
@click.version_option(__version__)
@click.option("--demo", is_flag=True, help="Open with invented patients; letters say NOT REAL.")
@click.option("--theme", type=click.Choice(["light", "dark"]), help="Instead of the system's own.")
@click.option("--screenshots", type=click.Path(path_type=Path), help="Write a picture of every page and stop.")
@click.pass_context
@said_plainly
def program(context: click.Context, *, demo: bool, theme: str | None, screenshots: Path | None) -> None:
    """Record an intake at the front desk and issue the referral letter."""
    if context.invoked_subcommand is None:
        from intake_app import app  # noqa: PLC0415  the commands below need no window

        if screenshots and screenshots.exists() and not screenshots.is_dir():
            raise UserError(f"{screenshots} is not a folder.", "Name a folder for the pictures.")
        sys.exit(app.run(demo=demo, theme=theme, screenshots=screenshots))


@program.command()
@click.argument("case_file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to write the letter.")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--to", "recipient", default="", help="Whom the letter is addressed to.")
@click.option("--clinic", default="", help="The clinic's name for the letterhead.")
@click.option("--address", default="", help="The clinic's address for the letterhead.")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day of the letter; today if left out.")
@said_plainly
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
@click.argument("case_file", type=click.Path(path_type=Path))
@said_plainly
def check(case_file: Path) -> None:
    """Tell every fault of CASE_FILE in one go; nothing is written."""
    case = _read(case_file, datetime.now().astimezone().date())
    missing = [f.rule.label for f in _evaluate(case) if f.rule.group == "completeness" and f.missing]
    click.echo(f"No faults: {len(case.answers)} questions answered.")
    if missing:
        click.echo("Not asked yet: " + ", ".join(missing))


@program.command()
@click.option("-o", "--output", required=True, type=click.Path(path_type=Path), help="A folder for the letters.")
@said_plainly
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
@said_plainly
def questions(*, markdown: bool) -> None:
    """List every question id with its type and what it allows."""
    from intake_app import catalogue  # noqa: PLC0415  only this command needs it

    click.echo((catalogue.as_markdown if markdown else catalogue.as_text)(_questionnaire()), nl=False)


@program.command(name="rules")
@click.option("--markdown", is_flag=True, help="As tables with sources, evidence and numbers.")
@said_plainly
def list_rules(*, markdown: bool) -> None:
    """List every rule with its source; what waits for a clinician's signature is off."""
    from intake_app import rulebook  # noqa: PLC0415  only this command needs it

    if markdown:
        click.echo(rulebook.as_markdown({}), nl=False)
        return
    for page in rulebook.pages({}):
        click.echo(f"{page.rule.id}: {page.rule.label} ({page.state})")


def _questionnaire() -> "Questionnaire":
    from intake_app import paths, questions  # noqa: PLC0415  the window loads it after its first paint

    return questions.load(paths.resources(), paths.data_folder() / "questions")


def _read(path: Path, today: date) -> "Case":
    from intake_app import plausibility  # noqa: PLC0415
    from intake_app.case import CaseFileError, Fault, read_case_file  # noqa: PLC0415

    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror}.", "Check the name and try again.") from error
    except UnicodeDecodeError as error:
        fault = Fault(f"byte {error.start}", "this is not UTF-8 text. Save the file as UTF-8.")
        raise CaseFileError([fault]) from error
    case = read_case_file(text, _questionnaire(), today)
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
    from intake_app import letter as letters  # noqa: PLC0415  reportlab takes a while to load
    from intake_app import rulebook  # noqa: PLC0415

    about = {"clinic": clinic, "recipient": recipient, "issued": issued, "ruleset": rulebook.edition()}
    return letters.make_letter(case, findings, **about, watermark=watermark)


def _write(path: Path, data: bytes) -> None:
    """Write a file whole or not at all, readable by its owner only; nothing but a file is written over."""
    if path.exists() and not path.is_file():
        raise UserError(f"{path} is not a file.", "Name a file to write to, such as letter.pdf.")
    try:
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
