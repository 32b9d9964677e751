"""Why do I owe this? The answer from the journal, step by step, in the words that statements, screens and the command
line share. Pure: entries in, sentences out; no sentence without an entry behind it, no change of a balance without one.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from msgspec import Struct

from superbill.codesets.carc.lookup import reason as carc
from superbill.forms.statement.compose import LEFT_TO_YOU, NOT_SAID, SHARES, EventKind, LineEvent, LineFacts, line
from superbill.forms.statement.history import entry_events
from superbill.forms.statement.model import StatementLine
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Posting, Reason, balance_of
from superbill.ledger.reasons import patient_words
from superbill.money import Cents, dollars

_METHODS = {
    "desk": "at the desk",
    "card": "by card",
    "cash": "in cash",
    "check": "by check",
    "money order": "by money order",
    "bank transfer": "by bank transfer",
    "portal": "online",
}
# A payer's answer is told from the price down to what is left: other events stand as they were posted.
_ORDER: dict[EventKind, int] = {"payment": 1, "discount": 2, "denial": 3, "passed on": 4, "patient share": 5}


class Step(Struct, frozen=True, kw_only=True):
    """One event of a line's account: `said` in plain words, then what the patient owes and what waits for insurance
    (cents) once it had happened. `entry` is the key of the journal entry, `kind` its kind."""

    on: date
    said: str
    owed: Cents
    with_insurance: Cents
    entry: str
    kind: str


class LineStory(Struct, frozen=True, kw_only=True):
    """A charge line from its charge to today. `line` is how the statement tells it: amounts, reasons, since when."""

    key: str
    on: date
    line: StatementLine
    steps: tuple[Step, ...]
    patient: str = ""
    provider: str = ""


class Explanation(Struct, frozen=True, kw_only=True):
    """Why an account, a visit or a line is owed. `unapplied` is money on account that is on no line yet."""

    lines: tuple[LineStory, ...]
    unapplied: Cents = 0

    @property
    def owed(self) -> Cents:
        """What the lines add up to."""
        return sum(story.line.owed for story in self.lines)

    @property
    def due(self) -> Cents:
        """What is asked for: what is owed less the money on account."""
        return self.owed - self.unapplied


def explain(
    facts: Mapping[str, LineFacts], entries: Iterable[Entry], payer_names: Mapping[str, str], unapplied: Cents = 0
) -> Explanation:
    """The stories of charge lines (facts by line key) from the entries that touch them, oldest service first.

    Raises Unexplained when the events of a line and its balance differ.
    """
    told = steps(entries, payer_names)
    stories = [
        LineStory(
            key=key,
            on=one.on,
            line=line(one),
            steps=tuple(told.get(key, ())),
            patient=one.patient,
            provider=one.provider,
        )
        for key, one in facts.items()
    ]
    return Explanation(lines=tuple(sorted(stories, key=lambda story: (story.on, story.key))), unapplied=unapplied)


def steps(entries: Iterable[Entry], payer_names: Mapping[str, str]) -> dict[str, list[Step]]:
    """What happened to every line that `entries` touch, in their order, by line key."""
    told: dict[str, list[Step]] = {}
    sums: dict[str, dict[Account, Cents]] = {}
    sentences: dict[tuple[str, str], str] = {}
    for entry in entries:
        by_line: dict[str, list[Posting]] = {}
        for posting in entry.postings:
            if posting.line:
                by_line.setdefault(posting.line, []).append(posting)
        for key, postings in by_line.items():
            here = sums.setdefault(key, {})
            before = balance_of(here)
            for posting in postings:
                here[posting.account] = here.get(posting.account, 0) + posting.amount
            now = balance_of(here)
            said = " ".join(said_of(entry, postings, payer_names)) or _moved(before, now)
            if entry.reverses:
                undone = sentences.get((key, entry.reverses))
                said = f"We took this back: {undone}" if undone else said
            sentences[key, entry.key] = said
            if said:
                told.setdefault(key, []).append(
                    Step(
                        on=entry.on,
                        said=said,
                        owed=now.patient,
                        with_insurance=now.insurance,
                        entry=entry.key,
                        kind=entry.kind,
                    )
                )
    return told


def said_of(entry: Entry, postings: Sequence[Posting], payer_names: Mapping[str, str]) -> Iterator[str]:
    """The sentences of one entry about one line, whose postings are `postings`."""
    if entry.kind == "charge":
        yield from _charged(postings, payer_names)
        return
    events = sorted(entry_events(entry, postings, payer_names), key=lambda event: _ORDER.get(event.kind, 0))
    # What was refused and is now paid, forgiven or billed is told by that, not by the refusal that ends.
    ends = any(event.kind != "denial" for event in events)
    for event in events:
        if event.amount and not (event.kind == "denial" and event.amount < 0 and ends):
            yield _sentence(event, entry)


def _charged(postings: Sequence[Posting], names: Mapping[str, str]) -> Iterator[str]:
    charge = -sum(posting.amount for posting in postings if posting.account is Account.CHARGES)
    payer = next((posting.payer for posting in postings if posting.account is Account.INSURANCE), "")
    yield f"We charged {dollars(charge)}."
    yield f"We billed {names.get(payer, payer)}." if payer else "No insurance was on file for it, so the bill is yours."


def _sentence(event: LineEvent, entry: Entry) -> str:
    amount, back, who = dollars(abs(event.amount)), event.amount < 0, event.payer or "Your plan"
    match event.kind:
        case "payment":
            if entry.kind == "refund":
                return f"We paid {amount} back to {who}." if back else f"{who} paid {amount}."
            return f"{who} took back {amount}." if back else f"{who} paid {amount}."
        case "discount":
            return f"{amount} that had come off the price was put back." if back else _discount(amount, event.reason)
        case "denial":
            return f"{who} no longer refuses {amount}." if back else f"{who} did not pay {amount}. {_refusal(event)}"
        case "patient share":
            return f"{amount} is not yours to pay any more." if back else _share(amount, event, entry)
        case "passed on":
            return f"{amount} {'came back from' if back else 'went on to'} {event.to or 'your next plan'}."
        case "patient payment":
            return _patient_money(amount, event, entry, back=back)
        case "charity":
            return f"{amount} of financial help was taken back." if back else f"Our financial help paid {amount}."
        case "bad debt":
            return f"{amount} is open again." if back else f"We closed {amount} because it was not paid."
        case "write-off":
            return f"{amount} is back on the bill." if back else f"We took {amount} off your bill.{_own(event.reason)}"


def _discount(amount: str, why: Reason) -> str:
    own = _own(why) if not why.group else ""
    return f"{amount} came off the price.{own}" if own else f"{amount} came off the price under your plan's contract."


def _refusal(event: LineEvent) -> str:
    known = carc(event.reason.code) if event.reason.group else None
    return known.patient_text if known else NOT_SAID


def _share(amount: str, event: LineEvent, entry: Entry) -> str:
    if event.reason.group:
        return f"{amount} {SHARES.get(event.reason.code, LEFT_TO_YOU)}."
    moved = "We moved" if entry.kind in ("transfer", "adjustment") else f"{event.payer or 'Your plan'} left"
    return f"{moved} {amount} to you.{_own(event.reason)}"


def _patient_money(amount: str, event: LineEvent, entry: Entry, *, back: bool) -> str:
    if entry.kind == "returned payment" and back:
        return f"Your payment of {amount} came back from the bank."
    if back:
        return f"We paid {amount} back to you." if entry.kind == "refund" else f"We took {amount} off this service."
    if not event.reason.code and entry.kind == "patient payment" and _from_account(entry):
        return f"We used {amount} of your money on account."
    how = _METHODS.get(event.reason.code, "")
    return f"You paid {amount}{' ' + how if how else ''}."


def _from_account(entry: Entry) -> bool:
    return any(posting.account is Account.UNAPPLIED and posting.amount > 0 for posting in entry.postings)


def _own(why: Reason) -> str:
    """Our own reason as one more sentence."""
    words = patient_words(why.code)
    return f" {words}" if words else ""


def _moved(before: Balance, now: Balance) -> str:
    """For an entry without words of its own: what it did to the balances; "" when it did nothing to them."""
    if now.patient != before.patient:
        much = now.patient - before.patient
        return f"A correction made {dollars(much)} yours." if much > 0 else f"A correction took {dollars(-much)} off."
    if now.insurance != before.insurance:
        return "We corrected what waits for your insurance."
    return ""
