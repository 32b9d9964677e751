"""Who pays for a patient, as far as the chart tells: the adult patient, for a minor the one who signed. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.chart.model import Chart, PersonName, PostalAddress

Basis = Literal["self", "subscriber", "guardian", "parent", "court order", "agreement", "estate"]
MAJORITY = 18


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A payer of bills as papers name them. `kind` patient: the patient themself; person: somebody named; guardian:
    the parent or guardian of a minor, whom no paper names; organization: a ward's agency, an employer."""

    kind: Literal["patient", "person", "guardian", "organization"]
    name: PersonName
    birth_date: date | None = None
    address: PostalAddress | None = None
    phone: str = ""
    email: str = ""


class Term(Struct, frozen=True, kw_only=True):
    """`party` pays for what is done from `since` (None: always) until the day before `until` (None: open)."""

    party: Party
    basis: Basis
    since: date | None = None
    until: date | None = None


def terms(chart: Chart, today: date, majority: int = MAJORITY) -> tuple[Term, ...]:
    """Who pays for the patient's services, by the day of service, without a gap.

    A minor's bills are those of the subscriber of the first coverage that names one; from the birthday on which the
    patient comes of age they are the patient's own. Without a birth date the patient counts as of age; who was so on
    every day of service that the chart tells of, and on `today`, pays alone.
    """
    patient = chart.patient
    own = Party(
        kind="patient",
        name=patient.name,
        birth_date=patient.birth_date,
        address=patient.address,
        phone=patient.phone,
    )
    if patient.birth_date is None:
        return (Term(party=own, basis="self"),)
    of_age = comes_of_age(patient.birth_date, majority)
    if of_age <= min((one.date_of_service for one in chart.encounters), default=today) and of_age <= today:
        return (Term(party=own, basis="self"),)
    signer = _signer(chart)
    named = signer or Party(kind="guardian", name=patient.name, address=patient.address, phone=patient.phone)
    return (
        Term(party=named, basis="subscriber" if signer else "guardian", until=of_age),
        Term(party=own, basis="self", since=of_age),
    )


def comes_of_age(born: date, majority: int = MAJORITY) -> date:
    """The day on which one born on `born` is of age; who was born on 29 February is so on 1 March in other years."""
    try:
        return born.replace(year=born.year + majority)
    except ValueError:
        return date(born.year + majority, 3, 1)


def _signer(chart: Chart) -> Party | None:
    """The subscriber who is not the patient, of the first coverage in order; who is younger signed for nobody."""
    born = chart.patient.birth_date
    for coverage in sorted(chart.coverages, key=lambda one: one.order):
        one = coverage.subscriber
        if one is None or coverage.relationship not in ("child", "other") or not one.name.family:
            continue
        if one.birth_date and born and one.birth_date >= born:
            continue
        return Party(
            kind="person",
            name=one.name,
            birth_date=one.birth_date,
            address=one.address or chart.patient.address,
            phone="" if one.address else chart.patient.phone,
        )
    return None


def identity(party: Party) -> str:
    """Text that is the same for the same person on two charts: name and birth date, without one name and address."""
    name = "|".join(_bare(part) for part in (party.name.family, *party.name.given[:1]))
    if party.birth_date:
        return f"person:{name}|{party.birth_date.isoformat()}"[:200]
    address = party.address
    place = "|".join(_bare(part) for part in (*address.lines[:1], address.postal_code[:5])) if address else ""
    return f"{party.kind}:{name}||{place}"[:200]


def same_person(name: PersonName, family: str, given: str) -> bool:
    """Whether family and first given name agree, case and marks aside."""
    first = name.given[0] if name.given else ""
    return bool(first) and _bare(name.family) == _bare(family) and _bare(first) == _bare(given.split(" ")[0])


def _bare(text: str) -> str:
    return text.translate(_MARKS).casefold()


_MARKS = str.maketrans("", "", " -.'’|")


class Guaranteed(Struct, frozen=True, kw_only=True):
    """A stored term: the guarantor (row id), and whether a person `decided` it."""

    guarantor: int
    basis: str
    since: date | None = None
    until: date | None = None
    decided: bool = False
    id: int = 0

    def holds_on(self, day: date) -> bool:
        """Whether `day` is in the term."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


def in_force(stored: Sequence[Guaranteed], day: date) -> Guaranteed | None:
    """The term that holds on `day`: what a person decided before what charts tell, the latest decision first."""
    holding = [one for one in stored if one.holds_on(day)]
    return max(holding, key=lambda one: (one.decided, one.id), default=None)
