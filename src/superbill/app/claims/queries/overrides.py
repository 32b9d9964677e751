"""What was set aside on claims, and findings with it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from msgspec.structs import replace

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import OverrideRow
from superbill.app.rows import found
from superbill.findings import Finding, Override

Key = tuple[str, str, int]  # rule, field, service line (0: none)


def overrides(scope: Scope, claims: Iterable[int]) -> dict[int, dict[Key, Override | None]]:
    """By claim (row id), what was set aside on it and is still."""
    columns = ("claim_id", "rule", "field", "service_line", "reason", "by", "at", "id")
    made: dict[int, dict[Key, Override | None]] = {}
    for claim, rule, field, line, reason, by, at, _ in sorted(
        found(scope, OverrideRow, "claim_id", claims, *columns), key=lambda row: row[-1]
    ):
        made.setdefault(claim, {})[(rule, field, line)] = as_override(reason, by, at)
    return made


def with_overrides(findings: Sequence[Finding], made: dict[Key, Override | None]) -> tuple[Finding, ...]:
    """The findings, those that were set aside marked as such."""
    return tuple(replace(one, override=made[place_of(one)]) if place_of(one) in made else one for one in findings)


def place_of(finding: Finding) -> Key:
    """What an override names: the rule and where it found something."""
    return finding.rule, finding.where.field, finding.where.service_line or 0


def as_override(reason: str, by: str, at: datetime) -> Override | None:
    """An override as findings carry it; None for one that was taken back."""
    return Override(by, at, reason) if reason else None
