"""Until when a refusal can be appealed, and where: the payer's own levels, or those that law gives its kind."""

import tomllib
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Any

import msgspec
from msgspec import Struct

from superbill.effective import Dated, dated_table
from superbill.money import Cents
from superbill.site.appeals import AppealLevel, PayerRules


class Deadline(Struct, frozen=True, kw_only=True):
    """The last day of something, counted from `counted_from` (a denial, a decision, the services). `days_left` on the
    day asked: 0 on the last day, negative once it has passed. `what`: the level or the corrected claim."""

    what: str
    counted_from: date
    last_day: date
    days_left: int
    source: str = ""

    @property
    def passed(self) -> bool:
        return self.days_left < 0


def levels_of(rules: PayerRules, on: date) -> tuple[AppealLevel, ...]:
    """The levels of a payer for an appeal filed on a day: its own, else those of law for its kind; () when none is
    known, as for workers' compensation and auto insurance, which each state orders for itself."""
    if rules.appeal_levels:
        return rules.appeal_levels
    return tuple(msgspec.structs.replace(level, minimum=least.on(on) or 0) for level, least in _by_law(rules.kind))


@cache
def _by_law(kind: str) -> tuple[tuple[AppealLevel, Dated[Cents]], ...]:
    text = resources.files(__package__).joinpath("levels.toml").read_text("utf-8")
    made = []
    for row in tomllib.loads(text).get(kind, ()):
        facts: dict[str, Any] = {key: value for key, value in row.items() if not key.startswith("minimum")}
        made.append((msgspec.convert(facts, AppealLevel), dated_table(row.get("minimum", {}), int)))
    return tuple(made)


def appeal_deadline(level: AppealLevel, *, denied: date, decided: date | None, today: date) -> Deadline | None:
    """When `level` must have been asked for. None while it counts from a decision that has not come.

    42 CFR 405.942(a)(1) and its like presume that a notice arrives five days after its date: `mail_days` of the level.
    """
    start = denied if level.counted_from == "denial" else decided
    if start is None:
        return None
    return _deadline(level.name, start, level.days + level.mail_days, today, level.source)


def correction_deadline(rules: PayerRules, *, service_end: date, today: date) -> Deadline | None:
    """When a corrected claim must have arrived; None where the payer's limit is not known."""
    if rules.correction_limit_days is None:
        return None
    return _deadline("Corrected claim", service_end, rules.correction_limit_days, today, "payer's contract")


def _deadline(what: str, start: date, days: int, today: date, source: str) -> Deadline:
    last = start + timedelta(days=days)
    return Deadline(what=what, counted_from=start, last_day=last, days_left=(last - today).days, source=source)
