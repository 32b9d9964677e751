"""The workbench for one visit: the note with its evidence on the left, the codes in sequence on the right."""

from collections.abc import Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.coding.audit_queries import waiting_items
from superbill.app.coding.draft import Draft
from superbill.app.coding.draft_queries import Kept, draft_of, queries_of
from superbill.app.coding.levels import levelled
from superbill.app.coding.queries import Blinded
from superbill.app.encounters.models import EncounterState
from superbill.app.encounters.queries import Visit
from superbill.app.encounters.queries import visit as stored_visit
from superbill.app.favourites.queries import favourites
from superbill.app.path.coding import covered
from superbill.app.path.workbench import Case, Placed, Seen, case_of, checked, placed, seen
from superbill.app.session import Session
from superbill.app.web.claims.queries import claims_of_visit
from superbill.app.web.coding.lists import LISTS, address_of, list_of
from superbill.app.web.coding.marks import Span, marked, spans
from superbill.app.web.coding.queries import beside, provider_of
from superbill.app.web.coding.rows import BenchRow, meaning, numbered, rows_of
from superbill.app.web.coding.visits import session_of
from superbill.app.web.coding.words import told
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.queries import payer_names
from superbill.app.web.words import ORDINALS
from superbill.claims.coverage_order import order_coverages
from superbill.codesets.place_of_service.lookup import all_places
from superbill.coding.deciding import note_of
from superbill.findings import Severity
from superbill.site import payer_lookup

REASONS = (
    "not supported by the note", "part of another code", "history only", "not addressed at this visit",
    "ruled out or uncertain", "a more specific code fits",
)  # fmt: skip
LAST_STEPS = 12


class Bench(Struct, frozen=True, kw_only=True):
    """All that a page of the workbench is made of."""

    case: Case
    kept: Kept
    session: Session | None
    seen: Seen | None
    placed: tuple[Placed, ...]

    @property
    def visit(self) -> Visit:
        """The visit."""
        return self.case.visit

    @property
    def draft(self) -> Draft:
        """Its draft as it stands."""
        return self.kept.draft

    @property
    def open(self) -> bool:
        """May its codes be changed?"""
        return self.visit.state != EncounterState.BILLED and self.draft.state == ""


@desk(CHARTS)
def visit(request: HttpRequest, at: Desk, account: str) -> HttpResponse:
    """The workbench of one visit; to be read by all who may read charts, to be worked on by coders."""
    found = visit_of(at, account, blind=True)
    waiting = waiting_audits(at, found)
    if waiting:  # blind: what was coded first is not shown before the second coding is in
        return redirect(reverse("audit-visit", args=(at.practice.key, waiting[0], account)))
    return shown(request, at, bench_of(at, found))


def waiting_audits(at: Desk, found: Visit) -> list[int]:
    """The audits in which the visit waits for a blind second coding that this person may make."""
    return waiting_items(at.scope, found.id, at.actor.name) if at.may(Permission.AUDIT_CODING) else []


def visit_of(at: Desk, account: str, *, blind: bool = False) -> Visit:
    """The visit, its reading traced. Raises Http404; Blinded for one who may audit while its second coding is awaited,
    unless the page shows nothing of the first (`blind`)."""
    found = stored_visit(at.scope, account)
    if found is None:
        raise Http404
    if not blind and waiting_audits(at, found):
        raise Blinded(
            _("%(account)s waits for its blind second coding: nothing of the first is shown.") % {"account": account}
        )
    read(at, "encounter", [found.id])
    return found


def bench_of(at: Desk, found: Visit, *, kept: Kept | None = None, item: int = 0) -> Bench:
    """The bench of a visit; `item`: of its blind second coding."""
    session = session_of(at)
    case = case_of(at.scope, found)
    kept = kept or draft_of(at.scope, found.id, item=item)
    if session is None or item or found.state == EncounterState.BILLED:
        said = checked(case, kept.draft) if found.state != EncounterState.BILLED else list(found.findings)
        return Bench(case=case, kept=kept, session=session, seen=None, placed=placed(said, kept.draft))
    live = seen(session, case, kept.draft, by=at.actor.name, release=kept.release)
    return Bench(case=case, kept=kept, session=session, seen=live, placed=live.placed)


def shown(
    request: HttpRequest, at: Desk, bench: Bench, *, status: int = 200, refused: str = "", focus: str = "",
    **more: Any,
) -> HttpResponse:  # fmt: skip
    """The page of a bench. `focus`: the key of the line that the last step was about."""
    name, chosen = list_of(request)
    found = bench.visit
    context = {
        **of_codes(bench, focus), **_of_visit(at, bench), **more,
        "beside": beside(at.scope, chosen, found.id, found.encounter.date_of_service), "list": address_of(name, chosen),
        "list_name": LISTS[name][0] if name in LISTS else name.replace("_", " "), "refused": refused,
    }  # fmt: skip
    return show(request, at, "coding/visit", "visits", status=status, **context)


def of_codes(bench: Bench, focus: str = "") -> dict[str, Any]:
    """The note and the codes, for the workbench and for the blind second coding alike."""
    found, draft = bench.visit, bench.draft
    day = found.encounter.date_of_service
    proposals = bench.seen.proposals if bench.seen else ()
    ahead = following(draft, focus)
    length = len(note_of(found.encounter))
    sheet = levelled(draft.em, draft.counting) if draft.em else None
    every = [*numbered(draft, length), *_of_sheet(sheet, length)]
    rows = {kind: rows_of(draft, kind, day, bench.placed, proposals, ahead) for kind in ("dx", "px", "sv")}
    loose = [each.finding for each in bench.placed]
    return {
        "bench": bench, "visit": found, "draft": draft, "kept": bench.kept, "open": bench.open,
        "notes": marked(found.encounter, every), "diagnoses": rows["dx"], "procedures": rows["px"],
        "services": rows["sv"], "sheet": sheet, "level": _level_row(rows["sv"]), "reasons": REASONS,
        "holds": [each for each in loose if each.severity is Severity.ERROR],
        "warnings": [each for each in loose if each.severity is Severity.WARNING],
        "others": [each for each in loose if each.severity not in (Severity.ERROR, Severity.WARNING)],
        "placed": bench.placed, "steps": told(bench.kept.steps[-LAST_STEPS:], draft), "undo": bench.kept.undoable,
        "inpatient": bench.case.inpatient, "focus": focus,
    }  # fmt: skip


def following(draft: Draft, focus: str) -> str:
    """The key of the first undecided line after the one that has the focus, else of any."""
    keys = [each.key for each in draft.lines]
    waiting = [each.key for each in draft.undecided]
    after = keys.index(focus) if focus in keys else -1
    return next((key for key in waiting if keys.index(key) > after), waiting[0] if waiting else "")


def _level_row(rows: Sequence[BenchRow]) -> BenchRow | None:
    return next((row for row in rows if row.line.level), None)


def _of_sheet(sheet: Any, length: int) -> list[Span]:
    """The elements that the worksheet counts, in the note: without a number."""
    if sheet is None:
        return []
    items = [item for part in sheet.parts for item in part.items if item.evidence is not None]
    return [span for item in items for span in spans([item.evidence], f"em-{item.place.replace(':', '-')}", "", length)]


def _of_visit(at: Desk, bench: Bench) -> dict[str, Any]:
    found = bench.visit
    patient, encounter = found.chart.patient, found.encounter
    place = encounter.location.place_of_service if encounter.location else ""
    billed = found.state == EncounterState.BILLED and at.may(CLAIMS)
    asked = queries_of(at.scope, found.id)
    return {
        "patient": patient, "given": " ".join(patient.name.given), "provider": provider_of(encounter),
        "age": found.chart.age_on(encounter.date_of_service), "payer": _payer(bench),
        "place": all_places().get(bench.kept.coded.place_of_service or place),
        "claims": claims_of_visit(at.scope, found.id) if billed else [],
        "names": payer_names(at.scope) if billed else {}, "ordinals": ORDINALS, "opens_account": at.may(LEDGER),
        "asked": asked, "queries": _to_ask(bench, asked), "codes": at.may(Permission.CODE),
        "favourites": _favourites(at, bench) if bench.open else [],
        "edits": at.may(Permission.IMPORT_CHARTS) and found.state != EncounterState.BILLED,
    }  # fmt: skip


def _payer(bench: Bench) -> str:
    if bench.session is None:
        return ""
    found = bench.visit
    chart = covered(bench.session.site, found.chart, found.encounter)
    order = order_coverages(chart, found.encounter, payer_lookup(bench.session.site))
    return order.coverages[0].payer.payer.name if order.coverages else "Self-pay"


def _to_ask(bench: Bench, asked: Sequence[Any]) -> list[tuple[int, Any]]:
    """What the rules would ask the provider and nobody has asked yet, with its place among all."""
    record = bench.kept.record
    every = record.suggestion.queries if record and record.suggestion else ()
    there = {(one.query.rule, one.query.text) for one in asked}
    return [(place, each) for place, each in enumerate(every) if (each.rule, each.text) not in there]


def _favourites(at: Desk, bench: Bench) -> list[tuple[str, str, str]]:
    """(system, code, what it means or the note kept with it) of what this coder keeps at hand."""
    if not at.may(Permission.CODE):
        return []
    systems = {"icd10cm": "ICD-10-CM", "icd10pcs": "ICD-10-PCS", "hcpcs": "HCPCS", "cpt": "CPT"}
    day = bench.visit.encounter.date_of_service
    return [
        (systems[each.system], each.code, each.note or meaning(systems[each.system], each.code, day))
        for each in favourites(at.actor)[:12]
        if each.system in systems
    ]
