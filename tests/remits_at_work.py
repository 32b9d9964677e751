"""Small things that tests of posted remittances share: posting, sums, rows, reversals."""

from datetime import date

from msgspec.structs import replace

from superbill.app.billing.models import JournalEntry, Posting
from superbill.app.doctor.payments import check_remittances
from superbill.app.doctor.report import Notes
from superbill.app.remits.actions import (
    post_remittance,
)
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.claims.model import Adjustment
from superbill.ledger.accounts import Account
from superbill.x12.model import ProviderAdjustment
from tests.app_samples import AT, answer

LATER = date(2026, 11, 20)


def post(system, remit, payer="one", **more):
    return post_remittance(system, remit, payer_key=payer, at=AT, **more)


def account(system, name, **more):
    return sum(system.scope.rows(Posting).filter(account=name.value, **more).values_list("amount", flat=True))


def entries(system):
    return system.scope.rows(JournalEntry).count()


def answer_id(system, number, **more):
    return system.scope.rows(RemittanceClaimRow).filter(control_number=number, **more).latest("id").pk


def sound(system):
    notes = Notes()
    check_remittances(system.scope, notes)
    return notes.findings() == () and account(system, Account.CLEARING) == 0


def states(system):
    return sorted(system.scope.rows(RemittanceRow).values_list("state", flat=True))


def back(sent, *lines):
    """The reversal of an answer."""
    return answer(
        sent,
        *(
            replace(
                line,
                charge=-line.charge,
                paid=-line.paid,
                adjustments=tuple(Adjustment(a.group, a.reason, -a.amount) for a in line.adjustments),
            )
            for line in lines
        ),
        status="22",
    )


def forward(amount, reason="FB", reference="T"):
    return ProviderAdjustment(
        npi="1234567893", fiscal_year_end=date(2026, 12, 31), reason=reason, reference=reference, amount=amount
    )
