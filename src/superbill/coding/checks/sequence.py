"""Code first, use additional, code also: what must, or may, stand before or after a code (guidelines I.A.13, I.A.17).

The items of a note are alternatives: any one meets it. A list of examples ("such as") leaves room for others, and
words that name no code leave more; then what stands there is reported as not checked, never passed.
"""

from collections.abc import Callable, Iterator, Sequence

from superbill.coding.checks.compiled import Entry, Rule, entries
from superbill.coding.checks.model import GUIDELINES, Context, finding
from superbill.findings import Finding, Severity

_MOST = 400
_CONVENTION = f"{GUIDELINES}, I.A.13"


def check(context: Context) -> Iterator[Finding]:
    """The findings of each code in sequence: code first, use additional, code also."""
    entry = entries(context.book).entry
    coded = [entry(plain) for plain in context.codes]
    for place, own in enumerate(coded):
        if own is None or own.plain in context.codes[:place]:
            continue
        before = [each for each in coded[:place] if each is not None and each.plain != own.plain]
        after = [each for each in coded[place + 1 :] if each is not None and each.plain != own.plain]
        for rules, judged in ((own.first, _first), (own.additional, _additional), (own.also, _also)):
            if rules:
                yield from _judged(rules, judged, place + 1, own, before, after)


_Judge = Callable[[int, Entry, Rule, Sequence[Entry], Sequence[Entry]], Finding | None]


def _judged(
    rules: Sequence[Rule], judge: _Judge, position: int, own: Entry, before: Sequence[Entry], after: Sequence[Entry]
) -> Iterator[Finding]:
    """A note in general words is met by what meets a note of the same kind that names its codes."""
    everything = (*before, *after)
    met = any(_among(rule, everything) for rule in rules)
    for rule in rules:
        if met and not rule.named:
            continue
        found = judge(position, own, rule, before, after)
        if found is not None:
            yield found


def _among(rule: Rule, entries_: Sequence[Entry]) -> Entry | None:
    """The first code that the note names."""
    named = rule.named
    return next((each for each in entries_ if named.names(each.beginnings)), None)


def _roughly(rule: Rule, entries_: Sequence[Entry]) -> Entry | None:
    """The first code that may be the one that the note means in words."""
    if rule.words:
        return next(iter(entries_), None)
    return next((each for each in entries_ if not each.manifestation and rule.roughly.names(each.beginnings)), None)


def _first(position: int, own: Entry, rule: Rule, before: Sequence[Entry], after: Sequence[Entry]) -> Finding | None:
    if _among(rule, before):
        return None
    later = _among(rule, after)
    if later is not None:
        return _wrong_order(position, own, rule, later, before, after)
    possible = _roughly(rule, before)
    if possible is not None:
        return _unproven(position, own, rule, possible, "code-first")
    code = own.code.code
    example = next((each for each in before if each.condition), None) if rule.open else None
    severity = Severity.ERROR if example is None else Severity.WARNING
    if not own.manifestation and (rule.optional or not rule.named):
        severity = Severity.INFORMATION if rule.wish == "in its case" else Severity.WARNING
    message = (
        f"{code} is a manifestation: its underlying condition stands before it."
        if own.manifestation
        else f"{code} stands behind what its note names, where that applies."
        if rule.optional
        else f"{code} stands behind what its note names; nothing of it is coded before."
    )
    return finding(
        "code-first", severity, position, message,
        why=_why(rule, "The list is of examples." if example is not None else ""),
        fix=f"Put {_asked(rule)} before {code}"
        + (f", or confirm that {example.code.code} is what the note means." if example is not None else "."),
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _wrong_order(
    position: int, own: Entry, rule: Rule, later: Entry, before: Sequence[Entry], after: Sequence[Entry]
) -> Finding:
    order = [*before, later, own, *(each for each in after if each is not later)]
    # "If applicable, any condition such as": that this one is the condition is for the record to say.
    doubtful = rule.wish == "if applicable" and rule.open and not own.manifestation
    return finding(
        "code-first-order", Severity.WARNING if doubtful else Severity.ERROR, position,
        f"{own.code.code} stands before {later.code.code}, which is coded first.",
        why=_why(rule), fix=f"Sequence them {', '.join(each.code.code for each in order)}.",
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _additional(
    position: int, own: Entry, rule: Rule, before: Sequence[Entry], after: Sequence[Entry]
) -> Finding | None:
    if _among(rule, after):
        return None
    earlier = _among(rule, before)
    if earlier is not None:
        return None if _mutual(own, earlier) else _too_early(position, own, rule, earlier)
    possible = _roughly(rule, (*after, *before))
    if possible is not None:
        return _unproven(position, own, rule, possible, "use-additional")
    return finding(
        "use-additional", Severity.INFORMATION if rule.optional else Severity.WARNING, position,
        f"{own.code.code} takes an additional code{', where it applies' if rule.optional else ''}.",
        why=_why(rule), fix=f"Add {_asked(rule)} after {own.code.code}{' if it applies' if rule.optional else ''}.",
        source=rule.source,
    )  # fmt: skip


def _mutual(own: Entry, other: Entry) -> bool:
    """Whether the other code asks for this one behind it as well: then either sequence follows a note."""
    return any(rule.named.names(own.beginnings) for rule in (*other.additional, *other.also))


def _too_early(position: int, own: Entry, rule: Rule, earlier: Entry) -> Finding:
    return finding(
        "use-additional-order", Severity.WARNING, position,
        f"{earlier.code.code} is an additional code to {own.code.code}, but stands before it.",
        why=_why(rule), fix=f"Put {earlier.code.code} after {own.code.code}, unless it is the reason for the visit.",
        source=f"{rule.source}; {_CONVENTION}",
    )  # fmt: skip


def _also(position: int, own: Entry, rule: Rule, before: Sequence[Entry], after: Sequence[Entry]) -> Finding | None:
    everything = (*before, *after)
    if _among(rule, everything):
        return None
    possible = _roughly(rule, everything)
    if possible is not None:
        return _unproven(position, own, rule, possible, "code-also")
    return finding(
        "code-also", Severity.INFORMATION, position,
        f"{own.code.code} is often coded with another.",
        why=_why(rule), fix=f"Add {_asked(rule)} if the record has it; the sequence follows the reason for the visit.",
        source=f"{rule.source}; {GUIDELINES}, I.A.17",
    )  # fmt: skip


def _unproven(position: int, own: Entry, rule: Rule, possible: Entry, name: str) -> Finding:
    return finding(
        name, Severity.NOT_CHECKED, position,
        f"Whether {possible.code.code} is what the note at {own.code.code} means was not checked: it says so in words.",
        why=_why(rule), fix="Read the note and compare it with the record.", source=rule.source,
    )  # fmt: skip


def _why(rule: Rule, more: str = "") -> str:
    text = rule.cited if len(rule.cited) <= _MOST else f"{rule.cited[:_MOST]}…"
    return f"{text.rstrip('.')}. {more}".rstrip()


def _asked(rule: Rule) -> str:
    """The codes of the note, or its words where it has none that could be listed."""
    if rule.words or rule.roughly.plain or rule.named.narrowed:
        return f"the code for: {rule.text.rstrip('.')[:_MOST]}"
    return f"one of {rule.codes}" if ("," in rule.codes or "-" in rule.codes) else rule.codes
