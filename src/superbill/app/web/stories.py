"""A claim's life in order, and its lines with what happened to the money."""

from datetime import date

from msgspec import Struct

from superbill.app.billing.queries import LedgerLine
from superbill.app.web.queries.claims import ClaimStory
from superbill.app.web.words import CLAIM_FREQUENCY, ORDINALS, happened, state
from superbill.coding.model import CodedEncounter
from superbill.findings import Finding, errors
from superbill.forms.statement import LineEvent, events
from superbill.forms.statement.labels import service_label
from superbill.ledger.entry import Balance, Entry
from superbill.money import Cents, dollars


class ShownLine(Struct, frozen=True, kw_only=True):
    """A service line as people read it: what was done, where its money is, and why."""

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


class Moment(Struct, frozen=True, kw_only=True):
    """One event of a claim's life. `route` and `key` open it, where there is a page of it."""

    on: date | None
    what: str
    detail: str = ""
    trouble: bool = False
    amount: Cents | None = None
    route: str = ""
    key: str | int = ""


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


def timeline(story: ClaimStory, names: dict[str, str]) -> list[Moment]:
    """Visit, charge, versions, batch, acknowledgements, remittances, the visit's other claims: the oldest first.

    Events of one day stand in the order of the path.
    """
    row, visit = story.row, story.encounter
    moments = [
        Moment(on=visit.date_of_service, what=f"Visit {visit.account_number}", route="visit", key=visit.account_number)
    ]
    charged = next((entry for entry in story.ledger.entries if entry.kind == "charge"), None)
    if charged is not None:
        moments.append(Moment(on=charged.on, what="Charged", amount=story.ledger.balance.charge))
    moments += _sending(story, names)
    for answer in story.answers:
        word = state("claim", answer.outcome)
        what = f"835 {answer.trace}: {word.text}" if answer.state == "posted" else f"835 {answer.trace}: {answer.state}"
        moments.append(
            Moment(
                on=answer.on, what=what, amount=answer.paid, trouble=word.tone == "trouble", route="payment",
                key=answer.remittance,
            )
        )  # fmt: skip
    for other in story.others:
        kind = CLAIM_FREQUENCY.get(other.frequency, "")
        order = ORDINALS.get(other.responsibility, "later")
        moments.append(
            Moment(
                on=other.state_since.date(),
                what=f"{order.capitalize()} claim {other.control_number}: {state('claim', other.state).text}",
                detail=f"{names.get(other.payer_key, other.payer_key)}, {kind}",
                route="claim",
                key=other.control_number,
            )
        )
    if row.state in ("held", "ready"):
        moments.append(
            Moment(
                on=row.state_since.date(), what=f"Claim {row.control_number} {row.state}", trouble=row.state == "held"
            )
        )
    return sorted(moments, key=lambda moment: moment.on or date.max)


def _sending(story: ClaimStory, names: dict[str, str]) -> list[Moment]:
    batch, row = story.batch, story.row
    if batch is None:
        return []
    payer = names.get(row.payer_key, row.payer_key)
    sent = batch.created.date()
    word = state("batch", batch.state)
    moments = [
        Moment(
            on=sent, what=f"Sent to {payer}", route="x12", key=row.control_number,
            detail=f"{batch.file_name}, {batch.claim_count:,} claims, {dollars(batch.charge)}",
        )
    ]  # fmt: skip
    if batch.state in ("acknowledged", "rejected"):
        moments.append(Moment(on=sent, what=f"File {word.text}", trouble=batch.state == "rejected"))
    if row.rejected_once:
        moments.append(Moment(on=sent, what="Claim rejected before adjudication (999 or 277CA)", trouble=True))
    elif row.state != "sent" and batch.state == "acknowledged":
        number = f"payer’s number {row.payer_control_number}" if row.payer_control_number else ""
        moments.append(Moment(on=sent, what="Claim taken into adjudication (277CA)", detail=number))
    return moments


def code_labels(coded: CodedEncounter | None) -> dict[str, str]:
    """What the chart calls each code of a visit, by code without its dot."""
    if coded is None:
        return {}
    codes = [*coded.diagnoses, *(service.procedure for service in coded.services)]
    return {code.code.replace(".", ""): next((one.text for one in code.evidence if one.text), "") for code in codes}
