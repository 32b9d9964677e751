"""The code books at the side: a code in the tree with its instructions, its siblings; a procedure axis by axis."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.code_books import code_books
from superbill.app.coding.actions import NotDecided
from superbill.app.coding.draft_queries import draft_of
from superbill.app.favourites.actions import drop, keep
from superbill.app.favourites.queries import favourites
from superbill.app.session import BadInput
from superbill.app.web import sites
from superbill.app.web.coding.bench import visit_of, waiting_audits
from superbill.app.web.coding.rows import SLUGS, meaning, modifier_words
from superbill.app.web.desk import CHARTS, Desk, desk, now, show
from superbill.app.web.middleware import came_from
from superbill.app.web.notices import tell
from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.encoder import siblings
from superbill.codesets.icd10cm.lookup import Code, Note, book
from superbill.codesets.icd10cm.navigate import Navigator
from superbill.codesets.icd10pcs.lookup import book as pcs_book
from superbill.codesets.release import Refused

NOTE_KINDS = {
    schema.INCLUDES: "Includes", schema.INCLUSION_TERM: "Also means", schema.NOTES: "Note",
    schema.EXCLUDES1: "Excludes 1: not coded together", schema.EXCLUDES2: "Excludes 2: not part of it",
    schema.CODE_FIRST: "Code first", schema.USE_ADDITIONAL: "Use additional code", schema.CODE_ALSO: "Code also",
    schema.SEVENTH: "Seventh character",
}  # fmt: skip
MOST_TERMS, MOST_BESIDE = 6, 24


class Group(Struct, frozen=True):
    """Notes of one kind at one place of the tree."""

    kind: str
    where: str
    texts: tuple[str, ...]


@desk(CHARTS)
def code(request: HttpRequest, at: Desk, account: str, slug: str, code: str) -> HttpResponse:
    """One code for the day of a visit: where it stands, what binds it, what stands beside it."""
    found = visit_of(at, account, blind=True)
    day = found.encounter.date_of_service
    system = next((name for name, each in SLUGS.items() if each == slug), "")
    if not system:
        raise Http404
    kept = draft_of(at.scope, found.id)
    blind = bool(waiting_audits(at, found))  # then not even whether it is among the first coder's codes
    line = None if blind else next((each for each in kept.draft.lines if each.code == code), None)
    context = _diagnosis(code, day) if system == "ICD-10-CM" else {"title": meaning(system, code, day)}
    mine = {(each.system, each.code) for each in favourites(at.actor)} if at.may(Permission.CODE) else set()
    return show(
        request,
        at,
        "coding/code",
        "visits",
        visit=found,
        code=code,
        slug=slug,
        system=system,
        line=line,
        kept=kept,
        day=day,
        at_hand=(slug, code) in mine,
        codes=at.may(Permission.CODE) and line is not None and kept.draft.state == "" and found.state != "billed",
        keeps=at.may(Permission.CODE),
        price=_price(at, code, day) if system in ("CPT", "HCPCS") else None,
        modifiers=[(each, modifier_words(each)) for each in line.modifiers] if line else [],
        **context,
    )


@desk(CHARTS)
def procedure(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """ICD-10-PCS, axis by axis: only the values that may follow."""
    found = visit_of(at, account)
    prefix = request.GET.get("prefix", "").upper()[:7]
    try:
        built = pcs_book(code_books(), found.encounter.last_date_of_service).build(prefix)
    except Refused as problem:
        return show(request, at, "coding/procedure", "visits", visit=found, said=str(problem), prefix=prefix)
    kept = draft_of(at.scope, found.id)
    steps = [(prefix[:place], value) for place, value in enumerate(built.chosen)]
    return show(
        request, at, "coding/procedure", "visits", visit=found, built=built, prefix=prefix, steps=steps, kept=kept,
        codes=at.may(Permission.CODE) and kept.draft.state == "" and found.state != "billed",
    )  # fmt: skip


@desk(CHARTS, Permission.CODE, methods=("POST",))
def favourite(request: HttpRequest, at: Desk) -> HttpResponse:
    """Keep a code at hand, with a note; or let it go."""
    slug, code = request.POST.get("slug", ""), request.POST.get("code", "")
    if slug not in SLUGS.values() or not 0 < len(code) <= 20:
        raise NotDecided("Name a code to keep at hand.")
    if request.POST.get("do") == "drop":
        drop(at.actor, slug, code, at=now())
        tell(request, f"{code} is no longer at hand.")
    else:
        note = request.POST.get("note", "").strip()
        if len(note) > 500:
            raise NotDecided("A note has at most 500 characters.")
        keep(at.actor, slug, code, note, at=now())
        tell(request, f"{code} is at hand on every visit now.")
    return redirect(came_from(request))


def _diagnosis(code: str, day: date) -> dict[str, object]:
    try:
        codes = book(code_books(), day)
    except Refused as problem:
        return {"title": "", "said": str(problem)}
    found = codes.code(code)
    if found is None:
        return {"title": "", "said": f"No such code on {day}."}
    beside = siblings(codes, found.code)
    above = [
        node for each in reversed(codes.above(found.code)) if (node := codes.code(each)) and node.code != found.code
    ]
    below = [] if found.billable else list(codes.under(found.code))
    return {
        "title": found.title, "billable": found.billable, "above": above, "below": below[:MOST_BESIDE],
        "groups": _groups(codes.notes_over(found.code)), "sides": _others(beside.laterality, found),
        "episodes": _others(beside.encounter, found), "specific": _others(beside.specificity, found),
        "terms": _terms(found.code, day), "release": codes.release.name, "exact": codes.exact,
    }  # fmt: skip


def _others(some: tuple[Code, ...], found: Code) -> list[Code]:
    return [each for each in some if each.code != found.code][:MOST_BESIDE]


def _groups(notes: tuple[Note, ...]) -> list[Group]:
    grouped: dict[tuple[str, str], list[str]] = {}
    for note in notes:
        where = schema.dotted(note.node) if note.node[:1].isalpha() and "-" not in note.node else note.node
        grouped.setdefault((note.kind, where), []).append(note.text)
    return [
        Group(NOTE_KINDS.get(kind, kind.replace("_", " ").capitalize()), where, tuple(texts))
        for (kind, where), texts in grouped.items()
    ]


def _terms(code: str, day: date) -> list[str]:
    try:
        return [line.path for line in Navigator(code_books(), day).leading_to(code)[:MOST_TERMS]]
    except Refused:
        return []


def _price(at: Desk, code: str, day: date) -> int | None:
    try:
        return sites.session(at).price(code, (), day)
    except BadInput:
        return None
