"""Service line edits (loop 2400; box 24): how many, which code, how much, how often, why, when."""

from collections.abc import Iterator
from decimal import Decimal

from superbill.claims.codes import is_anesthesia, is_drug, is_quality, is_unlisted
from superbill.claims.model import Claim, ClaimKind
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import header, line
from superbill.identifiers import is_procedure_code
from superbill.money import dollars, times

_SOURCE = "837P TR3, loop 2400"
_MOST = 50
PLACED: tuple[ClaimKind, ...] = ("professional", "dental")  # a hospital's lines point to no diagnosis and to no place
_POINTERS = 4
_UNITS = Decimal("9999.9")
_MINUTES = Decimal(9999)
_CHARGE = 99_999_999_99
_NOTE = 80
_CONTROL_NUMBER = 30
_ANESTHESIA = ("00", "01")
_UNTIMED = frozenset({"01953", "01996"})


@rule("lines.missing", ERROR, source=f"{_SOURCE} LX")
def missing(claim: Claim) -> Iterator[Problem]:
    """A claim has at least one line."""
    if not claim.lines:
        yield Problem(header("lines"), "The claim has no service line.", "Code what was done.")


@rule("lines.too-many", ERROR, source=f"{_SOURCE}: 50 repeats", forms=PLACED)
def too_many(claim: Claim) -> Iterator[Problem]:
    """A claim has at most 50 lines."""
    if len(claim.lines) > _MOST:
        message = f"The claim has {len(claim.lines)} lines; 50 fit."
        yield Problem(header("lines"), message, "Split it into several claims.")


@rule("lines.control-number", ERROR, source=f"{_SOURCE} REF*6R (30 characters)")
def control_number(claim: Claim) -> Iterator[Problem]:
    """Each line has a control number of its own, by which its payment is posted."""
    seen: set[str] = set()
    for service in claim.lines:
        number = service.control_number
        if not number or len(number) > _CONTROL_NUMBER or number in seen:
            message = f"The line control number {number!r} is missing, too long or used twice."
            yield Problem(line(service.number, "control_number"), message, "Number the lines anew.")
        seen.add(number)


@rule("lines.charge-negative", ERROR, source=f"{_SOURCE} SV102")
def charge_negative(claim: Claim) -> Iterator[Problem]:
    """No line is charged below zero."""
    for service in claim.lines:
        if service.charge < 0:
            message = f"The charge is {dollars(service.charge)}."
            yield Problem(
                line(service.number, "charge"), message, "Correct the charge; credits are posted, not billed."
            )


@rule("lines.charge-zero", ERROR, source=f"{_SOURCE} SV102; CMS Quality Payment Program: measures at zero")
def charge_zero(claim: Claim) -> Iterator[Problem]:
    """Only quality codes are charged at zero."""
    for service in claim.lines:
        if service.charge == 0 and not is_quality(service.procedure.code):
            message = f"{service.procedure.code} is charged at zero."
            yield Problem(line(service.number, "charge"), message, "Set its price in the charge master.")


@rule("lines.charge-limit", ERROR, source=f"{_SOURCE} SV102 (10 digits)")
def charge_limit(claim: Claim) -> Iterator[Problem]:
    """A charge fits its ten digits."""
    for service in claim.lines:
        if service.charge > _CHARGE:
            message = f"The charge {dollars(service.charge)} has more than ten digits."
            yield Problem(line(service.number, "charge"), message, "Check units and price.")


@rule("lines.charge-is-price", WARNING, when="price", source="the practice's charge master", forms=PLACED)
def charge_is_price(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A charge is price × units as the charge master had it on the day."""
    if ctx.price is None:
        return
    for service in claim.lines:
        day = service.service.start
        each = ctx.price(service.procedure.code, service.procedure.modifiers, day) if day else None
        if each is not None and times(each, service.units) != service.charge:
            message = f"{service.units} × {dollars(each)} is not {dollars(service.charge)}."
            yield Problem(line(service.number, "charge"), message, "Reprice the line, or record why it differs.")


@rule("lines.units-positive", ERROR, source=f"{_SOURCE} SV104; CMS-1500 box 24G")
def units_positive(claim: Claim) -> Iterator[Problem]:
    """Units are above zero."""
    for service in claim.lines:
        if service.units <= 0:
            message = f"The line has {service.units} units."
            yield Problem(line(service.number, "units"), message, "Enter how often it was done.")


@rule("lines.units-whole", ERROR, source=f"{_SOURCE} SV103 UN, SV104; Claims Processing Manual ch. 17 §40")
def units_whole(claim: Claim) -> Iterator[Problem]:
    """Units of service are whole, but for drugs."""
    for service in claim.lines:
        if service.unit_kind == "UN" and service.units % 1 and not is_drug(service.procedure.code):
            message = f"{service.units} units of {service.procedure.code} are not whole."
            yield Problem(line(service.number, "units"), message, "Round as the code's unit says.")


@rule("lines.units-limit", ERROR, source="Claims Processing Manual ch. 26 §10.4 item 24G; MUE policy manual")
def units_limit(claim: Claim) -> Iterator[Problem]:
    """Units fit their field (9,999.9; minutes 9,999)."""
    for service in claim.lines:
        if service.units > (_MINUTES if service.unit_kind == "MJ" else _UNITS):
            message = f"{service.units} units don't fit."
            yield Problem(
                line(service.number, "units"), message, "Check the count; split it over lines if it is right."
            )


@rule("lines.minutes", ERROR, source=f"{_SOURCE} SV103; Claims Processing Manual ch. 12 §50", forms=PLACED)
def minutes(claim: Claim) -> Iterator[Problem]:
    """Anesthesia is billed in minutes, and nothing else is; a day's care (01996) and burned area (01953) in units."""
    for service in claim.lines:
        code = service.procedure.code
        timed = code[:2] in _ANESTHESIA and is_anesthesia(code) and code not in _UNTIMED
        if (service.unit_kind == "MJ") != timed:
            what = "in minutes" if service.unit_kind == "MJ" else "in units"
            message = f"{code} is billed {what}."
            yield Problem(line(service.number, "unit_kind"), message, "Minutes for anesthesia, units for the rest.")


@rule(
    "lines.procedure-shape",
    ERROR,
    source=f"{_SOURCE} SV101-2; CPT and HCPCS Level II",
    codes=lambda code: not is_procedure_code(code),
)
def procedure_shape(claim: Claim) -> Iterator[Problem]:
    """A procedure has the shape of a CPT or HCPCS code."""
    for service in claim.lines:
        if not service.procedure.code and claim.kind == "institutional":
            continue  # a revenue code alone tells what it is
        if service.procedure.qualifier == "HC" and not is_procedure_code(service.procedure.code):
            message = f"{service.procedure.code!r} is not the shape of a CPT or HCPCS code."
            yield Problem(line(service.number, "procedure"), message, "Look the service up; ICD codes go to box 21.")


@rule("lines.pointer-missing", ERROR, source=f"{_SOURCE} SV107-1; CMS-1500 box 24E", forms=PLACED[:1])
def pointer_missing(claim: Claim) -> Iterator[Problem]:
    """Every line says why it was done."""
    for service in claim.lines:
        if not service.diagnosis_pointers:
            yield Problem(line(service.number, "diagnosis_pointers"), "The line has no diagnosis.", "Point it to one.")


@rule("lines.pointer-range", ERROR, source=f"{_SOURCE} SV107; CMS-1500 box 24E")
def pointer_range(claim: Claim) -> Iterator[Problem]:
    """Pointers are of diagnoses that are on the claim."""
    most = len(claim.diagnoses)
    for service in claim.lines:
        pointers = service.diagnosis_pointers
        if pointers and (max(pointers) > most or min(pointers) < 1):
            wrong = next(one for one in pointers if not 0 < one <= most)
            message = f"Diagnosis {wrong} is not on the claim; it has {most}."
            yield Problem(line(service.number, "diagnosis_pointers"), message, "Point to a diagnosis that is there.")


@rule("lines.pointer-limit", ERROR, source=f"{_SOURCE} SV107-1 to -4")
def pointer_limit(claim: Claim) -> Iterator[Problem]:
    """A line has at most four pointers, each once."""
    for service in claim.lines:
        pointers = service.diagnosis_pointers
        if len(pointers) > _POINTERS or len(set(pointers)) < len(pointers):
            message = f"{len(pointers)} pointers: a line takes four different ones."
            yield Problem(line(service.number, "diagnosis_pointers"), message, "Keep the four that matter most.")


@rule(
    "lines.unlisted-description",
    ERROR,
    source=f"{_SOURCE} SV101-7; Claims Processing Manual ch. 26 §10.4 item 19",
    codes=is_unlisted,
)
def unlisted_description(claim: Claim) -> Iterator[Problem]:
    """An unlisted code says in words what was done."""
    for service in claim.lines:
        if is_unlisted(service.procedure.code) and not (service.procedure.description or service.note).strip():
            message = f"{service.procedure.code} is unlisted and has no description."
            yield Problem(line(service.number, "procedure"), message, "Describe the service or drug in a few words.")


@rule("lines.note", ERROR, source=f"{_SOURCE} NTE02, SV101-7 (80 characters)")
def note(claim: Claim) -> Iterator[Problem]:
    """Notes and descriptions have at most 80 characters."""
    for service in claim.lines:
        if max(len(service.note), len(service.procedure.description)) > _NOTE:
            yield Problem(line(service.number, "note"), "The line's note has more than 80 characters.", "Shorten it.")


@rule(
    "lines.duplicate",
    ERROR,
    when="several_lines",
    source="Claims Processing Manual ch. 1 §120: exact duplicates (CARC 18)",
)
def duplicate(claim: Claim) -> Iterator[Problem]:
    """No two lines are alike in code, modifiers, day, place and renderer."""
    if len(claim.codes) == len(claim.lines):
        return
    keys = [
        (
            service.revenue_code,
            service.procedure.code,
            tuple(sorted(service.procedure.modifiers)),
            service.service,
            service.place_of_service or claim.place_of_service,
            service.rendering.npi if service.rendering else "",
            service.drug.ndc if service.drug else "",
            service.dental,
        )
        for service in claim.lines
    ]
    if len(set(keys)) == len(keys):
        return
    seen: set[object] = set()
    for service, key in zip(claim.lines, keys, strict=True):
        if key in seen:
            message = f"{service.procedure.code or service.revenue_code} is billed twice on the same day."
            fix = "Add up the units, or add 76, 77, 91, 59 or XS/XE/XP/XU when it was done again."
            yield Problem(line(service.number, "procedure"), message, fix)
        seen.add(key)
