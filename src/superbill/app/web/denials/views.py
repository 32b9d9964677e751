"""Denials: what stands refused by cause, the ranked queue, one refusal with everything about it."""

from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.models import ClaimState
from superbill.app.claims.queries import claim as stored_claim
from superbill.app.claims.queries import later_version
from superbill.app.denials.queries import CauseRow, appeals, by_cause, denial, letter_of, prevention
from superbill.app.web.charts import HALF, Bar, Chart, bars
from superbill.app.web.claims.views import pdf
from superbill.app.web.denials.queries import (
    AGES,
    DEADLINES,
    Person,
    Task,
    Wanted,
    cause_key,
    members,
    narrowed,
    people,
    standing,
    tasks_of,
)
from superbill.app.web.denials.ways import Way, ways
from superbill.app.web.denials.words import OUTCOMES, ROUTES, STEPS, WORK, state
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.paging import ROWS, Page, asked
from superbill.app.web.queries import payer_names
from superbill.app.web.today.saved import kept_filters
from superbill.codesets.rarc.lookup import remark
from superbill.denials.levels import Deadline
from superbill.denials.model import Denial, RefusedLine
from superbill.forms.letter import render
from superbill.forms.statement.labels import service_label
from superbill.money import dollars

_KNOWN = {
    "age": frozenset(AGES),
    "deadline": frozenset({*DEADLINES, "passed", "unknown"}),
    "who": frozenset({"me", "nobody", *WORK}),
    "show": frozenset({"waiting", "snoozed", "all"}),
}


class Listed(Struct, frozen=True, kw_only=True):
    """One refusal of the queue, ready to be shown."""

    place: int
    one: Denial
    person: Person
    task: Task | None
    route: str
    days: int | None


@desk(CHARTS, CLAIMS, LEDGER)
def denials(request: HttpRequest, at: Desk) -> HttpResponse:
    """Causes with their money, and the queue, the most worthwhile first."""
    board = standing(at.scope, at.today)
    tasks = tasks_of(at.scope, board.denials) if at.may(Permission.WORK_TASKS) else {}
    wanted = wanted_of(request)
    found = narrowed(board.denials, tasks, wanted, me=at.actor.name, today=at.today)
    of_causes = narrowed(board.denials, tasks, _without_cause(wanted), me=at.actor.name, today=at.today)
    number, offset = asked(request.GET.get("page", ""), len(found))
    some = found[offset : offset + ROWS]
    who = people(at.scope, some)
    rows = tuple(_listed(place, one, who, tasks) for place, one in enumerate(some, offset + 1))
    read(at, "claim", [one.refusal.claim for one in some if one.refusal.claim])
    names, kept = payer_names(at.scope), query_of(wanted)
    causes = [
        (row, f"{row.category}.{row.reason}", board.recovered.get(_group_and_code(row.reason), 0))
        for row in by_cause(of_causes)
    ]
    return show(
        request, at, "denials/denials", "denials",
        page=Page(rows=rows, number=number, total=len(found)), causes=causes, pareto=_pareto(at, causes, wanted),
        wanted=wanted, query=kept, names=names,
        payers=sorted({one.refusal.payer for one in board.denials}, key=lambda key: names.get(key, key)),
        amount=sum(one.refusal.amount for one in found), expected=sum(_expected(one) for one in found),
        soon=sum(1 for one in found if one.deadline and 0 <= one.deadline.days_left <= 14),
        passed=sum(1 for one in found if one.deadline and one.deadline.passed),
        choices=_choices(), kept=kept_filters(at, "denials", kept), members=members(at.scope) if tasks else [],
    )  # fmt: skip


def _choices() -> dict[str, list[tuple[str, str]]]:
    """What each filter offers."""
    work = [(key, str(name)) for key, name in WORK.items() if key != "nobody"]
    return {
        "show": [("", _("to be worked")), ("waiting", _("waiting")), ("snoozed", _("put off")), ("all", _("all"))],
        "deadline": [
            ("", _("any")), ("week", _("in 7 days")), ("month", _("in 30 days")), ("passed", _("passed")),
            ("unknown", _("not known")),
        ],
        "age": [("", _("any time")), *((age, f"{age.replace('over-', '> ')} {_('days ago')}") for age in AGES)],
        "who": [("", _("anyone")), ("me", _("mine")), ("nobody", _("unassigned")), *work],
    }  # fmt: skip


def wanted_of(request: HttpRequest) -> Wanted:
    """What the address asks for."""
    known = {name: value for name, values in _KNOWN.items() if (value := request.GET.get(name, "")) in values}
    free = {name: request.GET.get(name, "")[:80] for name in ("payer", "cause")}
    return Wanted(**known, **free)


def query_of(wanted: Wanted) -> str:
    """What is looked for, as the end of an address ("&payer=…"); "" for nothing."""
    kept = {name: getattr(wanted, name) for name in Wanted.__struct_fields__ if getattr(wanted, name)}
    return f"&{urlencode(kept)}" if kept else ""


def address_of(at: Desk, route: str, wanted: Wanted, *args: object) -> str:
    """An address of the room that keeps what is looked for."""
    return f"{reverse(route, args=(at.practice.key, *args))}{query_of(wanted).replace('&', '?', 1)}"


def _without_cause(wanted: Wanted) -> Wanted:
    return Wanted(payer=wanted.payer, age=wanted.age, deadline=wanted.deadline, who=wanted.who, show=wanted.show)


def _group_and_code(name: str) -> tuple[str, str]:
    group, _dash, code = name.partition("-")
    return group, code


def _expected(one: Denial) -> int:
    return round(one.refusal.amount * one.rank.chance)


def _listed(place: int, one: Denial, who: dict[int, Person], tasks: dict[str, Task]) -> Listed:
    return Listed(
        place=place,
        one=one,
        person=who[one.refusal.encounter],
        task=tasks.get(one.refusal.key),
        route=str(ROUTES[one.route]),
        days=one.deadline.days_left if one.deadline else None,
    )


def _pareto(at: Desk, causes: list[tuple[CauseRow, str, int]], wanted: Wanted) -> Chart:
    rows = []
    for row, key, _won in causes[:10]:
        opens = address_of(at, "denials", Wanted(**{**_fields(wanted), "cause": key}))
        rows.append(
            Bar(
                label=f"{row.reason} {row.title}",
                parts=(row.expected, row.amount - row.expected),
                text=dollars(row.amount),
                opens=opens,
            )
        )
    return bars(_("Refused by cause, the part likely to be won first"), rows, width=HALF)


def _fields(wanted: Wanted) -> dict[str, str]:
    return {name: getattr(wanted, name) for name in Wanted.__struct_fields__}


class Said(Struct, frozen=True, kw_only=True):
    """One cause as it is told: its lines, the payer's codes in plain words, what lies behind it, whose work it is."""

    line: RefusedLine
    remarks: tuple[tuple[str, str], ...]
    whose: str


class Place(Struct, frozen=True, kw_only=True):
    """Where a refusal stands in the queue at hand: the ones before and after it."""

    number: int
    total: int
    before: str = ""
    after: str = ""


def place_of(at: Desk, wanted: Wanted, number: str) -> Place:
    """The refusal's neighbours among those that are looked for."""
    board = standing(at.scope, at.today)
    tasks = tasks_of(at.scope, board.denials) if at.may(Permission.WORK_TASKS) else {}
    found = narrowed(board.denials, tasks, wanted, me=at.actor.name, today=at.today)
    numbers = [one.refusal.control_number for one in found]
    if number not in numbers:
        return Place(number=0, total=len(numbers), after=numbers[0] if numbers else "")
    here = numbers.index(number)
    return Place(
        number=here + 1,
        total=len(numbers),
        before=numbers[here - 1] if here else "",
        after=numbers[here + 1] if here + 1 < len(numbers) else "",
    )


@desk(CHARTS, CLAIMS, LEDGER)
def denial_page(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    """One refusal: what was billed, what the payer said, why, what is missing, until when, and the ways on."""
    one = denial(at.scope, number, at.today)
    if one is None:
        return _settled(request, at, number)
    return page_of(request, at, one)


def _settled(request: HttpRequest, at: Desk, number: str) -> HttpResponse:
    stored = stored_claim(at.scope, number)
    if stored is None:
        raise Http404
    read(at, "claim", [stored.id])
    wanted = wanted_of(request)
    after = place_of(at, wanted, number).after
    later = later_version(at.scope, stored.id) if stored.state != ClaimState.PAID else ""
    return show(
        request, at, "denials/settled", "denials", stored=stored, later=later, after=after,
        query=query_of(wanted).replace("&", "?", 1),
    )  # fmt: skip


def page_of(
    request: HttpRequest, at: Desk, one: Denial, *, status: int = 200, way: str = "", **context: object
) -> HttpResponse:
    """The refusal's page, with the form of one way in its place."""
    refusal, wanted = one.refusal, wanted_of(request)
    tasks = tasks_of(at.scope, [one]) if at.may(Permission.WORK_TASKS) else {}
    read(at, "claim", [refusal.claim])
    every: list[Way] = ways(at, one)
    return show(
        request, at, "denials/denial", "denials", status=status,
        one=one, refusal=refusal, person=people(at.scope, [one])[refusal.encounter], names=payer_names(at.scope),
        said=_said(one), labels={line.key: service_label(line.code) for line in refusal.lines},
        deadlines=_deadlines(one), ways=every, way=way, current=f"denial-{way}",
        place=place_of(at, wanted, refusal.control_number),
        route=ROUTES[one.route], whose=WORK[one.cause.task], word=state(one.state),
        steps=[(step, STEPS[step.kind], OUTCOMES.get(step.outcome, "")) for step in reversed(refusal.steps)],
        task=tasks.get(refusal.key), query=query_of(wanted).replace("&", "?", 1), cause=cause_key(one),
        tells=at.may(Permission.WORK_DENIALS), snoozes=at.may(Permission.WORK_TASKS), **context,
    )  # fmt: skip


def _said(one: Denial) -> list[Said]:
    told: dict[tuple[str, tuple[str, ...]], Said] = {}
    for line in one.refusal.lines:
        cause = line.cause
        known = tuple((code, found.meaning) for code in cause.remarks if (found := remark(code)))
        told.setdefault((cause.name, cause.remarks), Said(line=line, remarks=known, whose=str(WORK[cause.task])))
    return list(told.values())


def _deadlines(one: Denial) -> list[Deadline]:
    return sorted((last for last in (one.correct_by, one.appeal_by) if last), key=lambda last: last.last_day)


@desk(CHARTS, CLAIMS, LEDGER)
def appeal_list(request: HttpRequest, at: Desk) -> HttpResponse:
    """Every appeal, what was decided, and what came in since."""
    every = appeals(at.scope)
    result = request.GET.get("result", "")
    known = [name for name in ("pending", *OUTCOMES) if any(one.result == name for one in every)]
    chosen = [one for one in every if result not in known or one.result == result]
    number, offset = asked(request.GET.get("page", ""), len(chosen))
    some = tuple(chosen[offset : offset + ROWS])
    read(at, "claim", [one.claim for one in some])
    decided = [one for one in every if one.result not in ("pending", "withdrawn")]
    won = [one for one in decided if one.result in ("overturned", "partly")]
    return show(
        request, at, "denials/appeals", "denials", page=Page(rows=some, number=number, total=len(chosen)),
        result=result if result in known else "", known=[(name, OUTCOMES.get(name, _("under way"))) for name in known],
        outcomes={**OUTCOMES, "pending": _("under way")}, names=payer_names(at.scope),
        disputed=sum(one.disputed for one in every), recovered=sum(one.recovered for one in every),
        won=len(won), decided=len(decided), query=f"&result={result}" if result in known else "",
    )  # fmt: skip


@desk(CHARTS, CLAIMS, LEDGER)
def appeal_letter(_request: HttpRequest, at: Desk, step: int) -> HttpResponse:
    """The letter of an appeal, as it was filed."""
    letter = letter_of(at.scope, step)
    if letter is None:
        raise Http404
    stored = stored_claim(at.scope, letter.our_number)
    read(at, "claim", [stored.id] if stored else [])
    return pdf(render(letter), f"appeal-{letter.our_number}.pdf")


@desk(CLAIMS, LEDGER)
def denial_prevention(request: HttpRequest, at: Desk) -> HttpResponse:
    """By cause: which edits of ours look for it, and on how many of these claims one had spoken."""
    rows = prevention(at.scope, standing(at.scope, at.today).denials)
    return show(request, at, "denials/prevention", "denials", rows=rows)
