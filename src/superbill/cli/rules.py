"""`superbill rules`: which edits there are, what each holds to and by which source, why one did or did not speak."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import click
import msgspec

from superbill.app.code_books import reference
from superbill.app.session import BadInput, moment
from superbill.claims.inputs import PayerKind
from superbill.claims.model import Claim
from superbill.claims.positions import position
from superbill.cli import rules_packs
from superbill.cli.output import MARKS, json_option, put_json, put_table, say, tell
from superbill.cli.session import day_option, note_reading, place_options
from superbill.edits import RULES, Context, Reference, Rule
from superbill.edits.cases import Case, cases, made
from superbill.edits.rule import ANY_FORM, RuleSet
from superbill.findings import Finding

if TYPE_CHECKING:
    from superbill.app.session import Session

_PAYERS: tuple[PayerKind, ...] = ("commercial", "medicare", "medicaid", "supplement", "workers_compensation", "auto")


@click.group("rules")
def command() -> None:
    """The edits that claims are held to: list, show, explain, test; and packs of a payer's own rules."""


for _pack_command in rules_packs.COMMANDS:
    command.add_command(_pack_command)


@command.command("list")
@click.option("--family", help="Only this family (ncci, diagnosis …).")
@click.option("--form", type=click.Choice(ANY_FORM), help="Only those of this kind of claim.")
@click.option("--payer", type=click.Choice(_PAYERS), help="Only those of this kind of payer.")
@day_option("--on", "Only those in force for services on this day.")
@json_option
def show_all(family: str | None, form: Any, payer: Any, day: date | None, as_json: bool) -> None:
    """Every rule with its family, severity and what it holds to.

    \b
    superbill rules list --family subscriber
    superbill rules list --form institutional --payer medicare --on 2026-10-01
    """
    families = sorted({one.family for one in RULES.values()})
    if family is not None and family not in families:
        raise BadInput(f"{family}: no family of rules. There are {', '.join(families)}.")
    rules = [
        one
        for one in RULES.values()
        if family in (None, one.family)
        and one.applies(form or one.forms[0], payer or (one.payers or _PAYERS)[0], day or one.until or date.max)
    ]
    if as_json:
        put_json([_described(one) for one in rules])
    else:
        rows = [(one.id, one.severity.value, one.title) for one in rules]
        put_table(f"{len(rules)} rules", ("rule", "severity", "what it holds to"), rows)


@command.command("show")
@click.argument("rule_id", metavar="RULE")
@json_option
def show(rule_id: str, as_json: bool) -> None:
    """One rule: its words, source, scope and dates, the tables it needs, and the cases it is proved by.

    \b
    superbill rules show payer.timely-filing
    """
    one = _rule(rule_id)
    proved = [case for case in cases(one.family) if case.rule == one.id]
    if as_json:
        put_json({**_described(one), "cases": proved})
        return
    say(f"{one.id}: {one.title}", bold=True)
    rows = [(name.replace("_", " "), _words(value)) for name, value in _described(one).items() if value]
    put_table("Rule", ("", ""), [row for row in rows if row[0] not in ("rule", "title")])
    put_table("Cases", ("claim", "words"), [(f"{case.outcome}: {case.name}", _of_case(case)) for case in proved])


@command.command("explain")
@click.argument("rule_id", metavar="RULE")
@click.argument("what", metavar="CONTROL|FILE")
@place_options
@day_option("--date", "As of this day  [default: the site's as_of, else today]")
@json_option
def explain(rule_id: str, what: str, db: str, site_path: Path | None, day: date | None, as_json: bool) -> None:
    """Why a rule speaks, or does not, on one claim of --db, or on each claim of an 837 file.

    \b
    superbill rules explain payer.timely-filing A1001P1 --db practice.db
    """
    one = _rule(rule_id)
    told = [_explained(one, claim, context) for claim, context in _claims(what, db, site_path, day)]
    if as_json:
        put_json(told)
        return
    say(f"{one.id}: {one.title}", bold=True)
    for each in told:
        say(f"Claim {each['control_number']}: {each['answer']}")
        for finding in each["findings"]:
            where = position(finding.where, each["kind"])
            say(f"  {MARKS[finding.severity]} {finding}" + (f" ({where})" if str(where) else ""))
    say(f"Source: {one.source}" + (f". {one.why}" if one.why else ""))


@command.command("test")
@click.argument("rule_ids", metavar="[RULE]...", nargs=-1)
@json_option
def test(rule_ids: tuple[str, ...], as_json: bool) -> None:
    """Run the cases of all rules, or of some: claims that pass and claims that fail, on tables made for them.

    Exit 1 when a rule does not do what its case says.

    \b
    superbill rules test payer.timely-filing diagnosis.missing
    """
    wanted = [_rule(rule_id) for rule_id in rule_ids] or list(RULES.values())
    ids = {one.id for one in wanted}
    with _sample_tables() as tables:
        some = (case for family in dict.fromkeys(one.family for one in wanted) for case in cases(family))
        ran = [(case, _right(case, tables)) for case in some if case.rule in ids]
    wrong = [case for case, right in ran if not right]
    if as_json:
        put_json({"rules": len(ids), "cases": len(ran), "wrong": wrong})
    else:
        for case in wrong:
            say(f"✗ {case.rule}: {case.name}: should be one that {case.outcome}")
        click.echo(f"{len(ids):,} rules, {len(ran):,} cases, {len(wrong):,} wrong")
    raise SystemExit(1 if wrong else 0)


def _rule(rule_id: str) -> Rule:
    one = RULES.get(rule_id)
    if one is None:
        from difflib import get_close_matches

        near = get_close_matches(rule_id, RULES, 3)
        raise BadInput(f"{rule_id}: no such rule. " + (f"Near: {', '.join(near)}." if near else "See rules list."))
    return one


def _described(one: Rule) -> dict[str, Any]:
    today = moment(None).date()
    return {
        "rule": one.id,
        "title": one.title,
        "family": one.family,
        "severity": one.severity.value,
        "why": one.why,
        "source": one.source,
        "services_since": one.since,
        "services_until": one.until,
        "forms": one.forms,
        "payers": one.payers,
        "needs": one.needs,
        "not_installed": tuple(system for system in one.needs if not reference().in_force(system, today)),
    }


def _words(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _of_case(case: Case) -> str:
    said = (f"{name} {msgspec.json.encode(value).decode()}" for name, value in case.words.items())
    return ", ".join(said).replace('"', "") or "the clean claim"


def _claims(what: str, db: str, site_path: Path | None, day: date | None) -> Iterator[tuple[Claim, Context]]:
    path = Path(what)
    if path.is_file():
        from superbill.x12 import X12ReadError, read_claims

        context = Context(today=day or moment(None).date(), reference=reference())
        try:
            for claim in read_claims(path.read_bytes()):
                yield claim, context
        except X12ReadError as problem:
            raise BadInput(f"{path}: {problem}") from None
        return
    from superbill.app.session import open_session

    session = open_session(db, site_path, day)
    note_reading(session)
    yield _stored(session, what)


def _stored(session: "Session", number: str) -> tuple[Claim, Context]:
    from superbill.app.path.checking import stored_context
    from superbill.cli.claim_show import stored_claim

    one = stored_claim(session, number)
    return one.claim, stored_context(session, one)


def _explained(one: Rule, claim: Claim, context: Context) -> dict[str, Any]:
    findings = RuleSet([one]).run(claim, context)
    return {
        "control_number": claim.control_number,
        "kind": claim.kind,
        "answer": f"it finds {len(findings)}." if findings else _silent(one, claim, context),
        "findings": findings,
    }


def _silent(one: Rule, claim: Claim, context: Context) -> str:
    """Why a rule has nothing to say on a claim."""
    day = claim.service.start
    if claim.kind not in one.forms:
        return f"not asked: it is about {' and '.join(one.forms)} claims; this one is {claim.kind}."
    if one.payers and context.payer.kind not in one.payers:
        return f"not asked: it is about payers of the kind {', '.join(one.payers)}; this one is {context.payer.kind}."
    if day is not None and one.since is not None and day < one.since:
        return f"not asked: it holds for services since {one.since}; this one is of {day}."
    if day is not None and one.until is not None and day > one.until:
        return f"not asked: it holds for services until {one.until}; this one is of {day}."
    lacking = [system for system in one.needs if day is None or not context.reference.in_force(system, day)]
    if lacking:
        return f"not checked: no release of {', '.join(lacking)} in force on {day} is installed (codesets import)."
    return "it has looked and found nothing."


@contextmanager
def _sample_tables() -> Iterator[Reference]:
    """The tables that the cases run on: the embedded code sets and the samples, in a folder for a while."""
    from importlib.resources import as_file, files

    from superbill.codesets import embedded
    from superbill.codesets.importing import import_file
    from superbill.codesets.store import Store

    tell("Preparing the tables of the cases.")
    with TemporaryDirectory() as place, as_file(files("superbill.edits").joinpath("samples")) as samples:
        folder = Path(place)
        embedded.build(folder)
        for sample in sorted(each for each in samples.iterdir() if each.suffix != ".md"):
            import_file(sample, folder, force=True)
        store = Store(folder)
        try:
            yield Reference(store)
        finally:
            store.close()


def _right(case: Case, tables: Reference) -> bool:
    claim, context = made(case.words, tables)
    return bool(_mine(case.rule, RuleSet([RULES[case.rule]]).run(claim, context))) == (case.outcome == "fails")


def _mine(rule: str, findings: Iterable[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.rule == rule]
