"""`superbill code`: the encoder (search, show, tree, index, check), and coding charts where no verb is named."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click
from msgspec import Struct

from superbill.app.session import BadInput, moment
from superbill.cli.code_pairs import pairs
from superbill.cli.code_systems import known_system, pcs, put_other
from superbill.cli.codesets import open_store, store_option
from superbill.cli.encounters import encounters
from superbill.cli.favourite import command as favourite
from superbill.cli.output import json_option, put_findings, put_json, put_table, say, tell
from superbill.cli.session import day_option

if TYPE_CHECKING:
    from superbill.codesets.icd10cm.lookup import Code, CodeBook, Note
    from superbill.codesets.icd10cm.navigate import Line, Navigator

_INDENT = "  "


class EncoderGroup(click.Group):
    """The verbs of the encoder; whatever names none of them codes charts, as `superbill code encounters` does."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["encounters", *args]
        return super().parse_args(ctx, args)


@click.group("code", cls=EncoderGroup)
def command() -> None:
    """Look codes up and check them; or, without a verb, code the encounters of charts or of a database."""


command.add_command(encounters)
command.add_command(favourite)
command.add_command(pcs)
command.add_command(pairs)


def on_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--on`: the date of service that codes are looked up by."""
    return day_option("--on", "The date of service (of discharge, for an inpatient)  [default: today]")(command)


@command.command("search")
@click.argument("words", nargs=-1, required=True)
@click.option("--limit", default=10, show_default=True, help="How many answers.")
@click.option("--chapter", help="Only this chapter of ICD-10-CM (9).")
@click.option("--under", help="Only codes of this block (I20-I25) or under this code (S52).")
@click.option("--headers", is_flag=True, help="Also headers, which can't be billed.")
@click.option("--system", default="icd10cm", show_default=True, help="The code system (icd10pcs, hcpcs, revenue …).")
@on_option
@store_option
@json_option
def search(
    words: tuple[str, ...], limit: int, chapter: str | None, under: str | None, headers: bool, system: str,
    day: date | None, folder: Path, as_json: bool,
) -> None:  # fmt: skip
    """Find codes by what a clinician says: words in any order, abbreviations, typos, half a code.

    \b
    superbill code search fx distal radius right
    superbill code search e11.2
    """
    from superbill.codesets.search import open_search

    if not " ".join(words).strip():
        raise BadInput("Say what to look for: words of the note, an abbreviation, or the beginning of a code.")
    if system != "icd10cm":
        known_system(system)
    finder = open_search(open_store(folder), moment(day).date(), system, tell)
    hits = finder.find(" ".join(words), limit=limit, billable=None if headers else True, chapter=chapter, under=under)
    if as_json:
        put_json(hits)
    else:
        for hit in hits:
            say(f"{hit.code:<9} {hit.title}  [{', '.join(hit.because)}]")
        if not hits:
            say(f"{finder.name} has nothing for {' '.join(words)}.")
    raise SystemExit(0 if hits else 1)


class Shown(Struct, frozen=True):
    """A code as `show --json` prints it."""

    code: "Code"
    release: str
    exact: bool
    notes: tuple["Note", ...]
    laterality: tuple["Code", ...]
    encounter: tuple["Code", ...]
    specificity: tuple["Code", ...]
    index: tuple[str, ...]


@command.command("show")
@click.argument("code")
@click.option("--history", is_flag=True, help="Through every release, and what stood for it before.")
@click.option("--system", default="icd10cm", show_default=True, help="Whose code it is (icd10pcs, hcpcs, revenue …).")
@on_option
@store_option
@json_option
def show(code: str, history: bool, system: str, day: date | None, folder: Path, as_json: bool) -> None:
    """A code with every note that holds for it, what stands beside it, and where the Index has it.

    \b
    superbill code show E11.22
    superbill code show I42.0 --history
    superbill code show 0450 --system revenue
    """
    from superbill.codesets.icd10cm.encoder import conversions, from_snomed, siblings
    from superbill.codesets.icd10cm.encoder import history as spells
    from superbill.codesets.icd10cm.lookup import book

    on = moment(day).date()
    if system != "icd10cm":
        put_other(system, code, on, folder, as_json)
        return
    store = open_store(folder)
    codes = book(store, on)
    found = _code(codes, code)
    beside = siblings(codes, code)
    terms = tuple(line.path for line in _index_lines(folder, on, found.code))
    if history:
        story = spells(store, code)
        if as_json:
            put_json({"spells": story, "conversions": conversions(store, code, on)})
            return
        put_table(
            f"{found.code}", ("from", "until", "it is", "title"),
            ((each.effective, each.until or "now", each.state, each.title) for each in story),
        )  # fmt: skip
        for row in conversions(store, code, on):
            say(f"from {row.effective}: {row.code} says what {row.previous or 'nothing'} said before")
        return
    if as_json:
        put_json(Shown(
            found, codes.release.name, codes.exact, codes.notes_over(code), beside.laterality, beside.encounter,
            beside.specificity, terms,
        ))  # fmt: skip
        return
    _put_code(codes, found)
    for title, others in zip(("sides", "encounters", "beside"), (beside.laterality, beside.encounter,
                             beside.specificity), strict=True):  # fmt: skip
        for other in others:
            if other.code != found.code:
                say(f"{title:<11}{other.code:<9} {other.title}")
    for path in terms:
        say(f"{'index':<11}{path}")
    for concept, name in from_snomed(found.code):
        say(f"{'SNOMED CT':<11}{concept} {name}")


def _code(codes: "CodeBook", code: str) -> "Code":
    found = codes.code(code)
    if found is None:
        raise BadInput(
            f"{code or 'nothing'}: no such ICD-10-CM code on {codes.on}. superbill code search finds by words or part."
        )
    return found


def _put_code(codes: "CodeBook", found: "Code") -> None:
    say(f"{found.code}  {found.title}", bold=True)
    say(f"{'release':<11}{codes.release.name}{'' if codes.exact else f': none for {codes.on} is here'}")
    say(f"{'billable':<11}{'yes' if found.billable else 'no: it is a header'}")
    last = ""
    for note in codes.notes_over(found.code):
        from superbill.codesets.icd10cm.schema import dotted

        kind = note.kind.replace("_", " ")
        where = dotted(note.node) if note.node[:1].isalpha() and "-" not in note.node else note.node
        head = f"{kind} at {where}" if f"{kind} at {where}" != last else ""
        last = f"{kind} at {where}"
        say(f"{head:<32}{note.text}")


def _index_lines(folder: Path, on: date, code: str) -> "list[Line]":
    from superbill.codesets.icd10cm.navigate import Navigator
    from superbill.codesets.release import Refused

    try:
        return Navigator(open_store(folder), on).leading_to(code)[:12]
    except Refused:  # no Index in the store: shown without it
        return []


@command.command("tree")
@click.argument("node", required=False)
@click.option("--depth", default=1, show_default=True, help="How many levels below.")
@on_option
@store_option
@json_option
def tree(node: str | None, depth: int, day: date | None, folder: Path, as_json: bool) -> None:
    """The Tabular List: its chapters, a chapter (9), a block (I20-I25) or a code, with what is under it.

    \b
    superbill code tree
    superbill code tree S52 --depth 2
    """
    from superbill.codesets.icd10cm.lookup import book

    codes = book(open_store(folder), moment(day).date())
    branches = list(codes.branches(node or "", depth))
    if node and not branches and codes.code(node) is None:
        raise BadInput(f"{node}: no such chapter, block or code on {codes.on}.")
    if as_json:
        put_json(branches)
        return
    if node and (found := codes.code(node)):
        say(f"{found.code}  {found.title}", bold=True)
    for branch in branches:
        mark = "" if branch.billable else " …"
        say(f"{_INDENT * branch.level}{branch.name}  {branch.title}{mark}")


@command.command("index")
@click.argument("path", nargs=-1, required=True)
@click.option(
    "--book", "name", default="index", show_default=True,
    type=click.Choice(["index", "external", "neoplasm", "drug"]), help="Which book.",
)  # fmt: skip
@on_option
@store_option
@json_option
def index(path: tuple[str, ...], name: str, day: date | None, folder: Path, as_json: bool) -> None:
    """Look a term up in the Alphabetic Index, follow "see", and verify the codes that it gives.

    \b
    superbill code index Fracture, radius, lower end
    superbill code index --book drug Metformin
    """
    from superbill.codesets.icd10cm.lookup import book
    from superbill.codesets.icd10cm.navigate import Navigator

    store, on = open_store(folder), moment(day).date()
    navigator, codes = Navigator(store, on, f"icd10cm-{name}"), book(store, on)
    wanted = " ".join(path)
    lines = navigator.at(wanted) or (navigator.main_terms(wanted) if "," not in wanted else [])
    if as_json:
        put_json([_entry(navigator, line) for line in lines])
    else:
        for line in lines if len(lines) < _FEW else ():
            _put_line(navigator, codes, line)
        for line in lines if len(lines) >= _FEW else ():
            say(f"{line.path}  {line.code}{f'see {line.see}' if line.see else ''}")
        if not lines:
            say(f"{navigator.release.name} has no {wanted}.")
    raise SystemExit(0 if lines else 1)


_FEW = 4


def _entry(navigator: "Navigator", line: "Line") -> dict[str, object]:
    return {"line": line, "under": navigator.under(line), "leads to": navigator.follow(line)}


def _put_line(navigator: "Navigator", codes: "CodeBook", line: "Line") -> None:
    say(f"{line.path} {line.modifiers}", bold=True)
    for text in _codes_of(codes, line):
        say(_INDENT + text)
    for reached in navigator.follow(line):
        rest = f" (and there: {', '.join(reached.rest)})" if reached.rest else ""
        say(f"{_INDENT}see {reached.line.path}  {reached.line.code}{rest}")
    if (line.see or line.see_also) and not navigator.follow(line):
        say(f"{_INDENT}see {line.see or line.see_also}")
    for below in navigator.under(line):
        cells = ", ".join(f"{column} {code}" for column, code in below.cells)
        see = f"see {below.see}" if below.see else ""
        say(f"{_INDENT}- {below.title} {below.modifiers}  {below.code}{see}{cells}".rstrip())


def _codes_of(codes: "CodeBook", line: "Line") -> Iterator[str]:
    """What a line prints, verified: the code and its title, or what it goes on to, or that it is none on the day."""
    from superbill.codesets.icd10cm.navigate import verified

    printed = [("", line.code), ("manifestation ", line.manifestation), *((f"{c}: ", code) for c, code in line.cells)]
    for label, code in printed:
        if not code:
            continue
        checked = verified(code, codes)
        if checked.found is None:
            yield f"{label}{code}: no such code on {codes.on}"
        elif len(checked.ends) == 1:
            yield f"{label}{checked.ends[0].code}  {checked.ends[0].title}"
        else:
            yield f"{label}{code}  {checked.found.title}: {len(checked.ends)} codes, choose one under it"


@command.command("check")
@click.argument("codes", metavar="CODE...", nargs=-1, required=True)
@click.option("--setting", type=click.Choice(["outpatient", "inpatient"]), default="outpatient", show_default=True)
@click.option("--born", type=click.DateTime(["%Y-%m-%d"]), help="The patient's birth date.")
@click.option("--sex", type=click.Choice(["female", "male"]), help="For the checks of sex.")
@click.option("--weeks", type=click.IntRange(0, 45), help="Completed weeks of gestation.")
@click.option("--poa", default="", help="Present-on-admission indicators, one letter for each code (YYN1W).")
@on_option
@store_option
@json_option
def check(
    codes: tuple[str, ...], setting: Literal["outpatient", "inpatient"], born: datetime | None,
    sex: Literal["female", "male"] | None, weeks: int | None, poa: str, day: date | None, folder: Path, as_json: bool,
) -> None:  # fmt: skip
    """Check diagnoses in their sequence: validity, Excludes, code first, guidelines; each finding cites its source.

    Exit 1 when something is an error.

    \b
    superbill code check N18.3 E11.22
    superbill code check O80 Z37.0 Z3A.39 --sex female --weeks 39
    """
    from superbill.coding.checks import check as check_codes
    from superbill.coding.checks.model import Coded
    from superbill.findings import Severity, errors

    if poa and len(poa) != len(codes):
        raise BadInput(f"--poa {poa} has {len(poa)} letters for {len(codes)} codes. Give one for each, in sequence.")
    coded = Coded(
        diagnoses=codes, on=moment(day).date(), setting=setting, born=born.date() if born else None, sex=sex or "",
        weeks=weeks, poa=tuple(poa),
    )  # fmt: skip
    order = list(Severity)
    findings = sorted(check_codes(coded, open_store(folder)), key=lambda found: order.index(found.severity))
    if as_json:
        put_json(findings)
    else:
        for finding in findings:
            put_findings([finding])
            say(f"{_INDENT}{finding.source}", dim=True)
        if not findings:
            say("Nothing found.")
    raise SystemExit(1 if errors(findings) else 0)
