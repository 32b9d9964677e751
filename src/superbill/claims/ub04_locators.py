"""The form locators of the UB-04 (FL 1 to 81) of an institutional claim, as text, page by page.

22 lines a page; line 23 has the page, the day of creation and, on the last page, the total under revenue code 0001,
which is no line of the claim. Medicare Claims Processing Manual chapter 25 §75; what the NUBC assigns to no use is
left out. A locator without content has no key.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from superbill.claims.model import Claim, OtherInsurance, Payer, Provider, ServiceLine, Subscriber
from superbill.claims.print_text import amount, name, plain, postal, quantity
from superbill.codesets.revenue_code import lookup as revenue
from superbill.codesets.value_code import lookup as value_codes
from superbill.findings import Finding, Severity, header

LINES_PER_PAGE = 22
Locators = dict[str, str]
_ROWS = "abcd"
_LETTERS = "ABCDEFGHIJKLMNOPQ"
_ORDER = "PSTABCDEFGH"
_ACCOMMODATION = tuple(f"{number:03d}" for number in (*range(10, 22), 100))
_TAXONOMY = "B3"
_CAUSES_SHOWN, _CONDITIONS, _OCCURRENCES, _SPANS, _VALUES, _PAYERS, _PROCEDURES = 3, 11, 8, 4, 12, 3, 5


def pages(claim: Claim, created: date | None = None) -> tuple[Locators, ...]:
    """The locators of each page. Every page repeats the header; the total stands on the last.

    Raises ValueError for a claim that is not institutional.
    """
    if claim.institutional is None:
        raise ValueError("the UB-04 is for institutional claims")
    shared = {key: value for key, value in _header(claim) if value}
    chunks = [claim.lines[at : at + LINES_PER_PAGE] for at in range(0, len(claim.lines), LINES_PER_PAGE)] or [()]
    made = []
    for number, lines in enumerate(chunks, 1):
        page = dict(shared)
        for row, line in enumerate(lines, 1):
            page |= {f"{key}.{row}": value for key, value in _line(claim, line) if value}
        page |= _last_line(claim, number, len(chunks), created)
        made.append(page)
    return tuple(made)


def left_out(claim: Claim) -> list[Finding]:
    """What the paper form has no room for, and the 837I carries: `forms.ub04.left-out`, a warning each."""
    detail = claim.institutional
    if detail is None:
        return []
    counts = (
        ("FL 67", "diagnoses", len(claim.diagnoses), 1 + len(_LETTERS)),
        ("FL 72", "external causes", len(detail.external_causes), _CAUSES_SHOWN),
        ("FL 18-28", "condition codes", len(detail.conditions), _CONDITIONS),
        ("FL 31-34", "occurrence codes", len(detail.occurrences), _OCCURRENCES),
        ("FL 35-36", "occurrence span codes", len(detail.spans), _SPANS),
        ("FL 39-41", "value codes", len(detail.values), _VALUES),
        ("FL 74", "procedures", len(detail.procedures), 1 + _PROCEDURES),
        ("FL 50", "payers", 1 + len(claim.other_insurance), _PAYERS),
    )
    return [
        Finding(
            rule="forms.ub04.left-out", severity=Severity.WARNING, where=header(place),
            message=f"{count} {what}; the form shows {most}.", fix="Send this claim electronically, where they fit.",
            source="UB-04 form locators",
        )
        for place, what, count, most in counts if count > most
    ]  # fmt: skip


def _header(claim: Claim) -> Iterator[tuple[str, str]]:
    detail = claim.institutional
    assert detail is not None
    yield from _provider("1", claim.billing)
    if claim.pay_to:
        yield from _provider("2", claim.pay_to)
    yield "3a", plain(claim.control_number)
    yield "3b", plain(detail.medical_record_number)
    yield "4", claim.type_of_bill
    yield "5", claim.billing.tin
    yield "6.from", _day(detail.statement.start)
    yield "6.through", _day(detail.statement.end)
    yield from _patient(claim)
    yield from _stay(claim)
    yield from _coded_events(claim)
    yield from _addressee(claim.payer)
    yield from _payers(claim)
    yield from _diagnoses(claim)
    yield from _procedures(claim)
    yield from _providers(claim)
    for row, text in enumerate(_wrapped(plain(claim.note)), 1):
        yield f"80.{row}", text
    if claim.billing.taxonomy:
        yield "81.a.qualifier", _TAXONOMY
        yield "81.a.code", claim.billing.taxonomy


def _provider(locator: str, provider: Provider) -> Iterator[tuple[str, str]]:
    yield f"{locator}.name", plain(provider.organization) if not provider.person else name(provider.person)
    if provider.address:
        yield f"{locator}.street", plain(f"{provider.address.line1} {provider.address.line2}")
        yield f"{locator}.city", postal(provider.address)
    if provider.contact and provider.contact.phone:
        yield f"{locator}.phone", provider.contact.phone


def _patient(claim: Claim) -> Iterator[tuple[str, str]]:
    patient = claim.patient
    yield "8a", plain(claim.subscriber.member_id)
    yield "8b", name(patient.person)
    if patient.address:
        yield "9a", plain(f"{patient.address.line1} {patient.address.line2}")
        yield "9b", plain(patient.address.city)
        yield "9c", plain(patient.address.state)
        yield "9d", plain(patient.address.postal_code)
        yield "9e", plain(patient.address.country)
    yield "10", f"{patient.birth_date:%m%d}{patient.birth_date.year:04d}" if patient.birth_date else ""
    yield "11", patient.sex


def _stay(claim: Claim) -> Iterator[tuple[str, str]]:
    detail = claim.institutional
    assert detail is not None
    if detail.inpatient:
        yield "12", _day(claim.admission)
        yield "13", detail.admission_hour
        yield "16", detail.discharge_hour
    yield "14", detail.admission_type
    yield "15", detail.point_of_origin
    yield "17", detail.discharge_status
    for place, code in enumerate(detail.conditions[:_CONDITIONS], 18):
        yield str(place), code
    yield "29", plain(detail.auto_accident_state)


def _coded_events(claim: Claim) -> Iterator[tuple[str, str]]:
    """FL 31 to 36 and 39 to 41: across row a, then across row b, as the form is filled."""
    detail = claim.institutional
    assert detail is not None
    for place, event in enumerate(detail.occurrences[:_OCCURRENCES]):
        row, column = divmod(place, 4)
        yield f"{31 + column}{_ROWS[row]}.code", event.code
        yield f"{31 + column}{_ROWS[row]}.date", _day(event.on)
    for place, span in enumerate(detail.spans[:_SPANS]):
        row, column = divmod(place, 2)
        yield f"{35 + column}{_ROWS[row]}.code", span.code
        yield f"{35 + column}{_ROWS[row]}.from", _day(span.period.start)
        yield f"{35 + column}{_ROWS[row]}.through", _day(span.period.end)
    for place, value in enumerate(detail.values[:_VALUES]):
        row, column = divmod(place, 3)
        yield f"{39 + column}{_ROWS[row]}.code", value.code
        yield f"{39 + column}{_ROWS[row]}.amount", value_text(value.code, value.amount)


def value_text(code: str, number: Decimal) -> str:
    """A value code's amount: dollars and cents apart, or a whole count with its cents left blank."""
    found = value_codes.value_code(code)
    if found is not None and found.measure != "money" and number == number.to_integral_value():
        return f"{int(number)}   "
    return amount(int(number * 100))


def _addressee(payer: Payer) -> Iterator[tuple[str, str]]:
    yield "38.1", plain(payer.name)
    if payer.address:
        yield "38.2", plain(payer.address.line1)
        yield "38.3", plain(payer.address.line2)
        yield "38.4", postal(payer.address)


def _payers(claim: Claim) -> Iterator[tuple[str, str]]:
    """Lines A, B and C: the payers in the order in which they pay (FL 50 to 65)."""
    detail = claim.institutional
    assert detail is not None
    own = (claim.subscriber, claim.payer, None)
    others = [(other.subscriber, other.payer, other) for other in claim.other_insurance]
    in_order: list[tuple[Subscriber, Payer, OtherInsurance | None]] = sorted(
        [own, *others], key=lambda one: _ORDER.index(one[0].responsibility)
    )
    for letter, (subscriber, payer, other) in zip("ABC", in_order, strict=False):
        yield f"50{letter}", plain(payer.name)
        yield f"51{letter}", plain(payer.id)
        yield f"52{letter}", (other or claim).release_of_information
        yield f"53{letter}", (other or claim).benefits_assigned
        yield f"54{letter}", amount(other.paid) if other and other.paid is not None else ""
        yield f"58{letter}", name(subscriber.person)
        yield f"59{letter}", subscriber.relationship
        yield f"60{letter}", plain(subscriber.member_id)
        yield f"61{letter}", plain(subscriber.group_name)
        yield f"62{letter}", plain(subscriber.group_number)
        if other is None:
            due = detail.estimated_due
            yield f"55{letter}", amount(due) if due is not None else ""
            yield f"63{letter}", plain(claim.prior_authorization or claim.referral_number)
            yield f"64{letter}", plain(claim.payer_control_number)
    yield "56", claim.billing.npi


def _diagnoses(claim: Claim) -> Iterator[tuple[str, str]]:
    """Codes without their point; the indicator in the eighth position."""
    detail = claim.institutional
    assert detail is not None
    yield "66", "0"
    for letter, diagnosis in zip(("", *_LETTERS), claim.diagnoses, strict=False):
        yield f"67{letter}", f"{diagnosis.code.replace('.', ''):<7}{diagnosis.poa}".strip()
    yield "69", detail.admitting_diagnosis
    for row, code in zip("abc", detail.reasons_for_visit, strict=False):
        yield f"70{row}", code
    yield "71", detail.drg
    for row, cause in zip("abc", detail.external_causes, strict=False):
        yield f"72{row}", f"{cause.code.replace('.', ''):<7}{cause.poa}".strip()


def _procedures(claim: Claim) -> Iterator[tuple[str, str]]:
    detail = claim.institutional
    assert detail is not None
    for row, procedure in zip(("", *"abcde"), detail.procedures, strict=False):
        yield f"74{row}.code", procedure.code
        yield f"74{row}.date", _day(procedure.on)


def _providers(claim: Claim) -> Iterator[tuple[str, str]]:
    """FL 76 to 79. A referring or rendering provider stands in 78 and 79 with its qualifier (DN, 82)."""
    detail = claim.institutional
    assert detail is not None
    others = [("ZZ", detail.other_operating), ("DN", claim.referring), ("82", claim.rendering)]
    shown: Sequence[tuple[str, str, Provider | None]] = (
        ("76", "", detail.attending),
        ("77", "", detail.operating),
        *(
            (locator, kind, who)
            for locator, (kind, who) in zip(("78", "79"), [o for o in others if o[1]], strict=False)
        ),
    )
    for locator, kind, who in shown:
        if who is None:
            continue
        yield f"{locator}.kind", kind
        yield f"{locator}.npi", who.npi
        if who.secondary_ids:
            yield f"{locator}.qualifier", who.secondary_ids[0].qualifier
            yield f"{locator}.id", plain(who.secondary_ids[0].value)
        if who.person:
            yield f"{locator}.last", plain(f"{who.person.last} {who.person.suffix}")
            yield f"{locator}.first", plain(who.person.first)
        else:
            yield f"{locator}.last", plain(who.organization)


def _line(claim: Claim, line: ServiceLine) -> Iterator[tuple[str, str]]:
    """FL 42 to 48 of a line. An accommodation shows its rate where others show their HCPCS code."""
    assert claim.institutional is not None
    yield "42", line.revenue_code
    yield "43", _description(line)
    if line.procedure.code:
        yield "44", "".join((line.procedure.code, *line.procedure.modifiers))
    elif line.revenue_code.startswith(_ACCOMMODATION) and line.units and line.charge % int(line.units) == 0:
        yield "44", amount(line.charge // int(line.units))
    if not claim.institutional.inpatient:
        yield "45", _day(line.service.start)
    yield "46", quantity(line.units)
    yield "47", amount(line.charge)
    yield "48", amount(line.non_covered) if line.non_covered is not None else ""


def _description(line: ServiceLine) -> str:
    """The drug (N4, its NDC, unit and quantity), else the revenue code in words of our own."""
    if line.drug:
        return f"N4{line.drug.ndc} {line.drug.unit}{quantity(line.drug.quantity)}"
    found = revenue.revenue_code(line.revenue_code)
    return plain((found.kind or found.category) if found else line.note)


def _last_line(claim: Claim, number: int, count: int, created: date | None) -> Locators:
    page = {"43.23.page": str(number), "43.23.of": str(count)}
    if created:
        page["45.23"] = _day(created)
    if number == count:
        page |= {"42.23": revenue.TOTAL, "47.23": amount(claim.charge)}
        not_covered = [line.non_covered for line in claim.lines if line.non_covered is not None]
        if not_covered:
            page["48.23"] = amount(sum(not_covered))
    return page


def _day(day: date | None) -> str:
    """MMDDYY."""
    return f"{day:%m%d}{day.year % 100:02d}" if day else ""


def _wrapped(text: str, width: int = 24, rows: int = 4) -> list[str]:
    """Words on rows of the width; the last row keeps what is left, for the form to say that it does not fit."""
    made: list[str] = []
    for word in text.split():
        if made and (len(made[-1]) + 1 + len(word) <= width or len(made) == rows):
            made[-1] = f"{made[-1]} {word}"
        else:
            made.append(word)
    return made
