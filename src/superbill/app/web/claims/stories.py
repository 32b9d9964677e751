"""The lines of a claim, or of an account, with what happened to their money."""

from datetime import date

from msgspec import Struct

from superbill.app.billing.queries import LedgerLine
from superbill.app.web.claims.queries import ClaimStory
from superbill.app.web.words import happened, state
from superbill.coding.model import CodedEncounter
from superbill.findings import Finding, errors
from superbill.forms.statement import LineEvent, events
from superbill.forms.statement.labels import service_label
from superbill.ledger.entry import Balance, Entry


class ShownLine(Struct, frozen=True, kw_only=True):
    """A service line as people read it: what was done, where its money is, and why. `key` is its control number."""

    key: str
    number: int
    code: str
    modifiers: str
    label: str
    pointers: str
    units: str
    on: date | None
    balance: Balance
    said: tuple[str, ...]
    found: tuple[str, ...] = ()
    account: str = ""


def claim_lines(story: ClaimStory, names: dict[str, str]) -> list[ShownLine]:
    """The claim's lines with their balance and what payers and patient did, in the order of the claim."""
    books = {line.key: line for line in story.ledger.lines}
    told = events(story.ledger.entries, names)
    held = _found(story.stored.findings)
    shown = []
    for line in story.stored.claim.lines:
        known = books.get(line.control_number)
        shown.append(
            ShownLine(
                key=line.control_number,
                number=line.number,
                code=line.procedure.code or line.revenue_code,
                modifiers=" ".join(line.procedure.modifiers),
                label=service_label(line.procedure.code or line.revenue_code, line.procedure.description),
                pointers=" ".join(str(pointer) for pointer in line.diagnosis_pointers),
                units=str(line.units),
                on=line.service.start,
                balance=known.balance if known else Balance(charge=line.charge),
                said=_said(told.get(line.control_number, ()), known, story.row.state),
                found=held.get(line.number, ()),
            )
        )
    return shown


def _found(findings: tuple[Finding, ...]) -> dict[int, tuple[str, ...]]:
    """What holds each line, by its number."""
    found: dict[int, tuple[str, ...]] = {}
    for finding in errors(findings):
        if finding.where.service_line is not None:
            found[finding.where.service_line] = (*found.get(finding.where.service_line, ()), finding.message)
    return found


def ledger_lines(lines: tuple[LedgerLine, ...], entries: tuple[Entry, ...], names: dict[str, str]) -> list[ShownLine]:
    """The lines of an account in plain words, the latest day first."""
    told = events(entries, names)
    return [
        ShownLine(
            key=line.key,
            number=place,
            code=line.code,
            modifiers=" ".join(line.modifiers),
            label=service_label(line.code),
            pointers="",
            units=line.units,
            on=line.service_start,
            balance=line.balance,
            said=_said(told.get(line.key, ()), line, ""),
            account=line.account_number,
        )
        for place, line in enumerate(sorted(lines, key=lambda one: (one.service_start, one.key), reverse=True), 1)
    ]


def _said(told: tuple[LineEvent, ...], line: LedgerLine | None, claim_state: str) -> tuple[str, ...]:
    said = happened(told)
    if not said and line is not None and line.balance.insurance:
        return (
            (f"Nothing yet: the claim is {state('claim', claim_state).text}.",) if claim_state else ("No answer yet.",)
        )
    if not said and line is not None and line.balance.patient:
        return ("Charged to the patient.",)
    return tuple(said)


def code_labels(coded: CodedEncounter | None) -> dict[str, str]:
    """What the chart calls each code of a visit, by code without its dot."""
    if coded is None:
        return {}
    codes = [*coded.diagnoses, *(service.procedure for service in coded.services)]
    return {code.code.replace(".", ""): next((one.text for one in code.evidence if one.text), "") for code in codes}
