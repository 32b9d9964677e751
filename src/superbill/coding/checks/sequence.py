"""Code first, use additional, code also: what must, or may, stand before or after a code (guidelines I.A.13, I.A.17).

The items of a note are alternatives: any one meets it. A list of examples ("such as") leaves room for others, and
words that name no code leave more; then what stands there is reported as not checked, never passed.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from superbill.coding.checks.compiled import Entry, Rule, entries
from superbill.coding.checks.model import GUIDELINES, Context, finding
from superbill.findings import Finding, Severity

_CONVENTION = f"{GUIDELINES}, I.A.13"


class _Around(NamedTuple):
    """A code at its position among the others: those before and after it, and those of them that a note asks for."""

    position: int
    own: Entry
    before: list[Entry]
    after: list[Entry]
    asked_before: list[Entry]
    asked_after: list[Entry]


def check(context: Context) -> Iterator[Finding]:
    """The findings of each code in sequence: code first, use additional, code also."""
    entry = entries(context.book).entry
    coded = [found for plain in dict.fromkeys(context.codes) if (found := entry(plain)) is not None]
    for place, own in enumerate(coded):
        if not (own.first or own.additional or own.also):
            continue
        before, after, asks = coded[:place], coded[place + 1 :], own.asks
        around = _Around(
            context.codes.index(own.plain) + 1,
            own,
            before,
            after,
            [each for each in before if not asks.isdisjoint(each.beginnings)],
            [each for each in after if not asks.isdisjoint(each.beginnings)],
        )
        for rules, judge in ((own.first, _first), (own.additional, _additional), (own.also, _also)):
            if rules:
                yield from _judged(rules, judge, around)


def _judged(
    rules: Sequence[Rule], judge: Callable[[Rule, _Around], Finding | None], around: _Around
) -> Iterator[Finding]:
    """A note in general words is met by what meets a note of the same kind that names its codes."""
    asked = (*around.asked_before, *around.asked_after)
    met = any(_among(rule, asked) for rule in rules) if asked else False
    for rule in rules:
        if met and not rule.named:
            continue
        found = judge(rule, around)
        if found is not None:
            yield found


def _among(rule: Rule, asked: Sequence[Entry]) -> Entry | None:
    """The first code that the note names."""
    for each in asked:
        if rule.named.names(each.beginnings):
            return each
    return None


def _roughly(rule: Rule, others: Sequence[Entry]) -> Entry | None:
    """The first code that may be the one that the note means in words."""
    if rule.words:
        return next(iter(others), None)
    if not rule.roughly:
        return None
    return next((each for each in others if not each.manifestation and rule.roughly.names(each.beginnings)), None)


def _first(rule: Rule, around: _Around) -> Finding | None:
    own, before = around.own, around.before
    if _among(rule, around.asked_before):
        return None
    later = _among(rule, around.asked_after)
    if later is not None:
        return _wrong_order(rule, around, later)
    possible = _roughly(rule, before)
    if possible is not None:
        return _unproven(rule, around, possible, "code-first")
    code = own.code.code
    example = next((each for each in before if each.condition), None) if rule.open else None
    severity = Severity.ERROR if example is None else Severity.WARNING
    if not own.manifestation and rule.optional:
        severity = Severity.INFORMATION
    elif not own.manifestation and (not rule.named or own.plain.startswith("Z")):
        # What a circumstance goes with is wider than its note: weeks of gestation stand behind Z34 and O70 too.
        severity = Severity.WARNING
    message = (
        f"{code} is a manifestation: its underlying condition is coded first."
        if own.manifestation
        else f"{code} has a code-first note: what it names goes first, where it applies."
        if rule.optional
        else f"{code} has a code-first note, and nothing that it names is coded first."
    )
    return finding(
        "code-first", severity, around.position, message,
        why=rule.cited if example is None else f"{rule.cited} The list is of examples.",
        fix=f"Put {rule.asked} before {code}"
        + (f", or confirm that {example.code.code} is what the note means." if example is not None else "."),
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _wrong_order(rule: Rule, around: _Around, later: Entry) -> Finding:
    own = around.own
    order = [*around.before, later, own, *(each for each in around.after if each is not later)]
    # "If applicable, any condition such as": that this one is the condition is for the record to say.
    doubtful = rule.wish == "if applicable" and rule.open and not own.manifestation
    return finding(
        "code-first-order", Severity.WARNING if doubtful else Severity.ERROR, around.position,
        f"{own.code.code} stands before {later.code.code}, which is coded first.",
        why=rule.cited, fix=f"Sequence them {', '.join(each.code.code for each in order)}.",
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _additional(rule: Rule, around: _Around) -> Finding | None:
    own = around.own
    if _among(rule, around.asked_after):
        return None
    earlier = _among(rule, around.asked_before)
    if earlier is not None:
        return None if _mutual(own, earlier) else _too_early(rule, around, earlier)
    possible = _roughly(rule, around.after) or _roughly(rule, around.before)
    if possible is not None:
        return _unproven(rule, around, possible, "use-additional")
    code = own.code.code
    if rule.optional:
        severity, message = Severity.INFORMATION, f"{code} takes an additional code, where it applies."
        fix = f"Add {rule.asked} after {code} if it applies."
    else:
        severity, message = Severity.WARNING, f"{code} takes an additional code."
        fix = f"Add {rule.asked} after {code}."
    return finding(
        "use-additional", severity, around.position, message, why=rule.cited, fix=fix, source=rule.source
    )  # fmt: skip


def _mutual(own: Entry, other: Entry) -> bool:
    """Whether the other code asks for this one behind it as well: then either sequence follows a note."""
    return any(rule.named.names(own.beginnings) for rule in (*other.additional, *other.also))


def _too_early(rule: Rule, around: _Around, earlier: Entry) -> Finding:
    code = around.own.code.code
    severity = Severity.INFORMATION if rule.wish == "if applicable" else Severity.WARNING
    return finding(
        "use-additional-order", severity, around.position,
        f"{earlier.code.code} is an additional code to {code}, but stands before it.",
        why=rule.cited, fix=f"Put {earlier.code.code} after {code}, unless it is the reason for the visit.",
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _also(rule: Rule, around: _Around) -> Finding | None:
    if _among(rule, around.asked_before) or _among(rule, around.asked_after):
        return None
    possible = _roughly(rule, around.before) or _roughly(rule, around.after)
    if possible is not None:
        return _unproven(rule, around, possible, "code-also")
    return finding(
        "code-also", Severity.INFORMATION, around.position, f"{around.own.code.code} is often coded with another.",
        why=rule.cited,
        fix=f"Add {rule.asked} if the record has it; the sequence follows the reason for the visit.",
        source=f"{rule.source}; {GUIDELINES}, I.A.17",
    )  # fmt: skip


def _unproven(rule: Rule, around: _Around, possible: Entry, name: str) -> Finding:
    return finding(
        name, Severity.NOT_CHECKED, around.position,
        f"Whether {possible.code.code} is what the note at {around.own.code.code} means was not checked: "
        "it says so in words.",
        why=rule.cited, fix="Read the note and compare it with the record.", source=rule.source,
    )  # fmt: skip
