"""An edit: a small rule over a claim, with its source; the registry; and `run`, which runs those that apply.

A rule yields `Problem`s; its id, severity, source and date come from the decorator, so that every finding says them
alike. A rule that fails to run says so in a finding and takes no other rule with it.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date
from functools import lru_cache
from inspect import getdoc, signature
from operator import attrgetter
from typing import Literal, NamedTuple, TypeVar, get_args

from msgspec import Struct

from superbill.claims.inputs import PayerKind
from superbill.claims.model import Claim, ClaimKind, Diagnosis, Patient, Payer, Provider, Subscriber
from superbill.edits.context import Context
from superbill.edits.reference import Reference
from superbill.findings import Change, Finding, Place, Severity

ERROR, WARNING, INFORMATION = Severity.ERROR, Severity.WARNING, Severity.INFORMATION
ANY_FORM: tuple[ClaimKind, ...] = ("professional", "institutional", "dental")
_NEVER = date.min
_PARTS_KEPT = 4096

# What a claim or its context may have that a rule is about.
Trait = Literal[
    "accident", "other_insurance", "rendering", "referring", "supervising", "service_facility", "pay_to", "clia",
    "institutional", "dental", "admission", "prior_authorization", "referral_number", "modifiers", "drug",
    "onset", "last_menstrual_period", "note", "patient_paid", "dependent", "several_lines", "replacement", "history",
    "authorizations", "coverage", "enrolments", "price",
]  # fmt: skip
_FIELDS: tuple[Trait, ...] = (
    *("accident", "other_insurance", "rendering", "referring", "supervising", "service_facility", "pay_to", "clia"),
    *("institutional", "dental", "admission", "prior_authorization", "referral_number", "modifiers", "onset"),
    *("last_menstrual_period", "note", "patient_paid"),
)
_field_values = attrgetter(*_FIELDS)
_OTHERS: tuple[Trait, ...] = (
    *("dependent", "several_lines", "replacement", "drug", "price", "history", "authorizations", "coverage"),
    "enrolments",
)


def _traits(claim: Claim, context: Context) -> tuple[bool, ...]:
    """Which traits a claim has, in the order of _FIELDS and _OTHERS; asked of every claim, so written out."""
    return (
        *map(bool, _field_values(claim)),
        claim.subscriber.relationship != "18",
        len(claim.lines) > 1,
        claim.frequency != "1",
        any([line.drug is not None for line in claim.lines]),  # noqa: C419 - twice as quick as a generator
        context.price is not None,
        bool(context.history.claims),
        context.authorizations is not None,
        context.coverage is not None,
        context.enrolments is not None,
    )


# What a rule may look at alone, and what of a claim may call for a rule.
Part = Literal["billing", "payer", "patient", "subscriber", "diagnoses"]
_Value = Provider | Payer | Patient | Subscriber | tuple[Diagnosis, ...]
Trigger = Literal["codes", "modifiers", "diagnosis_codes"]
_TRIGGERS: tuple[Trigger, ...] = get_args(Trigger)


class Problem(NamedTuple):
    """What a rule found: where, what is, what to do. `severity` only where it differs from the rule's.

    `changes` mend it by themselves; only where nothing but a slip can be behind it.
    """

    where: Place
    message: str
    fix: str
    severity: Severity | None = None
    changes: tuple[Change, ...] = ()


Check = Callable[[Claim], Iterable[Problem]] | Callable[[Claim, Context], Iterable[Problem]]
Registered = TypeVar("Registered", Callable[[Claim], Iterable[Problem]], Callable[[Claim, Context], Iterable[Problem]])


class Rule(Struct, frozen=True, kw_only=True, eq=False):
    """A registered edit. It applies to claims whose first service is from `since` to `until`, both included.

    `forms`: the kinds of claim; `payers`: the kinds of payer, none for all. `needs`: systems of the code sets without
    a release of which, in force on the first day of service, it can't run. `when`: what a claim must have for the rule
    to be asked; `triggers`: it is asked only where a procedure code, a modifier, a diagnosis of the claim is one of
    these (of each kind that it names); `of`: it looks at this part of a claim alone, so that the answer for one claim
    of a practice holds for the next. These only save time. `title`: what it holds to, in a sentence.
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
    when: tuple[Trait, ...] = ()
    triggers: Mapping[Trigger, Callable[[str], bool]] = {}
    of: Part | None = None
    check: Check
    wants_context: bool

    def finding(self, problem: Problem) -> Finding:
        """A problem under this rule's name, with its words for a reason where it gives no other."""
        return Finding(
            rule=self.id,
            severity=problem.severity or self.severity,
            where=problem.where,
            message=problem.message,
            why=self.why or self.title,
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
    when: Trait | tuple[Trait, ...] = (),
    codes: Callable[[str], bool] | Collection[str] | None = None,
    modifiers: Callable[[str], bool] | Collection[str] | None = None,
    diagnoses: Callable[[str], bool] | Collection[str] | None = None,
    of: Part | None = None,
) -> Callable[[Registered], Registered]:
    """Register a function of a claim, or of a claim and its context, as the edit `id` (family.name).

    The first sentence of its docstring is its title. `codes` and `modifiers` as a set or as a question. Raises
    ValueError for an id that is taken.
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
            when=(when,) if isinstance(when, str) else when,
            triggers=_questions(codes=codes, modifiers=modifiers, diagnosis_codes=diagnoses),
            of=of,
            check=check,
            wants_context=len(signature(check).parameters) == 2,
        )
        return check

    return register


def _questions(**asked: Callable[[str], bool] | Collection[str] | None) -> dict[Trigger, Callable[[str], bool]]:
    given = ((name, asked[name]) for name in _TRIGGERS)
    return {name: each if callable(each) else frozenset(each).__contains__ for name, each in given if each is not None}


def _found(rules: Iterable[Rule], claim: Claim, context: Context) -> list[Finding]:
    findings: list[Finding] = []
    for one in rules:
        try:
            problems = one.check(claim, context) if one.wants_context else one.check(claim)  # type: ignore[call-arg]  # register saw which
            for problem in problems:
                findings.append(one.finding(problem))
        except Exception as error:  # one broken rule must not leave the claim unchecked by the others
            findings.append(_failed(one, error))
    return findings


class _OfPart(dict[_Value, list[Finding]]):
    """What the rules about one part of a claim said of it, by the part: a practice bills under few of them."""

    def __init__(self, rules: tuple[Rule, ...]) -> None:
        super().__init__()
        self.rules = rules

    def ask(self, part: _Value, claim: Claim, context: Context) -> list[Finding]:
        """The findings on a part that is not known yet."""
        if len(self) >= _PARTS_KEPT:
            self.clear()
        self[part] = found = _found(self.rules, claim, context)
        return found


# The rules that one code or modifier calls for: those that ask for nothing else, and those that ask for more.
_Called = tuple[frozenset[Rule], frozenset[Rule]]


class _Applying:
    """The rules for claims of one kind, payer, day and traits: always asked, called for by a code, not able to run."""

    __slots__ = ("_called", "_triggered", "always", "of_parts", "unable")

    def __init__(self, able: Iterable[Rule], unable: Iterable[Rule]) -> None:
        rules = tuple(able)
        self.always = tuple(one for one in rules if not one.triggers and one.of is None)
        self.of_parts = tuple(
            (part, _OfPart(mine)) for part in get_args(Part) if (mine := tuple(one for one in rules if one.of == part))
        )
        self.unable = tuple(unable)
        self._triggered = tuple(one for one in rules if one.triggers)
        self._called: dict[Trigger, dict[str, _Called]] = {name: {} for name in _TRIGGERS}

    def asked(self, claim: Claim) -> set[Rule]:
        """The rules that the codes, modifiers and diagnoses of a claim call for."""
        asked: set[Rule] = set()
        more: dict[Trigger, set[Rule]] = {}
        for name, known in self._called.items():
            for code in getattr(claim, name):
                alone, both = known.get(code) or self._calls(name, code)
                if alone:
                    asked |= alone
                if both:
                    more.setdefault(name, set()).update(both)
        if more:
            several = set().union(*more.values())
            asked.update(one for one in several if all(one in more.get(name, ()) for name in one.triggers))
        return asked

    def _calls(self, name: Trigger, code: str) -> _Called:
        called = [one for one in self._triggered if name in one.triggers and one.triggers[name](code)]
        self._called[name][code] = found = (
            frozenset(one for one in called if len(one.triggers) == 1),
            frozenset(one for one in called if len(one.triggers) > 1),
        )
        return found


class RuleSet:
    """Rules in their order, asked for those that apply to a claim.

    The answers are remembered by kind, payer, day and traits, and by code and modifier: few kinds, many claims.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._place = {one.id: place for place, one in enumerate(self.rules)}
        self._applying = lru_cache(16_384)(self._choose)

    def unable(self, claim: Claim, context: Context) -> tuple[Rule, ...]:
        """The rules that apply and can't run, for want of a table in force on the first day."""
        return self._of(claim, context).unable

    def _of(self, claim: Claim, context: Context) -> _Applying:
        day = claim.service.start or _NEVER
        return self._applying(claim.kind, context.payer.kind, day, _traits(claim, context), context.reference)

    def _choose(
        self, kind: ClaimKind, payer: PayerKind, day: date, has: tuple[bool, ...], reference: Reference
    ) -> _Applying:
        traits = {name for name, is_so in zip((*_FIELDS, *_OTHERS), has, strict=True) if is_so}
        mine = [one for one in self.rules if one.applies(kind, payer, day) and traits.issuperset(one.when)]
        able = [one for one in mine if all(reference.in_force(system, day) for system in one.needs)]
        return _Applying(able, (one for one in mine if one not in able))

    def run(self, claim: Claim, context: Context) -> list[Finding]:
        """What the rules find on a claim, in their order."""
        applying = self._of(claim, context)
        findings: list[Finding] = []
        for part, answers in applying.of_parts:
            value = getattr(claim, part)
            known = answers.get(value)
            findings += answers.ask(value, claim, context) if known is None else known
        findings += _found((*applying.always, *applying.asked(claim)), claim, context)
        if len(findings) > 1:
            findings.sort(key=self._order)
        return findings

    def _order(self, finding: Finding) -> int:
        return self._place.get(finding.rule if finding.rule in self._place else finding.where.field, 0)


def _failed(one: Rule, error: Exception) -> Finding:
    return Finding(
        rule="edits.not-run",
        severity=Severity.NOT_CHECKED,
        where=Place(field=one.id),
        message=f"The edit {one.id} could not be run on this claim ({type(error).__name__}).",
        fix="Check by hand what this edit looks at, and report the claim's shape to the maintainers.",
        source=one.source,
    )
