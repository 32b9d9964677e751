"""Who may do what. Deny by default: an actor may do exactly what a role of theirs lists below."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person does. `READ_*` open the tables that name them; the others are actions."""

    READ_CHARTS = "read charts"
    READ_CLAIMS = "read claims"
    READ_LEDGER = "read ledger"
    READ_AUDIT = "read audit"
    READ_REPORTS = "read reports"
    IMPORT_CHARTS = "import charts"
    REGISTER = "register patients"
    MERGE_PATIENTS = "merge patients"
    VERIFY_COVERAGE = "verify coverage"
    KEEP_AUTHORIZATIONS = "keep authorizations"
    CODE = "code"
    AUDIT_CODING = "audit coding"
    BILL = "bill"
    OVERRIDE_EDITS = "override edits"
    MANAGE_RULES = "manage rules"
    SEND = "send"
    RECEIVE = "receive files"
    POST_REMITTANCE = "post remittance"
    TAKE_PAYMENT = "take payment"
    ADJUST = "adjust"
    WRITE_OFF = "write off"
    TRANSFER = "transfer balances"
    REFUND = "refund"
    APPROVE = "approve"
    COLLECT = "collect"
    RECONCILE = "reconcile"
    CLOSE_BOOKS = "close books"
    MAKE_STATEMENTS = "make statements"
    CORRESPOND = "correspond"
    WORK_DENIALS = "work denials"
    WORK_TASKS = "work tasks"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage accounts"


class Role(StrEnum):
    """The jobs of a billing office. `system` is the program itself, working through a queue or a command."""

    CODER = "coder"
    AUDITOR = "auditor"
    BILLER = "biller"
    POSTER = "poster"
    FRONT_DESK = "front desk"
    MANAGER = "manager"
    ADMINISTRATOR = "administrator"
    SYSTEM = "system"


_P = Permission
_READ = frozenset({_P.READ_CHARTS, _P.READ_CLAIMS, _P.READ_LEDGER})
_COVERAGE = frozenset({_P.VERIFY_COVERAGE, _P.KEEP_AUTHORIZATIONS})
_DESK = frozenset({_P.WORK_TASKS, _P.CORRESPOND, _P.TAKE_PAYMENT, _P.WRITE_OFF})  # write-offs up to the role's limit

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.CODER: frozenset({_P.READ_CHARTS, _P.CODE, _P.WORK_TASKS}),
    Role.AUDITOR: frozenset({_P.READ_CHARTS, _P.AUDIT_CODING, _P.WORK_TASKS}),
    Role.BILLER: _READ
    | _COVERAGE
    | {_P.BILL, _P.SEND, _P.RECEIVE, _P.WORK_DENIALS, _P.TRANSFER, _P.WORK_TASKS, _P.CORRESPOND, _P.WRITE_OFF},
    Role.POSTER: _READ
    | _DESK
    | {_P.RECEIVE, _P.POST_REMITTANCE, _P.MAKE_STATEMENTS, _P.TRANSFER, _P.REFUND, _P.RECONCILE, _P.COLLECT},
    Role.FRONT_DESK: _COVERAGE | _DESK | {_P.READ_CHARTS, _P.READ_LEDGER, _P.IMPORT_CHARTS, _P.REGISTER},
    Role.MANAGER: frozenset(_P) - {_P.MANAGE_ACCOUNTS},
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_ACCOUNTS, _P.READ_AUDIT}),
    Role.SYSTEM: frozenset(_P) - {_P.MANAGE_ACCOUNTS},
}


EMERGENCY = frozenset({_P.READ_CHARTS, _P.READ_CLAIMS})  # what emergency access opens: reading, never more


class NotPermitted(Exception):
    """The actor's roles do not include the permission. Nothing was read or written."""
