"""A run of statements: plan, compose and keep, a chunk of guarantors at a time; run again it makes what is missing."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import decoded
from superbill.app.rows import chunks
from superbill.app.statements.actions import draft_of, record_run, record_statements
from superbill.app.statements.composing import compose
from superbill.app.statements.models import Statement
from superbill.app.statements.planning import Planned, plans
from superbill.app.statements.queries import sent_to
from superbill.forms.statement import StatementData
from superbill.money import Cents
from superbill.site import Site

CHUNK = 100


class Made(Struct, frozen=True, kw_only=True):
    """A statement of the run's day with its number; `new`: made by this run, not by one before it on the day."""

    number: int
    guarantor: int
    channel: str
    level: int
    data: StatementData
    new: bool

    @property
    def name(self) -> str:
        """Its number as people say it."""
        return self.data.number


def numbered(number: int) -> str:
    """A statement's number as papers and people say it: S000123."""
    return f"S{number:06d}"


def make_statements(
    actor: Actor,
    site: Site,
    on: date,
    *,
    at: datetime,
    minimum: Cents,
    only: int | None = None,
    whoever: bool = False,
) -> Iterator[Made]:
    """Make the statements of `on` for whoever's turn it is; those made earlier on the day come along, unchanged.

    Raises NotPermitted at once, StatementOutOfDate when somebody posts in between: run again, what was made stays.
    `only` one guarantor and `whoever` is as in `planning.plans`.
    """
    actor.must(Permission.MAKE_STATEMENTS)
    every = list(plans(actor.scope, on, minimum, only=None if only is None else [only], whoever=whoever))
    yield from _made_before(actor, on, only)
    count, amount = 0, 0
    for some in chunks([plan for plan in every if plan.verdict == "send"], CHUNK):
        documents = compose(actor.scope, site, some, on)
        drafts = [draft_of(plan, data) for plan, data in zip(some, documents, strict=True)]
        for plan, data, kept in zip(some, documents, record_statements(actor, drafts, at=at), strict=True):
            count, amount = count + kept.new, amount + (kept.amount if kept.new else 0)
            yield _made(plan, data, kept.number, new=kept.new)
    if only is None:
        record_run(actor, on, count, amount, at=at)


def _made(plan: Planned, data: StatementData, number: int, *, new: bool) -> Made:
    return Made(
        number=number,
        guarantor=plan.card.id,
        channel=plan.route.channel,
        level=plan.level,
        data=replace(data, number=numbered(number)),
        new=new,
    )


def _made_before(actor: Actor, on: date, only: int | None) -> Iterator[Made]:
    """The statements that were made earlier on the day, of one guarantor or of all, by number; paid or not."""
    rows = actor.scope.rows(Statement).filter(on=on).order_by("number")
    rows = rows if only is None else rows.filter(sent_to(only))
    for number, guarantor, level, doc in list(rows.values_list("number", "guarantor_id", "level", "doc")):
        data = replace(decoded(doc, StatementData, f"statement {number}"), number=numbered(number))
        yield Made(number=number, guarantor=guarantor, channel="", level=level, data=data, new=False)
