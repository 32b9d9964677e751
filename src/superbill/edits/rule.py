"""An edit: a small rule over a claim, with its source; the registry; and `run`, which runs those that apply.

A rule yields `Problem`s; its id, severity, source and date come from the decorator, so that every finding says them
alike. A rule that fails to run says so in a finding and takes no other rule with it.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import lru_cache
from inspect import getdoc, signature
from typing import NamedTuple, TypeVar

from msgspec import Struct

from superbill.claims.inputs import PayerKind
from superbill.claims.model import Claim, ClaimKind
from superbill.edits.context import Context
from superbill.edits.reference import Reference
from superbill.findings import Change, Finding, Place, Severity

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
ANY_FORM: tuple[ClaimKind, ...] = ("professional", "institutional", "dental")
_NEVER = date.min


class Problem(NamedTuple):
    """What a rule found: where, what is, what to do. `severity` only where it differs from the rule's.

    `changes` mend it by themselves; only where nothing but a slip can be behind it.
    """

    where: Place
    message: str
    fix: str
    severity: Severity | None = None
    changes: tuple[Change, ...] = ()


Registered = TypeVar("Registered", Callable[[Claim], Iterable[Problem]], Callable[[Claim, Context], Iterable[Problem]])


class Rule(Struct, frozen=True, kw_only=True, eq=False):
    """A registered edit. It applies to claims whose first service is from `since` to `until`, both included.

    `forms`: the kinds of claim; `payers`: the kinds of payer, none for all. `needs`: systems of the code sets without
    a release of which, in force on the first day of service, it can't run. `title`: what it holds to, in a sentence.
    """

    id: str
    family: str
    title: str
    severity: Severity
    source: str
    why: str = ""
    since: date | None = None
    until: date | None = None
    forms: tuple[ClaimKind, ...] = ANY_FORM
    payers: tuple[PayerKind, ...] = ()
    needs: tuple[str, ...] = ()
    check: Callable[[Claim, Context], Iterable[Problem]]

    def finding(self, problem: Problem) -> Finding:
        """A problem under this rule's name."""
        return Finding(
            rule=self.id,
            severity=problem.severity or self.severity,
            where=problem.where,
            message=problem.message,
            why=self.why,
            fix=problem.fix,
            source=self.source,
            since=self.since,
            changes=problem.changes,
        )

    def applies(self, kind: ClaimKind, payer: PayerKind, day: date) -> bool:
        """Whether the rule is of this kind of claim and payer, and in force on the day."""
        return (
            kind in self.forms
            and (not self.payers or payer in self.payers)
            and (self.since is None or self.since <= day)
            and (self.until is None or day <= self.until)
        )


RULES: dict[str, Rule] = {}


def rule(
    id: str,
    severity: Severity,
    *,
    source: str,
    why: str = "",
    since: date | None = None,
    until: date | None = None,
    forms: tuple[ClaimKind, ...] = ANY_FORM,
    payers: tuple[PayerKind, ...] = (),
    needs: str | tuple[str, ...] = (),
) -> Callable[[Registered], Registered]:
    """Register a function of a claim, or of a claim and its context, as the edit `id` (family.name).

    The first sentence of its docstring is its title. Raises ValueError for an id that is taken.
    """

    def register(check: Registered) -> Registered:
        if id in RULES:
            raise ValueError(f"two edits are called {id}")
        RULES[id] = Rule(
            id=id,
            family=check.__module__.removeprefix("superbill.edits.").partition(".")[0],
            title=" ".join((getdoc(check) or "").partition("\n\n")[0].split()),
            severity=severity,
            source=source,
            why=why,
            since=since,
            until=until,
            forms=forms,
            payers=payers,
            needs=(needs,) if isinstance(needs, str) else needs,
            check=_with_context(check),
        )
        return check

    return register


def _with_context(check: Callable[..., Iterable[Problem]]) -> Callable[[Claim, Context], Iterable[Problem]]:
    if len(signature(check).parameters) == 2:
        return check

    def alone(claim: Claim, _context: Context) -> Iterable[Problem]:
        return check(claim)

    return alone


class RuleSet:
    """Rules in their order, asked for those that apply to a claim. Answers are remembered: few kinds, many claims."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._applying = lru_cache(4096)(self._choose)

    def applying(self, claim: Claim, context: Context) -> tuple[Sequence[Rule], Sequence[Rule]]:
        """Those that run on the claim, and those that would but for a table that is not there."""
        day = claim.service.start or _NEVER
        return self._applying(claim.kind, context.payer.kind, day, context.reference)

    def _choose(
        self, kind: ClaimKind, payer: PayerKind, day: date, reference: Reference
    ) -> tuple[tuple[Rule, ...], tuple[Rule, ...]]:
        mine = [one for one in self.rules if one.applies(kind, payer, day)]
        able = tuple(one for one in mine if all(reference.in_force(system, day) for system in one.needs))
        return able, tuple(one for one in mine if one not in able)

    def run(self, claim: Claim, context: Context) -> list[Finding]:
        """What the rules find on a claim, in their order."""
        findings: list[Finding] = []
        for one in self.applying(claim, context)[0]:
            try:
                for problem in one.check(claim, context):
                    findings.append(one.finding(problem))
            except Exception as error:  # one broken rule must not leave the claim unchecked by the others
                findings.append(_failed(one, error))
        return findings


def _failed(one: Rule, error: Exception) -> Finding:
    return Finding(
        rule="edits.not-run",
        severity=Severity.NOT_CHECKED,
        where=Place(field=one.id),
        message=f"The edit {one.id} could not be run on this claim ({type(error).__name__}).",
        fix="Check by hand what this edit looks at, and report the claim's shape to the maintainers.",
        source=one.source,
    )
