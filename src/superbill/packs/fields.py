"""The fields that a pack's conditions may name: what each is in words, of which kind, and how it is read of a claim."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Literal, NamedTuple

from superbill.claims.model import Claim, Provider, ServiceLine
from superbill.edits.context import Context

Kind = Literal["text", "code", "number", "money", "day", "list", "codes"]


class Subject(NamedTuple):
    """What a condition is asked of: a claim, and one of its lines (the first where the rule is of the whole claim)."""

    claim: Claim
    line: ServiceLine | None
    context: Context


class Field(NamedTuple):
    """`kind` decides which operators and values fit; `list` and `codes` hold several, `codes` take ranges."""

    kind: Kind
    about: str
    read: Callable[[Subject], Any]


def _age(subject: Subject) -> int | None:
    born, day = subject.claim.patient.birth_date, _day(subject)
    if born is None or day is None:
        return None
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _day(subject: Subject) -> date | None:
    own = subject.line.service.start if subject.line else None
    return own or subject.claim.service.start


def _npi(provider: Provider | None) -> str:
    return provider.npi if provider else ""


def _line(read: Callable[[ServiceLine], Any]) -> Callable[[Subject], Any]:
    return lambda subject: read(subject.line) if subject.line is not None else None


def _pointed(subject: Subject) -> tuple[str, ...]:
    codes = subject.claim.diagnoses
    pointers = subject.line.diagnosis_pointers if subject.line else ()
    return tuple(codes[place - 1].code for place in pointers if 0 < place <= len(codes))


def _same_day(subject: Subject) -> tuple[str, ...]:
    day = _day(subject)
    others = (line for line in subject.claim.lines if line is not subject.line)
    return tuple(line.procedure.code for line in others if line.service.start == day)


def _times_in_year(subject: Subject) -> int:
    """How often the line's code was billed in the 365 days up to its day, this line included."""
    day, line = _day(subject), subject.line
    if line is None or day is None:
        return 0
    first = day - timedelta(days=364)
    before = subject.context.history.of(line.procedure.code)
    return 1 + sum(1 for past in before if past.line.service.start and first <= past.line.service.start <= day)


def _modifiers(subject: Subject) -> tuple[str, ...]:
    return tuple(subject.line.procedure.modifiers) if subject.line else tuple(sorted(subject.claim.modifiers))


FIELDS: dict[str, Field] = {
    "payer": Field("text", "the payer's id", lambda s: s.claim.payer.id),
    "payer.kind": Field("text", "commercial, medicare, medicaid …", lambda s: s.context.payer.kind),
    "payer.filing_indicator": Field("text", "MB, MC, CI, BL …", lambda s: s.claim.payer.claim_filing_indicator),
    "plan": Field("text", "the insured's group number", lambda s: s.claim.subscriber.group_number),
    "member_id": Field("text", "the insured's number", lambda s: s.claim.subscriber.member_id),
    "relationship": Field("text", "the patient is to the insured: 18 …", lambda s: s.claim.subscriber.relationship),
    "responsibility": Field("text", "P, S, T …", lambda s: s.claim.subscriber.responsibility),
    "form": Field("text", "professional, institutional or dental", lambda s: s.claim.kind),
    "frequency": Field("text", "claim frequency code", lambda s: s.claim.frequency),
    "type_of_bill": Field("text", "four digits of an institutional claim", lambda s: s.claim.type_of_bill),
    "state": Field("text", "the billing provider's state", lambda s: getattr(s.claim.billing.address, "state", "")),
    "billing.npi": Field("text", "the billing provider's NPI", lambda s: s.claim.billing.npi),
    "billing.taxonomy": Field("text", "the billing provider's taxonomy code", lambda s: s.claim.billing.taxonomy),
    "rendering.npi": Field("text", "the rendering provider's NPI", lambda s: _npi(s.claim.rendering)),
    "rendering.taxonomy": Field(
        "text", "the rendering provider's taxonomy code", lambda s: getattr(s.claim.rendering, "taxonomy", "")
    ),
    "referring.npi": Field("text", "the referring provider's NPI", lambda s: _npi(s.claim.referring)),
    "patient.age": Field("number", "completed years on the day of service", _age),
    "patient.sex": Field("text", "F, M or U", lambda s: s.claim.patient.sex),
    "prior_authorization": Field("text", "its number", lambda s: s.claim.prior_authorization),
    "referral_number": Field("text", "its number", lambda s: s.claim.referral_number),
    "accident": Field("list", "AA auto, EM work, OA other", lambda s: getattr(s.claim.accident, "causes", ())),
    "note": Field("text", "the claim note", lambda s: s.claim.note),
    "charge": Field("money", "the whole claim's charge", lambda s: s.claim.charge),
    "diagnoses": Field("codes", "every diagnosis", lambda s: tuple(each.code for each in s.claim.diagnoses)),
    "diagnoses.first": Field(
        "code", "the first-listed diagnosis", lambda s: s.claim.diagnoses[0].code if s.claim.diagnoses else ""
    ),
    "codes": Field("codes", "every procedure code of the claim", lambda s: tuple(sorted(s.claim.codes))),
    "place_of_service": Field(
        "text", "of the line, else of the claim",
        lambda s: (s.line.place_of_service if s.line else "") or s.claim.place_of_service,
    ),
    "day": Field("day", "the day of service", _day),
    "modifiers": Field("list", "of the line, or of any line where the rule is of the claim", _modifiers),
    "line.code": Field("code", "the procedure code", _line(lambda line: line.procedure.code)),
    "line.revenue_code": Field("code", "the revenue code", _line(lambda line: line.revenue_code)),
    "line.units": Field("number", "units", _line(lambda line: line.units)),
    "line.charge": Field("money", "the line's charge", _line(lambda line: line.charge)),
    "line.diagnoses": Field("codes", "the diagnoses that the line points to", _pointed),
    "line.ndc": Field("text", "the drug's NDC", _line(lambda line: line.drug.ndc if line.drug else "")),
    "line.rendering.npi": Field(
        "text", "of the line, else of the claim",
        lambda s: _npi((s.line.rendering if s.line else None) or s.claim.rendering),
    ),
    "line.other_codes": Field("codes", "procedure codes of other lines on the same day", _same_day),
    "line.times_in_year": Field("number", "how often the code was billed in a year, this included", _times_in_year),
}  # fmt: skip

OPERATORS: dict[Kind, tuple[str, ...]] = {
    "text": ("is", "is not", "in", "not in", "starts with", "contains", "present", "missing"),
    "code": ("is", "is not", "in", "not in", "starts with", "present", "missing"),
    "number": ("is", "is not", "above", "below", "at least", "at most", "present", "missing"),
    "money": ("is", "is not", "above", "below", "at least", "at most"),
    "day": ("is", "is not", "above", "below", "at least", "at most"),
    "list": ("contains", "in", "not in", "present", "missing"),
    "codes": ("contains", "in", "not in", "starts with", "present", "missing"),
}
