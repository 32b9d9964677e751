"""Findings set aside: who may, why, and what follows for the claim."""

from datetime import datetime

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.claims.models import ClaimRow, ClaimState, OverrideRow
from superbill.app.claims.opening import NotThisClaim
from superbill.app.claims.queries.overrides import as_override, place_of, with_overrides
from superbill.app.claims.told import RULES, rules_of
from superbill.app.documents import decoded, encoded
from superbill.app.rows import insert
from superbill.app.work import action
from superbill.findings import Finding, Severity, errors

_COLUMNS = ("practice_id", "claim_id", "rule", "field", "service_line", "reason", "by", "at")
_SHORTEST = 10


def override_findings(actor: Actor, claim: int, rule: str, reason: str, *, at: datetime) -> tuple[Finding, ...]:
    """Set aside everything that `rule` finds on a held or ready claim (row id); its findings as they stand now.

    The claim becomes ready when no other error is left. An empty reason takes an earlier override back. Raises
    NotPermitted; NotThisClaim for a claim that is not held or ready, a rule that found no error on it, or a reason of
    fewer than 10 characters, which explains nothing to an auditor.
    """
    with action(actor, Permission.OVERRIDE_EDITS, "override edit", at) as work:
        row = work.scope.rows(ClaimRow).select_for_update().filter(pk=claim).first()
        if row is None or row.state not in (ClaimState.HELD, ClaimState.READY):
            raise NotThisClaim(f"claim {row.control_number if row else claim} is not held")
        if reason and len(reason.strip()) < _SHORTEST:
            raise NotThisClaim(f"Say in {_SHORTEST} characters or more why {rule} does not hold this claim.")
        findings = decoded(row.findings, tuple[Finding, ...], f"claim {row.control_number}")
        mine = [one for one in findings if one.rule == rule and one.severity is Severity.ERROR]
        if not mine:
            raise NotThisClaim(f"claim {row.control_number}: {rule} found no error on it.")
        set_aside = [(*place_of(one), reason.strip(), actor.name, work.at) for one in mine]
        insert(OverrideRow, _COLUMNS, [(work.practice_id, claim, *values) for values in set_aside])
        now = with_overrides(findings, {values[:3]: as_override(*values[3:]) for values in set_aside})
        state = (ClaimState.HELD if errors(now) else ClaimState.READY).value
        row.state_since = row.state_since if row.state == state else work.at
        row.findings, row.state, row.rules = encoded(now), state, rules_of(now)
        row.save(update_fields=["findings", "state", "state_since", *RULES])
        work.note("claim", claim, rule=rule, set_aside=len(mine) if reason else 0)
        return now
