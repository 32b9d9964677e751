"""SNIP type 3: the sums of claims, remittances, premium payments and enrollments, in and out of balance."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from superbill.x12.balances import Balance, balance_of
from superbill.x12.library import guides_of
from superbill.x12.tree import Interchange, Loop, Transaction
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"


def transactions(source: bytes) -> Iterator[Transaction]:
    for interchange in walk(source, guides_of, units=False):
        assert isinstance(interchange, Interchange)
        for group in interchange.groups:
            yield from group.transactions


def everything(loop: Loop, balance: Balance, above: tuple[Loop, ...] = ()) -> Iterator[tuple[str, int, int]]:
    """What is found as the loops close, in file order."""
    for part in loop.body:
        if isinstance(part, Loop):
            yield from everything(part, balance, (loop, *above))
    if loop.id in balance.loops:
        for each in balance.closed(loop, above):
            assert each.words.endswith(".")
            yield each.rule.removeprefix("x12.balance."), each.element, each.line


def judged(transaction: Transaction) -> list[tuple[str, int, int]]:
    balance = balance_of(transaction.compiled.guide.key)
    found = list(everything(transaction.root, balance))
    return found + [
        (each.rule.removeprefix("x12.balance."), each.element, each.line) for each in balance.end(transaction.root)
    ]


def found(kind: str, functional_id: str, version: str, *segments: str) -> list[tuple[str, int, int]]:
    body = (f"ST*{kind}*0001*{version}", *segments, f"SE*{len(segments) + 2}*0001")
    text = f"{ISA}GS*{functional_id}*S*R*20260101*1200*1*X*{version}~{'~'.join(body)}~GE*1*1~IEA*1*000000001~"
    (transaction,) = transactions(text.encode())
    return judged(transaction)


# --- 837 ------------------------------------------------------------------------------------------------------------

LEVELS = (
    "HL*1**20*1|NM1*85*2*A*****XX*1234567893|HL*2*1*22*0|SBR*S*18*******CI|NM1*IL*1*D*J****MI*1|NM1*PR*2*M*****PI*1"
)
PROFESSIONAL, INSTITUTIONAL, DENTAL = "005010X222A1", "005010X223A2", "005010X224A2"
OTHER = "NM1*IL*1*D*J****MI*2|NM1*PR*2*P*****PI*"


def claim(charge: str, *segments: str, version: str = PROFESSIONAL) -> list[tuple[str, int, int]]:
    """A claim of that charge; each text is a segment, or several with "|" between."""
    head = [*LEVELS.split("|"), f"CLM*A1*{charge}***11:B:1*Y*A*Y*Y"]
    return found("837", "HC", version, *head, *(each for text in segments for each in text.split("|")))


def line(number: int, charge: str, *decided: str) -> str:
    return "|".join((f"LX*{number}", f"SV1*HC:99213*{charge}*UN*1***1", *decided))


def payer(id: str, *told: str) -> str:
    return "|".join(("SBR*P*18*******CI", *told, OTHER + id))


@pytest.mark.parametrize(
    ("version", "service"),
    [
        (PROFESSIONAL, "SV1*HC:99213*{}*UN*1***1"),
        ("005010X291", "SV1*HC:99213*{}*UN*1***1"),
        ("005010X298A1", "SV1*HC:99213*{}*UN*1***1"),
        ("004010X098A1", "SV1*HC:99213*{}*UN*1***1"),
        (INSTITUTIONAL, "SV2*0300*HC:80053*{}*UN*1"),
        (DENTAL, "SV3*AD:D0120*{}"),
    ],
)
def test_the_charge_of_a_claim_is_that_of_its_lines(version, service):
    lines = ("LX*1", service.format("60.5"), "LX*2", service.format("39.5"))
    assert claim("100", *lines, version=version) == []
    assert claim("100.01", *lines, version=version) == [("claim-charge", 2, 0)]


def test_a_total_line_of_paper_is_named():
    lines = ("LX*1", "SV2*0300**60*UN*1", "LX*2", "SV2*0001**60")
    (transaction,) = transactions(
        f"{ISA}GS*HC*S*R*20260101*1200*1*X*{INSTITUTIONAL}~ST*837*1*{INSTITUTIONAL}~{LEVELS.replace('|', '~')}"
        f"~CLM*A1*60***11:A:1**A*Y*Y~{'~'.join(lines)}~SE*1*1~GE*1*1~IEA*1*000000001~".encode()
    )
    the_claim = transaction.root.billing_providers[0].subscribers[0].claims[0]
    (one,) = balance_of("837I").closed(the_claim, ())
    assert "Revenue code 0001" in one.words


@pytest.mark.parametrize(
    "lines",
    [
        (),  # that a claim has no lines is no matter of its sums
        ("LX*1", "DTP*472*D8*20260101"),
        ("LX*1",),
        (line(1, "sixty"), line(2, "40")),
    ],
)
def test_an_unknown_sum_is_not_judged(lines):
    assert claim("100", *lines) == []


def test_an_unreadable_charge_is_not_judged():
    assert claim("hundred", payer("P1", "CAS*CO*45*20", "AMT*D*1", "AMT*A8*1"), line(1, "100")) == []


def test_the_service_may_come_late_in_its_line():
    assert claim("90", "LX*1", "DTP*472*D8*20260101", "SV1*HC:99213*100*UN*1***1") == [("claim-charge", 2, 0)]


def test_lines_between_which_something_stands_are_all_counted():
    assert claim("100", line(1, "60"), payer("P1"), line(2, "40")) == []


def test_what_a_payer_decided_of_a_line_is_its_charge():
    paid = ("SVD*P1*80*HC:99213**1", "CAS*CO*45*15", "CAS*PR*2*5")
    assert claim("100", payer("P1", "AMT*D*80"), line(1, "100", *paid)) == []
    wrong = ("SVD*P1*80*HC:99213**1", "CAS*CO*45*15")
    assert claim("160", payer("P1", "AMT*D*140"), line(1, "60", "SVD*P1*60*HC:99213**1"), line(2, "100", *wrong)) == [
        ("cob-line", 2, 2)
    ]


def test_several_reasons_of_one_adjustment_all_count():
    assert (
        claim("100", payer("P1", "AMT*D*80"), line(1, "100", "SVD*P1*80*HC:99213**1", "CAS*PR*1*5**2*8****3*7")) == []
    )
    assert claim("100", payer("P1", "AMT*D*80"), line(1, "100", "SVD*P1*80*HC:99213**1", "CAS*PR*1*5**2*8")) == [
        ("cob-line", 2, 1)
    ]


def test_a_line_that_the_payer_split_is_judged_as_one():
    halves = ("SVD*P1*30*HC:99212**1", "CAS*CO*45*20", "SVD*P1*40*HC:99211**1", "CAS*CO*45*10")
    assert claim("100", payer("P1", "AMT*D*70"), line(1, "100", *halves)) == []


def test_what_a_payer_paid_is_that_of_the_lines_less_what_he_adjusted_of_the_claim():
    decided = line(1, "100", "SVD*P1*80*HC:99213**1", "CAS*CO*45*20")
    assert claim("100", payer("P1", "CAS*PR*1*10", "AMT*D*70"), decided) == []
    assert claim("100", payer("P1", "CAS*PR*1*10", "AMT*D*80"), decided) == [("cob-paid", 2, 0)]


def test_a_payer_who_decided_on_the_claim_as_a_whole_accounts_for_its_charge():
    assert claim("100", payer("P1", "CAS*CO*45*20", "AMT*D*80"), line(1, "100")) == []
    assert claim("100", payer("P1", "CAS*CO*45*20", "AMT*D*70"), line(1, "100")) == [("cob-claim", 2, 0)]
    assert claim("100", payer("P1", "AMT*D*70"), line(1, "100")) == []  # what he didn't pay is told by no one


def test_up_to_ten_earlier_payers_are_each_judged():
    payers = [payer(f"P{each}", "CAS*CO*45*20", f"AMT*D*{80 + each // 9}") for each in range(10)]
    assert claim("100", *payers, line(1, "100")) == [("cob-claim", 2, 0)]


def test_a_payer_who_covers_the_patient_twice_is_judged_as_one():
    both = (payer("P1", "AMT*D*80"), payer("P1", "AMT*D*5"))
    first, second = ("SVD*P1*80*HC:99213**1", "CAS*CO*45*20"), ("SVD*P1*5*HC:99213**1", "CAS*OA*23*95")
    assert claim("100", *both, line(1, "100", *first, *second)) == []
    assert claim("100", *both, line(1, "100", *first, "SVD*P1*5*HC:99213**1", "CAS*OA*23*90")) == [("cob-line", 2, 1)]


@pytest.mark.parametrize(
    "decided",
    [
        ("SVD*P1*eighty*HC:99213**1", "CAS*CO*45*20"),
        ("SVD*P1*80*HC:99213**1", "CAS*CO*45*much"),
        ("SVD*P1*80*HC:99213**1", "CAS*CO*45*20**1*much"),
        ("SVD*P2*1*HC:99213**1",),  # that no such payer is told is said elsewhere
    ],
)
def test_what_a_payer_decided_and_can_not_be_read_is_not_judged(decided):
    assert claim("100", payer("P1", "AMT*D*80"), line(1, "100", *decided)) == []


def test_a_payer_without_id_or_payment_is_not_judged():
    assert claim("100", "SBR*P*18*******CI|CAS*CO*45*20|AMT*D*1", line(1, "100")) == []
    assert claim("100", payer("P1", "CAS*CO*45*20"), line(1, "100")) == []
    assert claim("100", payer("P1", "CAS*CO*45*x", "AMT*D*1"), line(1, "100")) == []


def test_what_a_payer_does_not_cover_is_the_whole_claim():
    assert claim("100", payer("P1", "AMT*A8*100"), line(1, "100")) == []
    assert claim("100", payer("P1", "AMT*A8*60"), line(1, "100")) == [("cob-noncovered", 2, 0)]
    assert claim("100", payer("P1", "AMT*D*85", "AMT*A8*15"), line(1, "100")) == []
    assert claim("100", payer("P1", "AMT*A8*60"), line(1, "100"), version="005010X298A1") == []
    assert claim("100", payer("P1", "AMT*A8*60"), line(1, "100"), version="004010X098A1") == []


# --- 835 ------------------------------------------------------------------------------------------------------------


def remittance(
    paid: str, *segments: str, version: str = "005010X221A1", debit: str = "C"
) -> list[tuple[str, int, int]]:
    head = (f"BPR*I*{paid}*{debit}*ACH", "TRN*1*1*1", "N1*PR*P", "N1*PE*A*XX*1234567893")
    return found("835", "HP", version, *head, *(each for text in segments for each in text.split("|")))


GOOD = "CLP*A1*1*100*80*5*12*1|SVC*HC:99213*60*50|CAS*CO*45*10|SVC*HC:99214*40*30|CAS*CO*45*5|CAS*PR*2*5"


@pytest.mark.parametrize("version", ["005010X221A1", "004010X091A1"])
def test_a_remittance_that_balances(version):
    assert remittance("80", "LX*1", GOOD, version=version) == []


@pytest.mark.parametrize(
    ("claim_paid", "expected"),
    [
        ("CLP*A1*1*100*80*5*12*1|CAS*CO*45*20", []),
        ("CLP*A1*1*100*80*5*12*1|CAS*CO*45*19", [("remittance-claim", 4, 0)]),
        ("CLP*A1*1*100*80*5*12*1|SVC*HC:99213*100*80|CAS*CO*45*20", []),
        (
            "CLP*A1*1*100*80*5*12*1|SVC*HC:99213*100*80|CAS*CO*45*10",
            [("remittance-line", 3, 1), ("remittance-claim", 4, 0)],
        ),
        (
            "CLP*A1*1*100*80*5*12*1|SVC*HC:99213*90*70|CAS*CO*45*20",
            [("remittance-lines", 3, 0), ("remittance-lines", 4, 0)],
        ),
        ("CLP*A1*1*100*70*5*12*1|CAS*PR*1*10|SVC*HC:99213*100*80|CAS*CO*45*20|X", []),
        ("CLP*A1*25*100*80*5*12*1", []),  # a predetermination
        ("CLP*A1*22*-100*-80*-5*12*1|SVC*HC:99213*-100*-80|CAS*CO*45*-20", []),
        ("CLP*A1*22*-100*-80*-5*12*1|CAS*CO*45*20", [("remittance-claim", 4, 0)]),
        ("CLP*A1*1*x*80*5*12*1|SVC*HC:99213*x*80|CAS*CO*45*20", []),
        ("CLP*A1*1*100*80*5*12*1|SVC*HC:99213*100*x|CAS*CO*45*20", []),
        ("CLP*A1*1*100*80*5*12*1|SVC*HC:99213*100*80|CAS*CO*45*x", []),
        ("CLP*A1*1*100*80*5*12*1|CAS*CO*45*x|SVC*HC:99213*100*80|CAS*CO*45*20", []),
    ],
)
def test_a_claim_of_a_remittance(claim_paid, expected):
    paid = claim_paid.split("|")[0].split("*")[4]
    assert remittance(paid, "LX*1", claim_paid) == expected


def test_what_is_paid_is_what_the_claims_pay_less_the_provider_adjustments():
    assert remittance("70.5", "LX*1", GOOD, "PLB*1*20261231*WO:1*10*L6:2*-0.5") == []
    assert remittance("80", "LX*1", GOOD, "PLB*1*20261231*WO:1*10") == [("payment", 2, 0)]
    assert remittance("0", "PLB*1*20261231*WO:1*0") == []


def test_a_debit_may_be_told_without_sign():
    back = "CLP*A1*22*-100*-80*-5*12*1|CAS*CO*45*-20"
    assert remittance("80", "LX*1", back, debit="D") == []
    assert remittance("80", "LX*1", back) == [("payment", 2, 0)]
    assert remittance("70", "LX*1", back, debit="D") == [("payment", 2, 0)]


@pytest.mark.parametrize(
    "segments",
    [
        ("LX*1", "CLP*A1*1*100*x*5*12*1"),
        ("LX*1", "CLP*A1*1*100*x*5*12*1", "CLP*A1*1*10*10**12*1"),
        ("LX*1", GOOD, "PLB*1*20261231*WO:1*x"),
    ],
)
def test_a_payment_with_an_unknown_part_is_not_judged(segments):
    assert remittance("1", *segments) == []


def test_an_unreadable_or_missing_payment_is_not_judged():
    assert remittance("x", "LX*1", GOOD) == []
    assert found("835", "HP", "005010X221A1", "TRN*1*1*1", "LX*1", *GOOD.split("|")) == []


@pytest.mark.parametrize(
    ("summary", "expected"),
    [
        ("TS3*1*11*20261231*2*200", []),
        ("TS3*1*11*20261231*3*200", [("summary-claims", 4, 0)]),
        ("TS3*1*11*20261231*2*100", [("summary-charge", 5, 0)]),
        ("TS3*1*11*20261231*x*x", []),
    ],
)
def test_a_summary_counts_the_claims_of_its_header(summary, expected):
    # The header before it has a claim of its own, which doesn't count.
    assert remittance("240", "LX*1", GOOD, "LX*2", summary, GOOD, GOOD) == expected


def test_a_summary_with_an_unreadable_claim_or_a_reversal_is_not_judged():
    summary = "TS3*1*11*20261231*1*5"
    assert remittance("80", "LX*1", summary, "CLP*A1*1*x*80*5*12*1", "CLP*A2*1*0*0**12*1") == [("summary-claims", 4, 0)]
    assert remittance("-80", "LX*1", summary, "CLP*A1*22*-100*-80**12*1|CAS*CO*45*-20") == []


# --- 820 and 834 ----------------------------------------------------------------------------------------------------


def premium(paid: str, *segments: str, version: str = "005010X218") -> list[tuple[str, int, int]]:
    head = (f"BPR*C*{paid}*C*ACH*CTX************20260101", "TRN*1*1", "N1*PE*I*FI*1", "N1*PR*E*FI*2")
    return found("820", "RA", version, *head, *segments)


PERSON, COMPANY = "ENT*1*2J*34*1", "ENT*1*2L*FI*1"


@pytest.mark.parametrize(
    ("paid", "segments", "expected"),
    [
        ("100", (COMPANY, "RMR*IK*1*PI*60", "RMR*IK*2*PI*40"), []),
        ("110", (COMPANY, "RMR*IK*1*PI*60", "RMR*IK*2*PI*40"), [("premium", 2, 0)]),
        ("100", (PERSON, "RMR*IK*1**60", "ENT*2*2J*34*2", "RMR*IK*1**40"), []),
        ("100", (PERSON, "RMR*IK*1**60", "ENT*2*2J*34*2", "RMR*IK*1**30"), [("premium", 2, 0)]),
        ("100", (PERSON, "RMR*IK*1**100*110", "ADX*-10*52"), []),
        ("100", (PERSON, "RMR*IK*1**100*110", "ADX*-20*52"), [("premium-item", 4, 0)]),
        ("100", (PERSON, "RMR*IK*1**100*110", "ADX*x*52"), []),
        ("100", (PERSON, "RMR*IK*1**100*110"), []),  # no word on why less was paid
        ("x", (PERSON, "RMR*IK*1**100"), []),
        ("100", (PERSON, "RMR*IK*1**x"), []),
        # Adjustments of earlier payments may be in the payment or not, but no third sum is right.
        ("90", (PERSON, "ADX*-10*52", "RMR*IK*1**100"), []),
        ("100", (PERSON, "ADX*-10*52", "RMR*IK*1**100"), []),
        ("95", (PERSON, "ADX*-10*52", "RMR*IK*1**100"), [("premium", 2, 0)]),
        ("95", (PERSON, "ADX*x*52", "RMR*IK*1**100"), []),
        # The same money told for the company and by person.
        ("100", (COMPANY, "RMR*IK*1*PI*100", "ENT*2*2J*34*1", "RMR*IK*1**100"), []),
    ],
)
def test_a_premium_payment(paid, segments, expected):
    assert premium(paid, *segments) == expected


def test_a_payment_of_the_exchange():
    items = ("ENT*1", "NM1*IL*1*D*J****C1*1", "RMR*ZZ*APTC**100", "RMR*ZZ*UF**-25")
    assert premium("75", *items, version="005010X306") == []
    assert premium("100", *items, version="005010X306") == [("premium", 2, 0)]


def members(*segments: str, version: str = "005010X220A1") -> list[tuple[str, int, int]]:
    return found("834", "BE", version, "BGN*00*1*20260101*1200", *segments, "INS*Y*18*021**A", "INS*N*01*021**A")


@pytest.mark.parametrize("version", ["005010X220A1", "005010X307"])
@pytest.mark.parametrize(
    ("totals", "wrong"),
    [
        (("QTY*TO*2", "QTY*ET*1", "QTY*DT*1"), 0),
        (("QTY*TO*3", "QTY*ET*1", "QTY*DT*1"), 1),
        (("QTY*TO*2", "QTY*ET*2", "QTY*DT*0"), 2),
        (("QTY*TO*x",), 0),
        (("QTY*XX*9",), 0),
        ((), 0),
    ],
)
def test_an_enrollment_counts_its_members(version, totals, wrong):
    assert members(*totals, version=version) == [("members", 2, 0)] * wrong


def test_other_transactions_have_no_sums():
    balance = balance_of("270")
    (transaction,) = transactions(f"{ISA}GS*HC*S*R*20260101*1200*1*X*X~ST*270*1~SE*2*1~GE*1*1~IEA*1*1~".encode())
    assert balance.loops == frozenset()
    assert list(balance.closed(transaction.root, ())) == list(balance.end(transaction.root)) == []


# --- the corpus -----------------------------------------------------------------------------------------------------

# Files that their keepers call valid and whose sums do not hold.
WRONG = {
    "azoner+pyx12/pyx12/test/x12testdata.py.L145.edi": "BPR02 5950.21 of claims that pay −510.25",
    "azoner+pyx12/pyx12/test/x12testdata.py.L2020.edi": "a charge of 21 with lines of 42",
    "LinuxForHealth+x12/src/tests/resources/835_005010X221A1/tertiary-payment.835": "a line of more than its claim",
    "summary-bill-payment.edi": "BPR02 19,000 with items of 16,750",
    "initial-hix-820-optional-outstanding-debt-owed-by-payee.edi": "BPR02 0 with items of 10",
}
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []
VALID = [
    row["file"] for row in ROWS if row["validity"] == "valid" and row["transaction"][:3] in ("837", "835", "820", "834")
]


@pytest.mark.shared_data
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
@pytest.mark.parametrize("file", VALID)
def test_the_sums_of_a_valid_file_hold(file):
    wrong = [each for transaction in transactions((CORPUS / file).read_bytes()) for each in judged(transaction)]
    assert bool(wrong) == any(file.endswith(name) for name in WRONG)
