"""The list of claims: by state, filtered, sorted, chosen from."""

from collections.abc import Collection, Sequence

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.claims.models import ClaimState
from superbill.app.web.claims.asking import NOBODY, USUAL, Asked, asked_of
from superbill.app.web.claims.queries_list import (
    StateCount,
    by_state,
    claim_list,
    hands,
    payers,
    providers,
    rules,
)
from superbill.app.web.desk import CHARTS, CLAIMS, LEDGER, Desk, desk, read, show
from superbill.app.web.today.saved import kept_filters
from superbill.app.web.words import CLAIM_GROUPS, CLAIM_KINDS, ORDINALS

# What the columns are called, how they stand, and which of them a phone shows.
COLUMNS = (
    ("claim", _("Claim"), ""), ("patient", _("Patient"), ""), ("payer", _("Payer"), "wide"),
    ("provider", _("Provider"), "wide"), ("service", _("Service"), "wide"), ("state", _("State"), ""),
    ("since", _("Since"), "wide n"), ("charge", _("Charge"), "wide n"), ("open", _("Open"), "n"),
)  # fmt: skip
_GREATEST_FIRST = ("service", "charge", "open")
AGES = (1, 3, 7, 14, 30, 60, 90, 120)


class Column(Struct, frozen=True):
    """The head of a column: what it is called, where a click leads, and how it is sorted now."""

    label: object
    look: str
    address: str
    sorted: str


@desk(CHARTS, CLAIMS, LEDGER)
def claims(request: HttpRequest, at: Desk) -> HttpResponse:
    """Claims by state, with their money and age; any filter, any order."""
    names, seen, people = payers(at.scope), providers(at.scope), hands(at.scope)
    what = known_only(asked_of(request.GET), names, seen)
    counts = by_state(at.scope, what, at.today)
    total = sum(one.claims for one in counts if not what.states or one.state in what.states)
    page = claim_list(at.scope, what, total, request.GET.get("page", ""), at.today)
    read(at, "claim", [line.id for line in page.rows])
    address = what.address()
    return show(
        request, at, "claims/claims", "claims",
        page=page, what=what, names=names, address=address, query=f"&{address}" if address else "",
        states=_chips(what, counts), all_states=what.address(state=""), all_count=_sum(counts, ()),
        shown=_sum(counts, what.states), group=what.state.replace("-", " ") if what.state in CLAIM_GROUPS else "",
        columns=_columns(what), choices=_choices(at, what, names, seen, people), providers=seen, hands=people,
        ordinals=ORDINALS, low=what.text("low"), high=what.text("high"), start=what.text("start"),
        end=what.text("end"), may=_may(at), kept=kept_filters(at, "claims", address),
    )  # fmt: skip


def known_only(what: Asked, names: Collection[str], seen: Collection[str]) -> Asked:
    """What is asked, without a payer or a provider that the practice does not know."""
    payer, provider = what.payer if what.payer in names else "", what.provider if what.provider in seen else ""
    return replace(what, payer=payer, provider=provider)


def _may(at: Desk) -> dict[str, bool]:
    """What the toolbar offers to this person."""
    needs = {"bill": Permission.BILL, "send": Permission.SEND, "hand": Permission.WORK_TASKS}
    return {name: at.may(need) for name, need in needs.items()}


def _chips(what: Asked, counts: Sequence[StateCount]) -> list[tuple[StateCount, str, bool]]:
    """The states that there are, in the order of a claim's life, with their address."""
    order = [state.value for state in ClaimState]
    there = sorted(counts, key=lambda one: order.index(one.state))
    return [(one, what.address(state=one.state), one.state == what.state) for one in there]


def _sum(counts: Sequence[StateCount], states: Sequence[str]) -> tuple[int, int]:
    some = [one for one in counts if not states or one.state in states]
    return sum(one.claims for one in some), sum(one.charge for one in some)


def _columns(what: Asked) -> list[Column]:
    falls = what.sort.startswith("-")
    made = []
    for key, label, look in COLUMNS:
        mine = key == what.column
        falls_next = not falls if mine else key in _GREATEST_FIRST
        turned = f"-{key}" if falls_next else key
        address = what.address(sort="" if turned == USUAL else turned)
        made.append(Column(label, look, address, ("descending" if falls else "ascending") if mine else ""))
    return made


Choice = tuple[str, object, list[tuple[str, object]], str]


def _choices(at: Desk, what: Asked, names: dict[str, str], seen: dict[str, str], people: list[str]) -> list[Choice]:
    """The selects of the filter: name, label, what there is to choose, what is chosen."""
    in_hand: list[tuple[str, object]] = [(at.actor.name, _("mine")), (NOBODY, _("unassigned"))]
    in_hand += [(name, name) for name in people if name != at.actor.name]
    ages: list[tuple[str, object]] = [(str(days), _("%s d or longer") % days) for days in AGES]
    return [
        ("payer", _("Payer"), sorted(names.items(), key=lambda item: str(item[1])), what.payer),
        ("provider", _("Provider"), list(seen.items()), what.provider),
        ("kind", _("Kind"), list(CLAIM_KINDS.items()), what.kind),
        ("order", _("Billed as"), list(ORDINALS.items()), what.order),
        ("age", _("In this state"), ages, what.text("age")),
        ("rule", _("Held by rule"), [(rule, f"{rule} ({count:,})") for rule, count in rules(at.scope)], what.rule),
        ("hand", _("In hand"), in_hand, what.hand),
    ]


def pdf(content: bytes, name: str) -> HttpResponse:
    """A PDF shown by the browser; `name` is made of numbers that tell nothing of a patient."""
    return HttpResponse(
        content, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
    )
