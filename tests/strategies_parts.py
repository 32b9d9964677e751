"""The parts of which generated claims and remittances are made."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from superbill.claims.model import (
    Address,
    Adjustment,
    Contact,
    Payer,
    Person,
    Procedure,
    Provider,
    SecondaryId,
)
from superbill.effective import Period
from superbill.identifiers import npi
from superbill.x12.model import (
    Envelope,
    Submitter,
)

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_NAMELY = _LETTERS + "'-"
_CODE = _LETTERS + "0123456789"


def word(least: int, most: int, alphabet: str = _CODE) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=least, max_size=most)


def digits(least: int, most: int) -> st.SearchStrategy[str]:
    """Digits only."""
    return word(least, most, "0123456789")


names = word(2, 20, _LETTERS).flatmap(
    lambda head: word(0, 8, _NAMELY + " ").map(lambda tail: " ".join(f"{head}{tail}A".split()))
)
notes = names
npis = st.integers(100_000_000, 299_999_999).map(lambda number: npi(str(number)))
days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
birth_dates = st.dates(date(1920, 1, 1), date(2019, 12, 31))
cents = st.integers(1, 9_999_999)
maybe_cents = st.none() | st.integers(0, 999_999)
states = st.sampled_from(["OH", "TX", "CO", "FL", "CA", "NY"])
taxonomies = st.sampled_from(["207Q00000X", "261QM1300X", "363L00000X"])


def periods() -> st.SearchStrategy[Period]:
    """One day or a few."""
    return st.tuples(days, st.integers(0, 5)).map(lambda pair: Period(pair[0], pair[0] + timedelta(pair[1])))


def maybe(strategy: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.just("") | strategy


def addresses(zip_length: int = 5) -> st.SearchStrategy[Address]:
    return st.builds(
        Address,
        line1=names,
        city=names,
        state=states,
        postal_code=digits(zip_length, zip_length).map(lambda text: "1" + text[1:]),
        line2=maybe(names),
    )


def people() -> st.SearchStrategy[Person]:
    return st.builds(Person, last=names, first=names, middle=maybe(word(1, 1, _LETTERS)), suffix=maybe(st.just("JR")))


def contacts(email: bool = True) -> st.SearchStrategy[Contact]:
    mail = maybe(st.just("billing@example.com")) if email else st.just("")
    return st.builds(Contact, name=names, phone=digits(10, 10), email=mail)


def secondary_ids(*qualifiers: str) -> st.SearchStrategy[tuple[SecondaryId, ...]]:
    """At most one of each qualifier, in the order given."""
    return st.tuples(*(st.none() | word(1, 12).map(lambda text, q=q: SecondaryId(q, text)) for q in qualifiers)).map(
        lambda found: tuple(each for each in found if each)
    )


def _named(person: bool | None = None) -> st.SearchStrategy[dict[str, object]]:
    persons = people().map(lambda each: {"person": each})
    organizations = names.map(lambda each: {"organization": each})
    return persons if person else organizations if person is False else persons | organizations


@st.composite
def providers(
    draw: st.DrawFn, *, person: bool | None = None, taxonomy: bool = False, ids: tuple[str, ...] = ()
) -> Provider:
    """A provider told by name and NPI."""
    return Provider(
        **draw(_named(person)),
        npi=draw(npis),
        taxonomy=draw(maybe(taxonomies)) if taxonomy else "",
        secondary_ids=draw(secondary_ids(*ids)) if ids else (),
    )


@st.composite
def billing_providers(draw: st.DrawFn) -> Provider:
    return Provider(
        **draw(_named()),
        npi=draw(npis),
        taxonomy=draw(maybe(taxonomies)),
        tin=draw(digits(9, 9).map(lambda text: "1" + text[1:])),
        tin_kind=draw(st.sampled_from(["EI", "SY"])),
        address=draw(addresses(9)),
        contact=draw(st.none() | contacts()),
        secondary_ids=draw(secondary_ids("0B", "1G", "G2", "LU")),
    )


@st.composite
def facilities(draw: st.DrawFn) -> Provider:
    return Provider(
        organization=draw(names),
        npi=draw(npis),
        address=draw(addresses(9)),
        contact=draw(st.none() | contacts(email=False)),
        secondary_ids=draw(secondary_ids("0B", "G2", "LU")),
    )


def payers(filing: tuple[str, ...] = ("CI", "MB", "MC", "BL", "12")) -> st.SearchStrategy[Payer]:
    return st.builds(
        Payer,
        name=names,
        id=word(2, 10),
        claim_filing_indicator=st.sampled_from(filing),
        address=st.none() | addresses(),
    )


procedures = st.builds(
    Procedure,
    code=st.sampled_from(["99213", "99214", "J1885", "G0438", "71046"]),
    modifiers=st.lists(st.sampled_from(["25", "59", "GT", "LT", "RT"]), max_size=4, unique=True).map(tuple),
)
plain_units = st.integers(1, 99).map(Decimal) | st.just(Decimal("1.5"))


@st.composite
def adjustments(draw: st.DrawFn, total: int) -> tuple[Adjustment, ...]:
    """Adjustments that add up to `total`, in one or two groups, none twice."""
    if total == 0:
        return ()
    reasons = draw(
        st.lists(st.sampled_from(["45", "1", "2", "3", "97", "253", "16"]), min_size=1, max_size=7, unique=True)
    )
    parts = []
    left = total
    for reason in reasons[:-1]:
        part = draw(st.integers(min(1, left), max(1, left // 2)))
        if part >= left:
            break
        parts.append((reason, part))
        left -= part
    parts.append((reasons[-1], left))
    made = [
        Adjustment(draw(st.sampled_from(["CO", "PR"])), reason, amount, draw(st.none() | st.just(Decimal(2))))
        for reason, amount in parts
    ]
    return tuple(sorted(made, key=lambda each: each.group))


ENVELOPE = Envelope(
    sender_id="CLINIC01",
    receiver_id="PAYER01",
    interchange_control_number=101,
    group_control_number=7,
    created=datetime(2026, 3, 4, 5, 6, tzinfo=UTC),
    usage="T",
)
SUBMITTER = Submitter(
    name="FICTIONAL CLINIC",
    id="CLINIC01",
    contact=Contact("BILLING OFFICE", "5555550100"),
    receiver_name="FICTIONAL PAYER",
    receiver_id="PAYER01",
)
