"""Edits on vaccines: each dose has its administration, each administration its dose, and both are counted.

Immune globulins (90281–90399) are given like drugs (96372, 96380), not like vaccines.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from importlib.resources import files

import msgspec

from superbill.claims.model import Claim, ServiceLine
from superbill.edits.context import Context
from superbill.edits.professional import MEDICARE, PROFESSIONAL, error_for, services
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import Change, Severity, line

PRODUCTS = services("90476-90759 91300-91399 90587 90589 90593 90611 90612-90613 90619-90626 Q2034-Q2039")
_COUNSELED, _COUNSELED_MORE = "90460", "90461"
_BY_NEEDLE, _MORE_BY_NEEDLE, _BY_MOUTH, _MORE_BY_MOUTH = "90471", "90472", "90473", "90474"
_CPT = frozenset({_COUNSELED, _BY_NEEDLE, _MORE_BY_NEEDLE, _BY_MOUTH, _MORE_BY_MOUTH})
_COVID_PRODUCTS = services("91300-91399")
_COVID = "90480"
_INFLUENZA = services("90630 90653-90662 90672-90674 90682 90685-90689 90694 90756 Q2034-Q2039")
_PNEUMOCOCCAL = services("90670-90671 90677 90684 90732")
_HEPATITIS_B = services("90739-90740 90743-90744 90746-90747 90759")
_MEDICARE_CODES = {"G0008": _INFLUENZA, "G0009": _PNEUMOCOCCAL, "G0010": _HEPATITIS_B}
# One of these counts one dose; 90461 counts components.
_DOSES = _CPT | {_COVID, *_MEDICARE_CODES}
ADMINISTRATION = _DOSES | {_COUNSELED_MORE}
_INJURY = ("S", "T", "W54", "W55", "Z203", "Z23")  # tetanus and rabies after a wound; a need for immunization


def _components() -> dict[str, int]:
    text = files("superbill.edits.vaccines").joinpath("components.yaml").read_bytes()
    return {str(code): count for code, count in msgspec.yaml.decode(text, type=dict[int, int]).items()}


_COMPONENTS = _components()


def _asked(code: str) -> bool:
    return code in PRODUCTS or code in ADMINISTRATION


# The claim that was asked last: the edits of one claim come one after the other.
_last: tuple[Claim | None, tuple[list[ServiceLine], ...]] = (None, ())


def _by_day(claim: Claim) -> tuple[list[ServiceLine], ...]:
    """The lines of vaccines and administrations, those of a day together."""
    global _last
    asked, found = _last
    if asked is not claim:
        days: dict[date | None, list[ServiceLine]] = {}
        for service in claim.lines:
            if _asked(service.procedure.code):
                days.setdefault(service.service.start, []).append(service)
        found = tuple(days.values())
        _last = (claim, found)
    return found


def _units(lines: Iterable[ServiceLine]) -> Decimal:
    return sum((one.units for one in lines), Decimal(0))


@rule(
    "vaccines.product-missing",
    ERROR,
    source="CPT 90460–90474, 90480: reported beside the product; Claims Processing Manual ch. 18 §10.2",
    forms=PROFESSIONAL,
    codes=ADMINISTRATION,
)
def product_missing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """An administration has the vaccine beside it, on the same day."""
    for lines in _by_day(claim):
        if not any(one.procedure.code in PRODUCTS for one in lines):
            message = f"{lines[0].procedure.code} gives a vaccine that is on no line."
            fix = "Add the vaccine's code; one from the state carries SL."
            severity = error_for(ctx, "medicare", "commercial")  # some states pay by the administration alone
            yield Problem(line(lines[0].number, "procedure"), message, fix, severity)


@rule(
    "vaccines.administration-missing",
    WARNING,
    source="CPT 90476–90759: the product only; Claims Processing Manual ch. 18 §10.2",
    forms=PROFESSIONAL,
    codes=PRODUCTS.__contains__,
)
def administration_missing(claim: Claim) -> Iterator[Problem]:
    """A vaccine has its administration beside it, on the same day."""
    for lines in _by_day(claim):
        if not any(one.procedure.code in ADMINISTRATION for one in lines):
            message = f"{lines[0].procedure.code} stands without its administration."
            yield Problem(line(lines[0].number, "procedure"), message, "Add the administration's code for each dose.")


@rule(
    "vaccines.count",
    ERROR,
    source="CPT 90460–90474, 90480: one for each vaccine; Claims Processing Manual ch. 18 §10.2",
    why="Payers pay one administration for each dose, and deny what is over.",
    forms=PROFESSIONAL,
    codes=ADMINISTRATION,
)
def count(claim: Claim) -> Iterator[Problem]:
    """There are as many administrations as doses on a day."""
    for lines in _by_day(claim):
        doses = _units(one for one in lines if one.procedure.code in PRODUCTS)
        given = [one for one in lines if one.procedure.code in _DOSES]
        administrations = _units(given)
        if given and doses and administrations != doses:
            many = administrations > doses
            message = f"{administrations} administrations stand beside {doses} doses."
            fix = "Bill one administration for each dose."
            severity = Severity.ERROR if many else Severity.WARNING
            yield Problem(line(given[0].number, "units"), message, fix, severity)


@rule(
    "vaccines.components",
    WARNING,
    source="CPT 90460, 90461: 90461 for each component after the first of each vaccine",
    forms=PROFESSIONAL,
    codes=(_COUNSELED, _COUNSELED_MORE),
)
def components(claim: Claim) -> Iterator[Problem]:
    """With counseling, 90461 counts the further components of the day's vaccines."""
    for lines in _by_day(claim):
        codes = {one.procedure.code for one in lines}
        if not codes & {_COUNSELED, _COUNSELED_MORE} or codes & {_BY_NEEDLE, _BY_MOUTH, _COVID}:
            continue  # some doses without counseling: which ones is not told
        more = sum(
            (_COMPONENTS.get(one.procedure.code, 1) - 1) * one.units for one in lines if one.procedure.code in PRODUCTS
        )
        billed = _units(one for one in lines if one.procedure.code == _COUNSELED_MORE)
        if codes.isdisjoint(_DOSES) or billed != more:
            message = f"90461 has {billed} units; the vaccines have {more} further components."
            where = next(one for one in lines if one.procedure.code in (_COUNSELED, _COUNSELED_MORE))
            yield Problem(line(where.number, "units"), message, f"Bill 90461 with {more} units beside 90460.")


@rule(
    "vaccines.first-administration",
    ERROR,
    source="CPT 90471–90474: one first administration a day, the others additional",
    forms=PROFESSIONAL,
    codes=(_BY_NEEDLE, _MORE_BY_NEEDLE, _BY_MOUTH, _MORE_BY_MOUTH, _COUNSELED_MORE),
)
def first_administration(claim: Claim) -> Iterator[Problem]:
    """A day has one first administration (90471 or 90473), and every additional one stands beside a first."""
    for lines in _by_day(claim):
        by_code = {one.procedure.code: one for one in lines}
        firsts = [one for one in lines if one.procedure.code in (_BY_NEEDLE, _BY_MOUTH)]
        if _units(firsts) > 1:
            message = "The day has more than one first administration."
            fix = "Keep one of 90471 and 90473; the others are 90472 or 90474."
            yield Problem(line(firsts[-1].number, "procedure"), message, fix)
        for code in (_MORE_BY_NEEDLE, _MORE_BY_MOUTH):
            if code in by_code and not firsts and _COUNSELED not in by_code:
                message = f"{code} is an additional administration; no first one is billed."
                yield Problem(line(by_code[code].number, "procedure"), message, "Bill 90471 or 90473 for the first.")
        if _COUNSELED_MORE in by_code and _COUNSELED not in by_code:
            message = "90461 is for further components; 90460 for the first is missing."
            yield Problem(line(by_code[_COUNSELED_MORE].number, "procedure"), message, "Bill 90460 for each vaccine.")


@rule(
    "vaccines.medicare-code",
    ERROR,
    source="Claims Processing Manual ch. 18 §10.2.1: G0008, G0009, G0010",
    why="Part B pays influenza, pneumococcal and hepatitis B vaccines with their own administration codes only.",
    forms=PROFESSIONAL,
    payers=MEDICARE,
    codes=_CPT,
)
def medicare_code(claim: Claim) -> Iterator[Problem]:
    """Medicare's influenza, pneumococcal and hepatitis B vaccines are given with G0008, G0009, G0010."""
    for lines in _by_day(claim):
        products = [one for one in lines if one.procedure.code in PRODUCTS]
        wanted = {
            code for code, covered in _MEDICARE_CODES.items() if any(one.procedure.code in covered for one in products)
        } - {one.procedure.code for one in lines}
        given = [one for one in lines if one.procedure.code in _CPT]
        if not wanted or not given:
            continue
        right = min(wanted)
        changes: tuple[Change, ...] = ()
        if len(products) == len(given) == 1:  # one dose, one administration: nothing else can be meant
            changes = (Change("replace", f"/lines/{claim.lines.index(given[0])}/procedure/code", right),)
        message = f"{given[0].procedure.code} stands where Medicare wants {', '.join(sorted(wanted))}."
        yield Problem(line(given[0].number, "procedure"), message, f"Use {right}.", changes=changes)


@rule(
    "vaccines.medicare-code-product",
    ERROR,
    source="Claims Processing Manual ch. 18 §10.2.1",
    forms=PROFESSIONAL,
    codes=_MEDICARE_CODES,
)
def medicare_code_product(claim: Claim) -> Iterator[Problem]:
    """G0008 gives influenza, G0009 pneumococcal, G0010 hepatitis B vaccine."""
    for lines in _by_day(claim):
        products = [one.procedure.code for one in lines if one.procedure.code in PRODUCTS]
        for service in lines:
            covered = _MEDICARE_CODES.get(service.procedure.code)
            if covered is not None and products and not any(code in covered for code in products):
                message = f"{service.procedure.code} does not give {products[0]}."
                fix = "Use G0008 for influenza, G0009 for pneumococcal, G0010 for hepatitis B, else 90471."
                yield Problem(line(service.number, "procedure"), message, fix)


@rule(
    "vaccines.medicare-code-elsewhere",
    WARNING,
    source="Claims Processing Manual ch. 18 §10.2.1: the G codes are Medicare's",
    forms=PROFESSIONAL,
    payers=("commercial", "medicaid", "auto", "workers_compensation"),
    codes=_MEDICARE_CODES,
)
def medicare_code_elsewhere(claim: Claim) -> Iterator[Problem]:
    """Other payers than Medicare take CPT's administration codes."""
    if claim.other_insurance:  # Medicare may pay before or after
        return
    for service in claim.lines:
        if service.procedure.code in _MEDICARE_CODES:
            message = f"{service.procedure.code} is Medicare's; {claim.payer.name} takes CPT codes."
            yield Problem(line(service.number, "procedure"), message, "Use 90471 or 90460, unless the payer wants it.")


@rule(
    "vaccines.covid-code",
    ERROR,
    source="CPT 90480; Claims Processing Manual ch. 18 §10.2",
    since=date(2023, 9, 11),
    forms=PROFESSIONAL,
    codes=lambda code: code in _COVID_PRODUCTS or code == _COVID,
)
def covid_code(claim: Claim) -> Iterator[Problem]:
    """A COVID-19 vaccine is given with 90480, and nothing else is."""
    for lines in _by_day(claim):
        products = [one for one in lines if one.procedure.code in PRODUCTS]
        covid = [one for one in products if one.procedure.code in _COVID_PRODUCTS]
        given = [one for one in lines if one.procedure.code == _COVID]
        others = [one for one in lines if one.procedure.code in _DOSES and one.procedure.code != _COVID]
        if covid and not given and others:
            message = f"{covid[0].procedure.code} is given with 90480, which is on no line."
            yield Problem(line(others[0].number, "procedure"), message, "Use 90480 for the COVID-19 vaccine.")
        elif given and products and not covid:
            message = f"90480 gives COVID-19 vaccines; {products[0].procedure.code} is none."
            yield Problem(line(given[0].number, "procedure"), message, "Use 90471 or 90460, or correct the vaccine.")


@rule(
    "vaccines.diagnosis",
    WARNING,
    source="ICD-10-CM Official Guidelines I.C.21.c.2; Claims Processing Manual ch. 18 §10.2.1",
    forms=PROFESSIONAL,
    codes=PRODUCTS.__contains__,
)
def diagnosis(claim: Claim) -> Iterator[Problem]:
    """A vaccine points to Z23, or to the wound or exposure that it was given for."""
    most = len(claim.diagnoses)
    for service in claim.lines:
        if service.procedure.code not in PRODUCTS:
            continue
        codes = [claim.diagnoses[one - 1].code for one in service.diagnosis_pointers if 0 < one <= most]
        if codes and not any(code.startswith(_INJURY) for code in codes):
            message = f"{service.procedure.code} points to {codes[0]}, which is no reason for a vaccine."
            yield Problem(line(service.number, "diagnosis_pointers"), message, "Point it to Z23.")
