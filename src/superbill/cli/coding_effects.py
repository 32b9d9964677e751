"""`superbill coding effects`: what each code of a note, or of a list of codes, changes in the payment."""

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, moment
from superbill.cli.codesets import open_store, store_option
from superbill.cli.output import json_option, put_findings, put_json, say
from superbill.cli.session import day_option
from superbill.findings import errors

if TYPE_CHECKING:
    from superbill.coding.effects.model import Coded, Effects
    from superbill.coding.model import CodeSystem
    from superbill.coding.suggest.model import Visit

_LIST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.]{2,7}(?::[YNUWynuw])?")
_SERVICE = re.compile(r"(?:\d{4}[0-9AFMTU]|[A-Z]\d{4})")
_STATUS = re.compile(r"\d{2}", re.ASCII)
_HCPCS = 5
_PCS = 7


@click.command("effects")
@click.argument("codes", metavar="NOTE|CODE...", nargs=-1, required=True)
@day_option("--on", "The date of service (of discharge, for an inpatient)  [default: today]")
@click.option("--age", type=click.FloatRange(0, 130), help="The patient's age in years.")
@click.option("--sex", type=click.Choice(("female", "male")), help="The patient's sex.")
@click.option("--inpatient", is_flag=True, help="A hospital stay: tells the MS-DRG.")
@click.option("--discharge-status", default="", metavar="NN", help="Where to, by its two digits  [default: the note's]")
@store_option
@json_option
def effects(
    codes: tuple[str, ...], day: date | None, age: float | None, sex: Any, inpatient: bool, discharge_status: str,
    folder: Path, as_json: bool,
) -> None:  # fmt: skip
    """What each code changes: the MS-DRG and its weight, the HCC risk score, the OPPS status of a service.

    Give one NOTE (a file, or - for standard input), whose suggested codes are taken, or codes in their sequence, the
    principal diagnosis first; CODE:N says that one was not present on admission. It tells what coded work comes to and
    is no ground to choose a code. What is not installed or imported is said, with how to get it.

    \b
    superbill coding effects K80.00 N17.9:N J96.01 0FT44ZZ --inpatient --age 60 --sex female
    superbill coding effects discharge.txt --inpatient --age 60 --sex female --json
    """
    from superbill.coding.effects.find import effects as told
    from superbill.coding.suggest.model import Visit

    store = open_store(folder)
    visit = Visit(
        on=moment(day).date(), setting="inpatient" if inpatient else "outpatient", age=age, sex=sex or "",
        place_of_service="21" if inpatient else "11",
    )  # fmt: skip
    if discharge_status and not _STATUS.fullmatch(discharge_status):
        raise BadInput(f"--discharge-status {discharge_status}: write two digits, such as 01 home, 03 skilled nursing.")
    if _is_note(codes):
        coded, said = _of_note(codes[0], visit, store)
    else:
        coded, said = tuple(_parsed(each) for each in codes), ""
    found = told(coded, visit, store, discharge_status or said)
    if as_json:
        put_json(found)
    else:
        _put(found)
    raise SystemExit(0 if coded else 1)


def _is_note(codes: tuple[str, ...]) -> bool:
    return len(codes) == 1 and (codes[0] == "-" or Path(codes[0]).is_file())


def _of_note(name: str, visit: "Visit", store: Any) -> "tuple[tuple[Coded, ...], str]":
    """The codes that a note supports, and the discharge status that it says."""
    from superbill.chart.text.document import read_document
    from superbill.coding.effects.find import of_suggestion
    from superbill.coding.inpatient.disposition import discharge_status
    from superbill.coding.suggest.engine import suggest

    with click.open_file(name, "rb") as file:
        document = read_document(file.read(), Path(name).name)
    if errors(document.findings):
        put_findings(tuple(document.findings))
        raise SystemExit(1)
    return of_suggestion(suggest(document.text, store, visit)), discharge_status(document.text)


def _parsed(text: str) -> "Coded":
    from superbill.coding.effects.model import Coded

    if not _LIST.fullmatch(text):
        raise BadInput(f"{text}: neither a file nor a code. Write codes as K80.00, N17.9:N, 0FT44ZZ, 99213.")
    code, _, present = text.upper().partition(":")
    plain = code.replace(".", "")
    system: CodeSystem = "ICD-10-CM"
    if "." not in code and len(plain) == _PCS and _pcs(plain):
        system = "ICD-10-PCS"
    elif "." not in code and len(plain) == _HCPCS and _SERVICE.fullmatch(plain):
        system = "CPT" if plain[0].isdigit() else "HCPCS"
    if system == "ICD-10-CM" and len(plain) > 3 and "." not in code:
        code = f"{plain[:3]}.{plain[3:]}"
    return Coded(code=code, system=system, present=present or ("Y" if system == "ICD-10-CM" else ""))


def _pcs(plain: str) -> bool:
    """Is a code of seven characters one of procedures? One of diagnoses begins with a letter and a digit, and its
    seventh character follows six that aren't Z."""
    return plain[0].isdigit() or not plain[1].isdigit() or "Z" in plain[4:]


def _put(found: "Effects") -> None:
    if found.group:
        weight = f"  weight {found.group.weight}" if found.group.weight is not None else ""
        severity = f"  with {found.group.severity}" if found.group.severity in ("MCC", "CC") else ""
        say(f"DRG {found.group.drg} {found.group.title}{severity}{weight}", bold=True)
        if found.group.problem:
            say(f"  {found.group.problem}")
        say(f"  by {found.group.by}")
    if found.risk:
        say(f"Risk score {found.risk.score} (raw)", bold=True)
        for category, coefficient in found.risk.categories:
            say(f"  HCC {category}  {coefficient}")
        say(f"  by {found.risk.by}")
    for each in found.codes:
        say(f"  {each.code:<10}{each.words}")
    put_findings(found.findings)
    say("What the codes come to; no ground to choose a code.")
