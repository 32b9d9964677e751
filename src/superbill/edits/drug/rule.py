"""National drug code edits (loop 2410; box 24 shaded)."""

import re
from collections.abc import Iterator
from decimal import Decimal

from superbill.claims.codes import is_drug, is_vaccine
from superbill.claims.model import Claim
from superbill.edits.context import Context
from superbill.edits.rule import ERROR, WARNING, Problem, rule
from superbill.findings import line

_SOURCE = "837P TR3, loop 2410"
_NDC = re.compile(r"\d{11}")
_PLACEHOLDER = re.compile(r"(\d)\1{10}")
_UNITS = frozenset({"F2", "GR", "ME", "ML", "UN"})
_MOST = Decimal("99999999.999")


@rule("drug.ndc", ERROR, when="drug", source=f"{_SOURCE} LIN03; NUCC 1500 manual, box 24")
def ndc(claim: Claim) -> Iterator[Problem]:
    """An NDC has eleven digits (5-4-2 without hyphens) and is no stand-in."""
    for service in claim.lines:
        if service.drug and (not _NDC.fullmatch(service.drug.ndc) or _PLACEHOLDER.fullmatch(service.drug.ndc)):
            message = f"{service.drug.ndc!r} is not an NDC of eleven digits."
            yield Problem(line(service.number, "drug.ndc"), message, "Copy it from the package and pad it to 5-4-2.")


@rule("drug.quantity", ERROR, when="drug", source=f"{_SOURCE} CTP04")
def quantity(claim: Claim) -> Iterator[Problem]:
    """The drug's quantity is above zero and fits: eight digits and three decimals."""
    for service in claim.lines:
        if service.drug is None:
            continue
        amount = service.drug.quantity
        if not 0 < amount <= _MOST or amount != round(amount, 3):
            message = f"{amount} can't be the quantity of a drug."
            yield Problem(line(service.number, "drug.quantity"), message, "Enter what was given, in the drug's unit.")


@rule("drug.unit", ERROR, when="drug", source=f"{_SOURCE} CTP05-1")
def unit(claim: Claim) -> Iterator[Problem]:
    """The drug's unit is one of F2, GR, ME, ML, UN."""
    for service in claim.lines:
        if service.drug and service.drug.unit not in _UNITS:
            message = f"{service.drug.unit!r} is no unit of a drug."
            yield Problem(line(service.number, "drug.unit"), message, "Use F2, GR, ME, ML or UN.")


@rule("drug.ndc-missing", ERROR, source="Social Security Act §1927(a)(7); payer contract")
def ndc_missing(claim: Claim, ctx: Context) -> Iterator[Problem]:
    """A payer that asks for NDCs gets one on every drug, or vaccine."""
    drugs, vaccines = ctx.payer.needs_ndc, ctx.payer.needs_vaccine_ndc
    if not drugs and not vaccines:
        return
    for service in claim.lines:
        code = service.procedure.code
        if service.drug is None and ((drugs and is_drug(code)) or (vaccines and is_vaccine(code))):
            message = f"{code} has no NDC, and {claim.payer.name} asks for it."
            yield Problem(line(service.number, "drug"), message, "Record NDC, quantity and unit from the package.")


@rule("drug.on-service", WARNING, when="drug", source=f"{_SOURCE} situational rule")
def on_service(claim: Claim) -> Iterator[Problem]:
    """An NDC stands on the drug's line, not on its administration or the visit."""
    for service in claim.lines:
        code = service.procedure.code
        if service.drug and code.isdigit() and not is_vaccine(code):
            message = f"{code} is no drug, but has an NDC."
            yield Problem(line(service.number, "drug"), message, "Move the NDC to the drug's or vaccine's line.")
