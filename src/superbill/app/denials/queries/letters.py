"""The appeal letter of a denial, composed from the claim as sent, the coding of the visit and the books alone."""

from collections.abc import Iterator, Sequence
from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimEvent, ClaimEventKind, ClaimRow
from superbill.app.documents import decoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.rows import found
from superbill.chart.model import EncounterRecord
from superbill.claims.model import Claim
from superbill.claims.parties import Address, Person, Provider
from superbill.codesets.rarc.lookup import remark
from superbill.coding.model import AssignedCode, CodedEncounter
from superbill.denials.model import Denial, RefusedLine
from superbill.forms.letter import AppealLetter, LetterLine, LetterParty, Quote

_MOST_QUOTES = 6


class NotOurs(LookupError):
    """A denial of another practice, or without a claim of ours: there is nothing to write from."""


class LetterWords(Struct, frozen=True, kw_only=True):
    """What a person adds: who signs, why the payer should pay in their own words, what else is enclosed, and where the
    payer takes appeals if not at its claims address."""

    signer: str = ""
    title: str = ""
    because: tuple[str, ...] = ()
    enclosed: tuple[str, ...] = ()
    to: tuple[str, ...] = ()
    good_cause: str = ""


def compose(
    scope: Scope, about: Denial, on: date, words: LetterWords, *, payer_address: Address | None = None
) -> AppealLetter:
    """The letter for the next appeal level of a denial. What is not known stays empty; `forms.letter.missing` names it.

    The words of the record are the spans on which the refused codes stand. Raises NotPermitted without the charts,
    NotOurs without the claim.
    """
    refusal = about.refusal
    doc = next((doc for (doc,) in found(scope, ClaimRow, "id", [refusal.claim], "doc")), None)
    if doc is None:
        raise NotOurs(f"{refusal.control_number}: no claim of this practice")
    claim = decoded(doc, Claim, f"claim {refusal.claim}")
    record, coded = next(found(scope, EncounterRow, "id", [refusal.encounter], "doc", "coded"), ("", ""))
    days = [line.service for line in refusal.lines]
    provider = claim.rendering or claim.billing
    address = words.to or _lines(payer_address or claim.payer.address)
    return AppealLetter(
        on=on,
        practice=_practice(claim.billing),
        payer=LetterParty(name=claim.payer.name, address=address),
        level=about.level.name if about.level else "",
        patient=_person(claim.patient.person),
        member_id=claim.subscriber.member_id,
        birth_date=claim.patient.birth_date,
        claim_number=refusal.payer_control_number,
        our_number=refusal.control_number,
        services=(min(days), max(days)),
        provider=_person(provider.person) if provider.person else provider.organization,
        refused_on=refusal.since,
        category=refusal.cause.category.key,
        lines=tuple(_line(line) for line in refusal.lines),
        reasons=tuple(_reasons(refusal.lines)),
        diagnoses=tuple(_dotted(diagnosis.code) for diagnosis in claim.diagnoses),
        quotes=_quotes(coded, [line.code for line in refusal.lines]),
        facts=tuple(_facts(scope, claim, refusal.claim, about)),
        own_words=words.because,
        last_day=about.appeal_by.last_day if about.appeal_by else None,
        good_cause=words.good_cause,
        documents=(*_papers(record, refusal.since), *words.enclosed),
        signer=words.signer,
        signer_title=words.title,
    )


def _practice(billing: Provider) -> LetterParty:
    contact = billing.contact
    tin = f"Tax number {billing.tin[:2]}-{billing.tin[2:]}" if billing.tin and billing.tin_kind == "EI" else ""
    numbers = (f"NPI {billing.npi}" if billing.npi else "", tin)
    return LetterParty(
        name=billing.organization or (_person(billing.person) if billing.person else ""),
        address=_lines(billing.address),
        phone=contact.phone if contact else "",
        email=contact.email if contact else "",
        numbers=tuple(number for number in numbers if number),
    )


def _lines(address: Address | None) -> tuple[str, ...]:
    if address is None:
        return ()
    code = address.postal_code
    code = f"{code[:5]}-{code[5:]}" if len(code) == 9 else code
    lines = (address.line1, address.line2, f"{address.city}, {address.state} {code}".strip(" ,"))
    return tuple(line for line in lines if line)


def _person(person: Person) -> str:
    return " ".join(part for part in (person.first, person.middle, person.last, person.suffix) if part)


def _line(line: RefusedLine) -> LetterLine:
    return LetterLine(
        service=line.service,
        code="-".join((line.code, *line.modifiers)),
        charge=line.charge,
        refused=line.amount,
        reason=", ".join((line.cause.name, *line.reason.remarks)),
    )


def _reasons(lines: Sequence[RefusedLine]) -> Iterator[tuple[str, str]]:
    """Each code that the payer gave, once, with its meaning in our words."""
    said: dict[str, str] = {}
    for line in lines:
        said.setdefault(line.cause.name, line.cause.code_says)
        for code in line.reason.remarks:
            if known := remark(code):
                said.setdefault(code, known.meaning)
    for code, meaning in said.items():
        yield code, meaning[:1].lower() + meaning[1:]


def _quotes(coded: str, codes: Sequence[str]) -> tuple[Quote, ...]:
    """The record's words behind the refused services first, then those behind the diagnoses that they point to."""
    if not coded:
        return ()
    visit = decoded(coded, CodedEncounter, "the coding of a visit")
    quotes: dict[str, Quote] = {}
    pointed: list[AssignedCode] = []
    for service in visit.services:
        if service.procedure.code not in codes:
            continue
        _take(quotes, service.procedure, service.procedure.code)
        places = [place for place in service.diagnosis_pointers if 0 < place <= len(visit.diagnoses)]
        pointed += [visit.diagnoses[place - 1] for place in places]
    for diagnosis in pointed or visit.diagnoses:
        _take(quotes, diagnosis, f"diagnosis {_dotted(diagnosis.code)}")
    return tuple(quotes.values())[:_MOST_QUOTES]


def _take(quotes: dict[str, Quote], code: AssignedCode, supports: str) -> None:
    for evidence in code.evidence:
        if text := " ".join(evidence.text.split()):
            quotes.setdefault(text, Quote(text, supports))


def _facts(scope: Scope, claim: Claim, row: int, about: Denial) -> Iterator[str]:
    """What the books prove, where it bears on the cause."""
    category = about.cause.category.key
    if category == "timely_filing":
        columns = ("at", "what", "reference")
        for at, what, reference in sorted(found(scope, ClaimEvent, "claim_id", [row], *columns)):
            if what in (ClaimEventKind.SENT.value, ClaimEventKind.ACCEPTED.value, ClaimEventKind.MAILED.value):
                number = f" ({reference})" if reference else ""
                did = {"sent": "We sent the claim", "mailed": "We mailed the claim"}.get(what, "It was acknowledged")
                yield f"{did} on {at:%B} {at.day}, {at.year}{number}."
    if category == "authorization":
        if claim.prior_authorization:
            yield f"The claim carries the authorization number {claim.prior_authorization}."
        if claim.referral_number:
            yield f"The claim carries the referral number {claim.referral_number}."


def _papers(record: str, refused: date) -> Iterator[str]:
    yield f"Your remittance of {refused:%B} {refused.day}, {refused.year}"
    if record:
        visit = decoded(record, EncounterRecord, "a visit")
        if visit.notes:
            day = visit.date_of_service
            yield f"The record of the visit of {day:%B} {day.day}, {day.year}"


def _dotted(code: str) -> str:
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 and "." not in code else code
