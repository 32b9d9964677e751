"""What a remittance does to the ledger, case by case."""

from datetime import date
from decimal import Decimal

import pytest

from superbill.claims.model import Adjustment, Procedure
from superbill.effective import Period
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Balance, Entry, Posting, balances
from superbill.remits import ChargeLine, SentClaim, plan_posting, standing
from superbill.x12.model import ProviderAdjustment, Remittance, RemittanceClaim, RemittanceLine

DAY = date(2026, 3, 2)
PAID = date(2026, 3, 20)


def charge_line(number=1, code="99213", charge=180_00, modifiers=()):
    return ChargeLine(key=f"A1-{number}", procedure=Procedure(code, modifiers), charge=charge, service=Period(DAY, DAY))


def charged(lines, payer="bluepeak"):
    return Entry(
        key="charge:A1",
        kind="charge",
        on=DAY,
        postings=tuple(
            posting
            for line in lines
            for posting in (
                Posting(account=Account.INSURANCE, amount=line.charge, line=line.key, payer=payer),
                Posting(account=Account.CHARGES, amount=-line.charge, line=line.key),
            )
        ),
    )


def answer(line, paid, *adjustments, key=True, **more):
    return RemittanceLine(
        procedure=more.pop("procedure", line.procedure),
        charge=more.pop("charge", line.charge),
        paid=paid,
        service=line.service,
        control_number=line.key if key else "",
        adjustments=tuple(Adjustment(*a) for a in adjustments),
        **more,
    )


def claim(*lines, status="1", control="A1P1", adjustments=(), paid=None):
    return RemittanceClaim(
        control_number=control,
        status=status,
        charge=sum(line.charge for line in lines),
        paid=sum(line.paid for line in lines) if paid is None else paid,
        lines=lines,
        adjustments=adjustments,
    )


def remittance(*claims, plb=(), amount=None):
    off = sum(p.amount for p in plb)
    return Remittance(
        payer_name="Blue Peak Health PPO",
        payer_id="BPH10",
        payee_name="Lakeland Family Medicine",
        payee_npi="1234567893",
        trace_number="EFT1",
        originator_id="1512345678",
        payment_amount=sum(c.paid for c in claims) - off if amount is None else amount,
        payment_date=PAID,
        claims=claims,
        provider_adjustments=plb,
    )


class Books:
    """A tiny set of books: what the ledger would say, kept in a list."""

    def __init__(self, *lines, next_payer=""):
        self.lines, self.next_payer = lines, next_payer
        self.entries = [charged(lines)]
        self.posted = []

    def sent(self, payer="bluepeak", next_payer=None):
        insurance, denied = {}, {}
        for entry in self.entries:
            for p in entry.postings:
                if p.payer == payer and p.account in {Account.INSURANCE, Account.DENIED}:
                    insurance[p.line] = insurance.get(p.line, 0) + p.amount
                if p.payer == payer and p.account is Account.DENIED:
                    denied[p.line] = denied.get(p.line, 0) + p.amount
        return SentClaim(
            control_number="A1P1",
            payer=payer,
            next_payer=self.next_payer if next_payer is None else next_payer,
            lines=self.lines,
            insurance=insurance,
            denied=denied,
            posted=standing(self.entries, payer),
        )

    def post(self, remit, payer="bluepeak", source="835:1", known=True, next_payer=None):
        sent = self.sent(payer, next_payer)
        plan = plan_posting(remit, payer=payer, find=lambda c: sent if known else None, source=source)
        self.entries += plan.entries
        return plan

    def line(self, number=1):
        return balances(self.entries)[f"A1-{number}"]

    def account(self, account):
        return sum(p.amount for e in self.entries for p in e.postings if p.account is account)


def test_a_paid_line_ends_as_payment_contract_and_copay():
    line = charge_line()
    books = Books(line)
    plan = books.post(remittance(claim(answer(line, 96_20, ("CO", "45", 53_80), ("PR", "3", 30_00)))))
    assert books.line() == Balance(charge=180_00, paid=96_20, adjusted=53_80, patient=30_00)
    assert [outcome.state for outcome in plan.outcomes] == ["paid"]
    assert books.account(Account.CLEARING) == 0
    assert books.account(Account.CASH) == 96_20


def test_a_denied_line_stays_open_with_the_payer():
    first, second = charge_line(1), charge_line(2, "20610", 56_00)
    books = Books(first, second)
    plan = books.post(
        remittance(claim(answer(first, 100_00, ("CO", "45", 80_00)), answer(second, 0, ("CO", "50", 56_00))))
    )
    assert books.line(2) == Balance(charge=56_00, insurance=56_00, denied=56_00)
    assert plan.outcomes[0].state == "partly_denied"
    reasons = [p.reason.code for e in books.entries for p in e.postings if p.account is Account.DENIED]
    assert reasons == ["50"]


def test_a_wholly_denied_claim_writes_nothing_off():
    line = charge_line()
    books = Books(line)
    plan = books.post(remittance(claim(answer(line, 0, ("CO", "29", 180_00)), status="4")))
    assert books.line() == Balance(charge=180_00, insurance=180_00, denied=180_00)
    assert plan.outcomes[0].state == "denied"
    assert {entry.kind for entry in plan.entries} == {"denial"}


def test_the_deductible_is_the_patients_even_when_nothing_is_paid():
    line = charge_line()
    books = Books(line)
    plan = books.post(remittance(claim(answer(line, 0, ("CO", "45", 60_00), ("PR", "1", 120_00)))))
    assert books.line().patient == 120_00
    assert plan.outcomes[0].state == "paid"


def test_the_patients_share_waits_for_the_next_payer_first():
    line = charge_line()
    books = Books(line, next_payer="keystone")
    plan = books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 55_00), ("PR", "2", 25_00)))))
    assert books.line() == Balance(charge=180_00, paid=100_00, adjusted=55_00, insurance=25_00)
    assert plan.outcomes[0].bill_next


def test_a_forwarded_claim_is_not_billed_to_the_next_payer_again():
    line = charge_line()
    books = Books(line, next_payer="keystone")
    plan = books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 55_00), ("PR", "2", 25_00)), status="19")))
    assert plan.outcomes[0].forwarded
    assert not plan.outcomes[0].bill_next


@pytest.mark.parametrize(
    "adjustments",
    [
        [("OA", "23", 155_00), ("PR", "2", 5_00)],
        # Some payers repeat their own contractual difference on top of the earlier payer's.
        [("CO", "45", 155_00), ("PR", "2", 5_00)],
    ],
)
def test_a_secondary_payer_settles_only_what_is_left(adjustments):
    line = charge_line()
    books = Books(line, next_payer="keystone")
    books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 55_00), ("PR", "2", 25_00)))))
    books.post(
        remittance(claim(answer(line, 20_00, *adjustments), status="2")),
        payer="keystone",
        source="835:2",
        next_payer="",
    )
    assert books.line() == Balance(charge=180_00, paid=120_00, adjusted=55_00, patient=5_00)


def test_a_reversal_takes_everything_back_and_the_correction_posts_anew():
    line = charge_line()
    books = Books(line)
    books.post(remittance(claim(answer(line, 96_20, ("CO", "45", 53_80), ("PR", "3", 30_00)))))
    back = answer(line, -96_20, ("CO", "45", -53_80), ("PR", "3", -30_00), charge=-180_00)
    corrected = answer(line, 80_00, ("CO", "45", 70_00), ("PR", "3", 30_00))
    plan = books.post(remittance(claim(back, status="22"), claim(corrected), plb=(forward(-16_20),)), source="835:2")
    assert [outcome.state for outcome in plan.outcomes] == ["reversed", "paid"]
    assert books.line() == Balance(charge=180_00, paid=80_00, adjusted=70_00, patient=30_00)
    assert books.account(Account.CLEARING) == 0
    assert books.account(Account.PROVIDER_LEVEL) == -16_20
    assert books.account(Account.CASH) == 96_20


def forward(amount, reason="FB"):
    return ProviderAdjustment(
        npi="1234567893", fiscal_year_end=date(2026, 12, 31), reason=reason, reference="A1P1", amount=amount
    )


def test_a_forward_balance_is_recovered_to_zero():
    line = charge_line()
    books = Books(line)
    books.post(remittance(plb=(forward(-16_20),), amount=16_20))
    books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))), plb=(forward(16_20, "WO"),)), source="2")
    assert books.account(Account.PROVIDER_LEVEL) == 0
    assert books.account(Account.CASH) == 100_00


def test_interest_is_income_of_its_own():
    line = charge_line()
    books = Books(line)
    books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))), plb=(forward(-1_15, "L6"),)))
    assert books.account(Account.INTEREST) == -1_15
    assert books.account(Account.CASH) == 101_15
    assert books.line().paid == 100_00


def test_a_reversal_of_money_never_posted_waits_in_suspense():
    line = charge_line()
    books = Books(line)
    back = answer(line, -96_20, ("CO", "45", -83_80), charge=-180_00)
    plan = books.post(remittance(claim(back, status="22"), plb=(forward(-96_20),)))
    assert plan.outcomes[0].state == "held"
    assert books.line().insurance == 180_00
    assert books.account(Account.SUSPENSE) == 96_20
    assert books.account(Account.CLEARING) == 0


def test_a_second_payment_without_a_reversal_waits_in_suspense():
    line = charge_line()
    books = Books(line)
    paid = remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))))
    books.post(paid)
    plan = books.post(paid, source="835:2")
    assert plan.outcomes[0].state == "held"
    assert books.account(Account.SUSPENSE) == -100_00
    assert books.line().paid == 100_00


def test_a_denial_that_the_payer_reconsiders_is_paid():
    line = charge_line()
    books = Books(line)
    books.post(remittance(claim(answer(line, 0, ("CO", "16", 180_00)), status="4")))
    plan = books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00)))), source="835:2")
    assert plan.outcomes[0].state == "paid"
    assert books.line() == Balance(charge=180_00, paid=100_00, adjusted=80_00)


def test_a_remittance_of_which_nothing_is_ours_is_held_whole():
    line = charge_line()
    books = Books(line)
    plan = books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00)))), known=False)
    assert plan.held
    assert not plan.entries
    assert plan.findings[0].rule == "remit.unknown-claims"


@pytest.mark.parametrize(
    "broken, rule",
    [
        (lambda line: remittance(claim(answer(line, 100_00, ("CO", "45", 80_00))), amount=99_00), "payment"),
        (lambda line: remittance(claim(answer(line, 100_00, ("CO", "45", 70_00)))), "claim"),
    ],
)
def test_a_remittance_that_does_not_balance_posts_nothing_and_says_where(broken, rule):
    line = charge_line()
    books = Books(line)
    plan = books.post(broken(line))
    assert plan.held
    assert not plan.entries
    assert plan.findings[0].rule == f"remit.balance.{rule}"
    assert "Nothing was posted" in plan.findings[0].fix


def test_a_line_is_matched_by_its_service_data_when_the_control_number_is_missing():
    first, second = charge_line(1, "20610", 90_00, ("RT",)), charge_line(2, "20610", 90_00, ("LT",))
    books = Books(first, second)
    books.post(
        remittance(
            claim(
                answer(second, 40_00, ("CO", "45", 50_00), key=False),
                answer(first, 0, ("CO", "50", 90_00), key=False),
            )
        )
    )
    assert books.line(2).paid == 40_00
    assert books.line(1).denied == 90_00


def test_a_dropped_modifier_does_not_lose_the_match():
    line = charge_line(1, "20610", 90_00, ("RT",))
    books = Books(line)
    books.post(remittance(claim(answer(line, 40_00, ("CO", "45", 50_00), key=False, procedure=Procedure("20610")))))
    assert books.line().paid == 40_00


def test_a_changed_procedure_is_matched_by_what_was_submitted():
    line = charge_line(1, "99214", 180_00)
    books = Books(line)
    changed = answer(
        line,
        60_00,
        ("CO", "45", 120_00),
        key=False,
        procedure=Procedure("99213"),
        submitted_procedure=Procedure("99214"),
    )
    books.post(remittance(claim(changed)))
    assert books.line().paid == 60_00


def test_a_line_that_is_not_ours_holds_the_claim():
    line = charge_line()
    books = Books(line)
    strange = RemittanceLine(
        procedure=Procedure("99000"), charge=20_00, paid=5_00, adjustments=(Adjustment("CO", "45", 15_00),)
    )
    plan = books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 80_00)), strange)))
    assert plan.outcomes[0].state == "held"
    assert "99000" in plan.findings[0].message
    assert books.account(Account.SUSPENSE) == -105_00
    assert books.line().insurance == 180_00


def test_a_line_that_the_payer_splits_is_added_up():
    line = charge_line()
    books = Books(line)
    books.post(
        remittance(
            claim(
                answer(line, 60_00, ("CO", "45", 30_00), charge=90_00),
                answer(line, 50_00, ("PR", "2", 40_00), charge=90_00),
            )
        )
    )
    assert books.line() == Balance(charge=180_00, paid=110_00, adjusted=30_00, patient=40_00)


def test_claim_level_adjustments_take_from_what_the_lines_pay():
    first, second = charge_line(1), charge_line(2, "20610", 60_00)
    books = Books(first, second)
    lines = (answer(first, 180_00), answer(second, 60_00))
    whole = claim(*lines, adjustments=(Adjustment("CO", "45", 80_00),), paid=160_00)
    books.post(remittance(whole))
    assert (books.line(1).paid, books.line(1).adjusted) == (120_00, 60_00)
    assert (books.line(2).paid, books.line(2).adjusted) == (40_00, 20_00)


def test_a_payment_above_the_charge_is_a_credit_with_the_payer_not_lost():
    line = charge_line()
    books = Books(line, next_payer="keystone")
    books.post(remittance(claim(answer(line, 100_00, ("CO", "45", 55_00), ("PR", "2", 25_00)))))
    books.post(
        remittance(claim(answer(line, 60_00, ("OA", "23", 120_00)), status="2")),
        payer="keystone",
        source="835:2",
        next_payer="",
    )
    assert books.line().insurance == -35_00
    assert books.line().explained


def test_units_travel_as_they_are():
    assert answer(charge_line(), 0).units == Decimal(1)
