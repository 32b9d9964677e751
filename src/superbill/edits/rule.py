"""An edit: a small rule over a claim, with its source; the registry; and `check`, which runs them all.

A rule yields `Problem`s; its id, severity, source and date come from the decorator, so that every finding says them
alike. A rule that fails to run says so in a finding and takes no other rule with it.
"""

from collections.abc import Callable, Iterable
from datetime import date
from inspect import signature
from typing import NamedTuple, TypeVar

from msgspec import Struct

from superbill.claims.inputs import PayerKind, Price
from superbill.claims.model import Claim
from superbill.effective import Dated
from superbill.findings import Finding, Place, Severity
from superbill.site import PayerEntry

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
_ALWAYS = date.min


class PayerFacts(Struct, frozen=True, kw_only=True):
    """What the practice knows about the payer beyond the claim.

    `filing_limit`: days from the last service, dated. `needs_ndc` and `needs_vaccine_ndc`: it rejects
    drugs, or vaccines, without NDC.
    """

    kind: PayerKind = "commercial"
    filing_limit: Dated[int] = Dated([])
    needs_ndc: bool = False
    needs_vaccine_ndc: bool = False


class Context(Struct, frozen=True, kw_only=True):
    """What an edit may know besides the claim. `price`: the charge master; None leaves charges unchecked against it."""

    today: date
    payer: PayerFacts = PayerFacts()
    price: Price | None = None


class Problem(NamedTuple):
    """What a rule found: where, what is, what to do. `severity` only where it differs from the rule's."""

    where: Place
    message: str
    fix: str
    severity: Severity | None = None


Check = Callable[[Claim], Iterable[Problem]] | Callable[[Claim, Context], Iterable[Problem]]
Registered = TypeVar("Registered", Callable[[Claim], Iterable[Problem]], Callable[[Claim, Context], Iterable[Problem]])


class Rule(Struct, frozen=True, kw_only=True):
    """A registered edit. It applies to services from `since` on."""

    id: str
    severity: Severity
    source: str
    why: str = ""
    since: date | None = None
    check: Check
    wants_context: bool

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
        )


RULES: dict[str, Rule] = {}


def rule(
    id: str, severity: Severity, *, source: str, why: str = "", since: date | None = None
) -> Callable[[Registered], Registered]:
    """Register a function of a claim, or of a claim and its context, as the edit `id` (family.name).

    Raises ValueError for an id that is taken.
    """

    def register(check: Registered) -> Registered:
        if id in RULES:
            raise ValueError(f"two edits are called {id}")
        wants = len(signature(check).parameters) == 2
        RULES[id] = Rule(
            id=id, severity=severity, source=source, why=why, since=since, check=check, wants_context=wants
        )
        return check

    return register


def run(rules: Iterable[Rule], claim: Claim, context: Context) -> list[Finding]:
    """What `rules` find on a claim, in their order."""
    findings: list[Finding] = []
    first = claim.service.start or _ALWAYS
    for one in rules:
        if one.since is not None and first < one.since:
            continue
        try:
            problems = one.check(claim, context) if one.wants_context else one.check(claim)  # type: ignore[call-arg]  # register saw which
            for problem in problems:
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


def payer_facts(entry: PayerEntry) -> PayerFacts:
    """The facts of a payer of the site.

    Medicaid rejects drugs without NDC (Social Security Act §1927(a)(7)); vaccines are no covered outpatient drugs
    there (§1927(k)(2)(B)).
    """
    limit = entry.filing_limit_days
    return PayerFacts(
        kind=entry.kind,
        filing_limit=Dated([(_ALWAYS, limit)] if limit is not None else []),
        needs_ndc=entry.kind == "medicaid",
    )
