"""What payers said of claims, what that asks for, and which claims it pays to ask about."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Max
from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.claims.models import ClaimRow
from superbill.app.claims.queries import claims_to_ask_about
from superbill.app.documents import decoded
from superbill.app.inquiries.models import InquiryRow, ReplyRow
from superbill.app.inquiries.steps import Step, ask_again_on, next_step
from superbill.app.inquiries.words import said
from superbill.app.practices.queries import policy
from superbill.app.rows import found
from superbill.money import Cents
from superbill.x12.inquiry_model import ClaimReply


class Standing(Struct, frozen=True, kw_only=True):
    """The last thing asked about a claim (row id) and the last thing answered; None where neither is."""

    claim: int
    asked: date | None = None
    told: date | None = None
    category: str = ""
    status: str = ""
    words: str = ""
    reply: int = 0

    @property
    def unanswered(self) -> bool:
        """A question is open."""
        return self.asked is not None and (self.told is None or self.told < self.asked)

    @property
    def step(self) -> Step | None:
        """What follows from the answer."""
        return next_step(self.category) if self.told is not None else None


class Exchange(Struct, frozen=True, kw_only=True):
    """One question or one answer of a claim's story, in the order of time."""

    on: date
    what: str
    trace: str
    words: str = ""
    step: str = ""


def standing(scope: Scope, claims: Iterable[int] | None = None) -> dict[int, Standing]:
    """Where the questions about these claims (row ids; None: about all under way) stand; those never asked about are
    not in it."""
    if claims is None:
        claims = scope.rows(ClaimRow).filter(state__in=("sent", "accepted")).values_list("id", flat=True)
    wanted = set(claims)
    asked: dict[int, date] = {}
    for claim, at in found(scope, InquiryRow, "claim_id", wanted, "claim_id", "at"):
        asked[claim] = max(asked.get(claim, date.min), at.date())
    rows = scope.rows(ReplyRow).filter(claim_id__in=wanted) if len(wanted) < 500 else scope.rows(ReplyRow)
    latest = {row["last"] for row in rows.values("claim_id").annotate(last=Max("id")).order_by()}
    columns = ("claim_id", "id", "at", "category", "status", "doc")
    told = {row[0]: row[1:] for row in found(scope, ReplyRow, "id", latest, *columns) if row[0] in wanted}
    made = {}
    for claim in sorted(asked.keys() | told.keys()):
        reply, at, category, status, doc = told.get(claim, (0, None, "", "", ""))
        made[claim] = Standing(
            claim=claim,
            asked=asked.get(claim),
            told=at.date() if at else None,
            category=category,
            status=status,
            words=said(decoded(doc, ClaimReply, f"reply {reply}")) if doc else "",
            reply=reply,
        )
    return made


def claims_due(scope: Scope, on: date) -> list[int]:
    """Claims (row ids) about which their payers are asked today: silent for long enough, no question open, and no
    answer that a person has to do something about, or that asks for more patience."""
    waiting = claims_to_ask_about(scope, on)
    known, rules = standing(scope, waiting), policy(scope)
    due = []
    for claim in waiting:
        one = known.get(claim)
        if one is None:
            due.append(claim)
        elif one.unanswered:
            lost = one.asked is not None and one.asked + timedelta(days=rules.silence_days[1]) <= on
            due += [claim] if lost else []
        elif one.told is not None and (again := ask_again_on(one.category, one.told, rules)) is not None:
            due += [claim] if again <= on else []
    return due


def story(scope: Scope, claim: int) -> list[Exchange]:
    """Every question about a claim (row id) and every answer, oldest first."""
    asked = scope.rows(InquiryRow).filter(claim_id=claim).order_by("id").values_list("at", "trace")
    told = scope.rows(ReplyRow).filter(claim_id=claim).order_by("id").values_list("at", "category", "doc")
    made = [(at, Exchange(on=at.date(), what="asked", trace=trace)) for at, trace in asked]
    for at, category, doc in told:
        reply = decoded(doc, ClaimReply, f"reply to claim {claim}")
        step = next_step(category)
        words = said(reply)
        made.append(
            (at, Exchange(on=at.date(), what="answered", trace=reply.trace, words=words, step=step.do or step.name))
        )
    return [one for _, one in sorted(made, key=lambda each: each[0])]


class Open(Struct, frozen=True, kw_only=True):
    """A claim under way with what was asked and answered about it."""

    control_number: str
    payer_key: str
    charge: Cents
    standing: Standing


def under_way(scope: Scope) -> list[Open]:
    """Claims under way that were asked about, or answered about unasked, by control number."""
    known = standing(scope)
    columns = ("id", "control_number", "payer_key", "charge")
    rows = {row[0]: row[1:] for row in found(scope, ClaimRow, "id", known, *columns)}
    made = [
        Open(control_number=number, payer_key=payer, charge=charge, standing=known[row_id])
        for row_id, (number, payer, charge) in rows.items()
    ]
    return sorted(made, key=lambda one: one.control_number)
