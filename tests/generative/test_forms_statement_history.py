"""Whatever a payer answers, the journal tells a statement a story that adds up."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from superbill.claims.model import Adjustment
from superbill.forms.statement.compose import LineFacts, line
from superbill.forms.statement.history import events
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason, balances, reversal
from superbill.remits.posting import LineMoney, post_line

DAY = date(2026, 8, 3)
NAMES = {"blue": "Blue Peak Health", "second": "Second Mutual"}


def charge(amount: int, payer: str) -> Entry:
    owed = Posting(account=Account.INSURANCE, amount=amount, line="L1", payer=payer)
    if not payer:
        owed = Posting(account=Account.PATIENT, amount=amount, line="L1")
    income = Posting(account=Account.CHARGES, amount=-amount, line="L1")
    return Entry(key="charge", kind="charge", on=DAY, postings=(owed, income))


def answer(
    key: str, balance: int, paid: int, adjustments: tuple[Adjustment, ...], payer: str, next_payer: str
) -> Entry:
    money = LineMoney(line="L1", paid=paid, adjustments=adjustments)
    postings = post_line(money, balance=balance, payer=payer, next_payer=next_payer)
    nothing = (Posting(account=Account.CASH, amount=0), Posting(account=Account.CASH, amount=0))
    return Entry(key=key, kind="insurance payment", on=DAY, postings=tuple(postings) or nothing)


def paid_by_patient(amount: int) -> Entry:
    cash = Posting(account=Account.CASH, amount=amount, line="L1", payer="patient:7", reason=Reason(code="card"))
    return Entry(
        key="patient",
        kind="patient payment",
        on=DAY,
        postings=(cash, Posting(account=Account.PATIENT, amount=-amount, line="L1")),
    )


def told(entries: list[Entry], amount: int):
    facts = LineFacts(
        on=DAY, code="99213", charge=amount, balance=balances(entries)["L1"], events=events(entries, NAMES)["L1"]
    )
    return line(facts)


def test_the_first_payer_passes_on_and_the_second_pays():
    first = (Adjustment("CO", "45", 6000), Adjustment("PR", "2", 2000))
    entries = [
        charge(18000, "blue"),
        answer("a", 18000, 10000, first, "blue", "second"),
        answer("b", 2000, 1500, (Adjustment("PR", "3", 500),), "second", ""),
        paid_by_patient(200),
    ]
    said = told(entries, 18000)
    assert said.story == (
        "Blue Peak Health allowed $120.00 of the $180.00 charge and paid $100.00.",
        "$20.00 went on to Second Mutual.",
        "Second Mutual then paid $15.00.",
        "$5.00 is your copay.",
        "You paid $2.00. Thank you. That leaves $3.00.",
    )
    assert said.owed == 300


def test_a_bill_without_insurance_has_no_payer_in_its_story():
    said = told([charge(18000, ""), paid_by_patient(8000)], 18000)
    assert said.story == ("You paid $80.00. Thank you. That leaves $100.00.", "No insurance paid for this service.")


def test_a_denial_that_we_forgive_is_ours():
    entries = [charge(18000, "blue"), answer("a", 18000, 0, (Adjustment("CO", "29", 18000),), "blue", "")]
    forgive = (
        Posting(account=Account.WRITE_OFF, amount=18000, line="L1", reason=Reason(code="timely filing")),
        Posting(account=Account.DENIED, amount=-18000, line="L1", payer="blue"),
    )
    entries.append(Entry(key="w", kind="write-off", on=DAY, postings=forgive))
    assert told(entries, 18000).story == ("We took $180.00 off your bill.",)


GROUPS = st.sampled_from(["CO", "PR", "OA", "PI"])
CODES = st.sampled_from(["1", "2", "3", "16", "23", "29", "45", "50", "97", "204", "ZZ9"])
ADJUSTMENTS = st.lists(st.builds(Adjustment, GROUPS, CODES, st.integers(1, 12000)), max_size=4).map(tuple)


@given(
    st.integers(1, 30000),
    st.integers(0, 30000),
    ADJUSTMENTS,
    st.booleans(),
    ADJUSTMENTS,
    st.booleans(),
    st.integers(0, 900),
)
def test_every_answer_of_payers_makes_a_line_that_adds_up(amount, paid, first, second_payer, second, undone, patient):
    entries = [charge(amount, "blue")]
    entries.append(answer("a", amount, min(paid, amount), first, "blue", "second" if second_payer else ""))
    left = balances(entries)["L1"].insurance - balances(entries)["L1"].denied
    if second_payer and left > 0:
        entries.append(answer("b", left, 0, second, "second", ""))
    if undone:
        entries.append(reversal(entries[1], key="undo", on=DAY))
    if patient:
        entries.append(paid_by_patient(patient))
    said = told(entries, amount)  # raises Unexplained when story and ledger differ
    assert said.charge == said.insurance_paid + said.adjustment + said.patient_paid + said.with_insurance + said.owed
    assert said.story and all(sentence.endswith(".") for sentence in said.story)
    assert said.owed <= 0 or said.why
