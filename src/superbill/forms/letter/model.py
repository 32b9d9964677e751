"""What an appeal letter says. Every fact comes from the claim, the remittance or the chart; nothing is made up."""

from datetime import date

from msgspec import Struct

from superbill.money import Cents


class LetterParty(Struct, frozen=True, kw_only=True):
    """Who writes, or is written to. `address` lines as on an envelope; `numbers` such as "NPI 1234567893"."""

    name: str
    address: tuple[str, ...] = ()
    phone: str = ""
    email: str = ""
    numbers: tuple[str, ...] = ()


class LetterLine(Struct, frozen=True, kw_only=True):
    """One refused service; `reason` is group and code, as the payer gave them ("CO-50, N115")."""

    service: date
    code: str
    charge: Cents
    refused: Cents
    reason: str


class Quote(Struct, frozen=True):
    """Words of the record, and which code they support."""

    text: str
    supports: str


class AppealLetter(Struct, frozen=True, kw_only=True):
    """One appeal. Empty fields are left out of the letter, or named by `missing` where it can't do without.

    `category` is the kind of cause (denials.handbook); `reasons` are the payer's codes with their meaning in our words;
    `facts` whole sentences that the books prove (sent, acknowledged, authorized); `own_words` what the person adds.
    """

    on: date
    practice: LetterParty
    payer: LetterParty
    level: str
    patient: str
    member_id: str
    birth_date: date | None
    claim_number: str
    our_number: str
    services: tuple[date, date]
    provider: str
    refused_on: date
    category: str
    lines: tuple[LetterLine, ...]
    reasons: tuple[tuple[str, str], ...]
    diagnoses: tuple[str, ...] = ()
    quotes: tuple[Quote, ...] = ()
    facts: tuple[str, ...] = ()
    own_words: tuple[str, ...] = ()
    last_day: date | None = None
    good_cause: str = ""
    documents: tuple[str, ...] = ()
    signer: str = ""
    signer_title: str = ""

    @property
    def refused(self) -> Cents:
        """What is asked for."""
        return sum(line.refused for line in self.lines)


_NEEDED = (
    ("signer", "who signs it (--signer)"),
    ("patient", "the patient's name"),
    ("member_id", "the patient's member number"),
    ("claim_number", "the payer's claim control number"),
    ("level", "the appeal level"),
    ("provider", "who gave the service"),
)
_PROVES = frozenset({"medical_necessity", "coding", "bundling", "documentation", "benefit_limit"})


def missing(letter: AppealLetter) -> tuple[str, ...]:
    """What the letter can't do without and lacks, each in a few words; () when it can be printed.

    A letter about what was done or needed has to quote the record or to say it in the writer's own words.
    """
    lacking = [words for field, words in _NEEDED if not getattr(letter, field)]
    if letter.birth_date is None:
        lacking.append("the patient's birth date")
    if not letter.payer.address:
        lacking.append("the payer's address (address of the payer in the site file, or --to)")
    if not letter.practice.address:
        lacking.append("the practice's address")
    if not letter.lines:
        lacking.append("a refused service")
    if letter.category in _PROVES and not (letter.quotes or letter.own_words):
        lacking.append("words of the record, or your own reasons (--because): why the payer should pay")
    if letter.category == "timely_filing" and not (letter.facts or letter.own_words):
        lacking.append("proof that the claim came in time, or your own reasons (--because)")
    if letter.last_day is not None and letter.on > letter.last_day and not letter.good_cause:
        lacking.append(f"the good cause for coming after {letter.last_day} (--good-cause)")
    return tuple(lacking)
