"""The kinds of jobs. A new one is a line in KINDS and a function `run(work: Running) -> Outcome`."""

import importlib
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.practices.models import Practice
from superbill.app.stages import Stages

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from superbill.app.session import Session
    from superbill.connectors.base import Connector


class Outcome(Struct, frozen=True):
    """How a job ended: one sentence with its counts, the page to look at ("claims?state=ready"), a file to fetch.

    Nothing of a patient is in the sentence or in the address.
    """

    message: str
    result: str = ""
    file: str = ""


class Running(Struct, frozen=True, kw_only=True):
    """A job at work: as the member who asked for it, with what they may do now.

    Tell how far it is through `stages`, best item by item: between two steps a job can be stopped, also when the
    server goes down, and is then taken up again from its beginning. So what is done must not be done twice.
    `folder` is a new place for files, for the job alone; what is left there can be fetched for a week.
    """

    practice: Practice
    actor: Actor
    stages: Stages
    arguments: dict[str, Any]
    at: datetime
    folder: Path

    @property
    def today(self) -> date:
        """The day that the work counts to."""
        return self.at.date()

    def session(self) -> "Session":
        """The member at work with the practice's site file. Raises BadInput without one."""
        from superbill.app.web.desk import Desk
        from superbill.app.web.sites import session

        return session(Desk(practice=self.practice, actor=self.actor, today=self.today))

    def trading_partner(self) -> "AbstractContextManager[Connector]":
        """Where claims go and answers come from."""
        from superbill.app.web.sites import trading_partner

        return trading_partner()


class Kind(Struct, frozen=True, kw_only=True):
    """What it is called, what a member needs for it, and where its function is ("package.module:function")."""

    title: str | Promise
    permission: Permission
    runs: str

    def function(self) -> Callable[[Running], Outcome]:
        """The function, its module loaded now."""
        module, _colon, name = self.runs.partition(":")
        found: Callable[[Running], Outcome] = getattr(importlib.import_module(module), name)
        return found


KINDS: Mapping[str, Kind] = {
    "audit-check": Kind(
        title=_("Proof of the audit log"), permission=Permission.READ_AUDIT, runs="superbill.app.audit.jobs:check"
    ),
    "audit-export": Kind(
        title=_("Export of the audit log"), permission=Permission.READ_AUDIT, runs="superbill.app.audit.jobs:write"
    ),
    "charts-import": Kind(
        title=_("Import of charts"), permission=Permission.IMPORT_CHARTS, runs="superbill.app.path.bringing:bring"
    ),
    "charts-look": Kind(
        title=_("Look into charts"), permission=Permission.IMPORT_CHARTS, runs="superbill.app.path.bringing:look"
    ),
    "claims-build": Kind(
        title=_("Building of claims"), permission=Permission.BILL, runs="superbill.app.path.running:build"
    ),
    "claims-check": Kind(
        title=_("Check of claims"), permission=Permission.BILL, runs="superbill.app.path.running:check"
    ),
    "claims-receive": Kind(
        title=_("Receiving of answers"), permission=Permission.RECEIVE, runs="superbill.app.path.running:receive"
    ),
    "claims-send": Kind(
        title=_("Sending of claims"), permission=Permission.SEND, runs="superbill.app.path.running:send"
    ),
    "export": Kind(
        title=_("Export of everything"), permission=Permission.EXPORT, runs="superbill.app.jobs.office:export_all"
    ),
    "payments-post": Kind(
        title=_("Posting of payments"),
        permission=Permission.POST_REMITTANCE,
        runs="superbill.app.web.payments.posting:post",
    ),
    "receivables": Kind(
        title=_("Ages of receivables"),
        permission=Permission.READ_LEDGER,
        runs="superbill.app.reports.running:keep_ages",
    ),
    "statements": Kind(
        title=_("Statements of the day"),
        permission=Permission.MAKE_STATEMENTS,
        runs="superbill.app.statements.running:make",
    ),
    "statement-mail": Kind(
        title=_("Sending of statements"),
        permission=Permission.MAKE_STATEMENTS,
        runs="superbill.app.statements.running:send",
    ),
    "tasks": Kind(
        title=_("Refresh of all tasks"), permission=Permission.WORK_TASKS, runs="superbill.app.jobs.office:all_tasks"
    ),
}
