"""`superbill coding audit score` and `report`: the figures of one audit, and of all with their course and lessons."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from superbill.app.session import BadInput, Session
from superbill.cli.output import json_option, put_json, put_table, say
from superbill.cli.session import session_options

if TYPE_CHECKING:
    from superbill.coding.audit.comparing import Compared
    from superbill.coding.audit.education import Note
    from superbill.coding.audit.productivity import Pace
    from superbill.coding.audit.scoring import Cause, Figures, Money, Ratio


@click.command("score")
@click.argument("number", type=int)
@session_options
@json_option
def score(session: Session, number: int, as_json: bool) -> None:
    """The figures of one audit: how far the first codings agree with what stands, with 95 % intervals, and the money.

    Only closed visits count; it says how many are open. Exit 1 when none is closed.

    \b
    superbill coding audit score 1 --db practice.db
    """
    from superbill.app.coding.audit_queries import audits, items
    from superbill.app.path.auditing import compared
    from superbill.coding.audit.scoring import figures

    basis = next((each.plan.basis.value for each in audits(session.scope) if each.number == number), "")
    drawn = list(items(session.scope, number))
    if not drawn:
        raise BadInput(f"{number}: no audit of this number. See superbill coding audit show.")
    found = list(compared(session, drawn))
    told = figures(found)
    accounts = {each.id: each.account for each in drawn}
    if as_json:
        visits = [{"account": accounts[each.pair.key], "differences": each.differences} for each in found]
        counts = {"number": number, "basis": basis, "drawn": len(drawn), "closed": len(found)}
        put_json({**counts, "figures": told, "visits": visits})
    else:
        say(f"Audit {number}: {len(found)} of {len(drawn)} visits closed", bold=True)
        if found:
            _put_figures(told)
            _put_limits({basis})
            _put_causes(told.causes)
            _put_differences(found, accounts)
    raise SystemExit(0 if found else 1)


def _day(_context: click.Context, _parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.command("report")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="From this day of service on.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), callback=_day, help="Up to this day of service.")
@session_options
@json_option
def report(session: Session, since: date | None, until: date | None, as_json: bool) -> None:
    """All audits together: figures, trend by month, coders and providers, causes, notes to learn from, and the coders'
    pace beside their accuracy. Exit 1 when no visit is closed.

    \b
    superbill coding audit report --db practice.db
    superbill coding audit report --since 2026-01-01 --json --db practice.db
    """
    from superbill.app.coding.audit_queries import audits, items, times
    from superbill.app.path.auditing import compared
    from superbill.coding.audit.education import notes
    from superbill.coding.audit.productivity import paces
    from superbill.coding.audit.scoring import by, by_coder, by_month, by_provider, figures

    found = [
        each
        for each in compared(session, items(session.scope))
        if (since is None or since <= each.pair.on) and (until is None or each.pair.on <= until)
    ]
    bases = {each.plan.basis.value for each in audits(session.scope)}
    told, pace = figures(found), paces(times(session.scope), found)
    parts = {"months": by(found, by_month), "coders": by(found, by_coder), "providers": by(found, by_provider)}
    lessons = notes(found)
    if as_json:
        put_json({"figures": told, **parts, "education": lessons, "pace": pace, "bases": sorted(bases)})
    else:
        say(f"Audits: {len(found)} visits closed", bold=True)
        if found:
            _put_figures(told)
            _put_limits(bases)
            for title, groups in parts.items():
                _put_groups(title, groups)
            _put_causes(told.causes)
            _put_lessons(lessons)
        _put_paces(pace)
    raise SystemExit(0 if found else 1)


def _shown(ratio: "Ratio") -> str:
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "none"
    return f"{100 * ratio.value:.1f} % ({100 * ratio.low:.0f} to {100 * ratio.high:.0f}), {ratio.hits} of {ratio.total}"


def _dollars(cents: int) -> str:
    return f"{'-' if cents < 0 else ''}${abs(cents) // 100:,}.{abs(cents) % 100:02}"


def _put_figures(told: "Figures") -> None:
    levels = told.levels
    rows: list[tuple[str, str]] = [
        ("visits without any difference", _shown(told.exact)),
        ("diagnoses right of all in either", _shown(told.accuracy)),
        ("  of those coded (precision)", _shown(told.precision)),
        ("  of those that stand (recall)", _shown(told.recall)),
        ("first-listed diagnosis", _shown(told.first_listed)),
        ("services with modifiers and units", _shown(told.services)),
        ("visit level exact", _shown(levels.exact)),
        ("  within one level", _shown(levels.within_one)),
        ("  over", _shown(levels.over)),
        ("  under", _shown(levels.under)),
        ("  kappa of the two coders", "says nothing here" if levels.kappa is None else f"{levels.kappa:.2f}"),
        ("MS-DRG the same", _shown(told.drg)),
        ("billed too much, at own charges", _dollars(told.money.over)),
        ("billed too little, at own charges", _dollars(told.money.under)),
        ("  balance", _balance(told.money)),
    ]
    put_table("Figures (share, 95 % interval)", ("figure", "share"), rows)


def _put_limits(bases: set[str]) -> None:
    """Only a random sample speaks for the codings that were not drawn."""
    chosen = sorted(bases - {"random"})
    if chosen:
        say(f"Drawn by {', '.join(chosen)}: these shares are of what was drawn, not of all codings.")


def _balance(money: "Money") -> str:
    said = _dollars(money.net)
    return said + (f"; {money.unpriced} differences without a price" if money.unpriced else "")


def _put_causes(causes: "Sequence[Cause]") -> None:
    rows = [
        (each.cause, each.count, _shown(each.visits), _dollars(each.money.over), _dollars(each.money.under))
        for each in causes
    ]
    put_table("Causes", ("cause", "times", "visits", "too much", "too little"), rows, right="times")


def _put_differences(found: "Sequence[Compared]", accounts: dict[int, str]) -> None:
    rows: list[tuple[Any, ...]] = [
        (accounts[each.pair.key], one.cause, one.first, one.reference,
         "" if one.cents is None else _dollars(one.cents), one.reason or (one.finding.message if one.finding else ""))
        for each in found
        for one in each.differences
    ]  # fmt: skip
    put_table("Differences", ("account", "cause", "first", "stands", "money", "why"), rows)


def _put_groups(title: str, groups: "dict[str, Figures]") -> None:
    rows = [
        (name, each.visits, _shown(each.accuracy), _shown(each.levels.exact), _dollars(each.money.net))
        for name, each in groups.items()
    ]
    columns = (title.removesuffix("s"), "visits", "accuracy of diagnoses", "visit level exact", "balance")
    put_table(title.capitalize(), columns, rows, right="visits")


def _put_lessons(lessons: "Sequence[Note]") -> None:
    say("To learn from", bold=True)
    for each in lessons:
        say(f"  {each.text}")
        say(f"    {each.source}")
        for example in each.examples:
            say(f"    such as {example}")


def _put_paces(pace: "Sequence[Pace]") -> None:
    rows = [
        (each.coder, each.codings, _shown(each.accuracy), each.why if each.per_hour is None else f"{each.per_hour:g}")
        for each in pace
    ]
    put_table("Accuracy and pace", ("coder", "codings", "accuracy of diagnoses", "codings per hour"), rows)
