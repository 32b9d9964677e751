"""Who may do what. Deny by default: an actor may do exactly what a role of theirs lists below."""

from collections.abc import Mapping
from enum import StrEnum


class Permission(StrEnum):
    """One thing that a person does. `READ_*` open the tables that name them; the others are actions."""

    READ_CHARTS = "read charts"
    READ_CLAIMS = "read claims"
    READ_LEDGER = "read ledger"
    READ_AUDIT = "read audit"
    IMPORT_CHARTS = "import charts"
    VERIFY_COVERAGE = "verify coverage"
    KEEP_AUTHORIZATIONS = "keep authorizations"
    CODE = "code"
    AUDIT_CODING = "audit coding"
    BILL = "bill"
    OVERRIDE_EDITS = "override edits"
    MANAGE_RULES = "manage rules"
    SEND = "send"
    POST_REMITTANCE = "post remittance"
    TAKE_PAYMENT = "take payment"
    ADJUST = "adjust"
    MAKE_STATEMENTS = "make statements"
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

ROLES: Mapping[Role, frozenset[Permission]] = {
    Role.CODER: frozenset({_P.READ_CHARTS, _P.CODE}),
    Role.AUDITOR: frozenset({_P.READ_CHARTS, _P.AUDIT_CODING}),
    Role.BILLER: _READ | {_P.BILL, _P.SEND} | _COVERAGE,
    Role.POSTER: _READ | {_P.POST_REMITTANCE, _P.TAKE_PAYMENT, _P.MAKE_STATEMENTS},
    Role.FRONT_DESK: _COVERAGE | {_P.READ_CHARTS, _P.READ_LEDGER, _P.IMPORT_CHARTS, _P.TAKE_PAYMENT},
    Role.MANAGER: frozenset(_P) - {_P.MANAGE_ACCOUNTS},
    Role.ADMINISTRATOR: frozenset({_P.MANAGE_ACCOUNTS, _P.READ_AUDIT}),
    Role.SYSTEM: frozenset(_P) - {_P.MANAGE_ACCOUNTS},
}


class NotPermitted(Exception):
    """The actor's roles do not include the permission. Nothing was read or written."""
