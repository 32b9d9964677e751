"""Enrollment (834) and premium payment (820): the tables read what is sent, the conditions tell when more is due."""

import csv
from pathlib import Path

import pytest

from superbill.x12.conditions import enrollment, premium
from superbill.x12.guides import enrollment_834, enrollment_834_exchange, premium_820
from superbill.x12.nodes import Compiled
from superbill.x12.tree import Interchange, Loop, Transaction
from superbill.x12.walk import walk

CORPUS = Path(__file__).parents[3] / "shared" / "data" / "x12"
GUIDES = [
    Compiled(guide)
    for guide in (enrollment_834.GUIDE, enrollment_834_exchange.GUIDE, premium_820.GUIDE, premium_820.EXCHANGE)
]
ROWS = list(csv.DictReader((CORPUS / "index.csv").open())) if CORPUS.is_dir() else []
FILES = [row["file"] for row in ROWS if row["transaction"] in ("834", "820") and row["version"][:6] == "005010"]
# Date qualifier 358 is none of those of a member; another edition of this example has 356.
WRONG = {"LinuxForHealth+x12/src/tests/resources/834_005010X220A1/enroll-employee-managed-care.834"}

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"


def transactions(source: bytes) -> list[Transaction]:
    def guides_of(_st: list[str], version: str, _after: list[str]) -> list[Compiled]:
        return [each for each in GUIDES if version in each.guide.versions]

    found = walk(source, guides_of, units=False)
    return [
        transaction
        for each in found
        if isinstance(each, Interchange)
        for group in each.groups
        for transaction in group.transactions
    ]


def read(kind: str, functional_id: str, version: str, *segments: str) -> Loop:
    body = (f"ST*{kind}*0001*{version}", *segments, f"SE*{len(segments) + 2}*0001")
    text = f"{ISA}GS*{functional_id}*S*R*20260101*1200*1*X*{version}~{'~'.join(body)}~GE*1*1~IEA*1*000000001~"
    (transaction,) = transactions(text.encode())
    assert not transaction.findings
    return transaction.root


def member(*segments: str) -> Loop:
    (found,) = read("834", "BE", "005010X220A1", *segments).members
    assert isinstance(found, Loop)
    return found


@pytest.mark.shared_data
@pytest.mark.skipif(not CORPUS.is_dir(), reason="../shared/data/x12 is not on this machine")
@pytest.mark.parametrize("file", FILES)
def test_every_segment_of_the_corpus_has_its_place(file):
    found = transactions((CORPUS / file).read_bytes())
    assert found
    assert any(each.findings for each in found) == (file in WRONG)


def test_a_member_is_read_by_name():
    found = member(
        "INS*Y*18*021*20*A***FT", "REF*0F*123456789", "DTP*356*D8*20260101", "NM1*IL*1*DOE*JOHN", "DMG*D8*19800101*M",
        "HD*021**HLT**FAM", "DTP*348*D8*20260101", "COB*P**5", "NM1*IN*2*OTHER PLAN",
        "LS*2700", "LX*1", "N1*75*REGION", "REF*17*NORTH", "LE*2700",
    )  # fmt: skip
    assert found.subscriber_id.value == "123456789"
    assert found.person.name.first == "JOHN"
    (coverage,) = found.coverages
    assert coverage.other_coverages[0].related_entities[0].name.name == "OTHER PLAN"
    assert found.reporting.categories[0].category.reference.value == "NORTH"


@pytest.mark.parametrize(("maintenance", "expected"), [("021", True), ("001", False)])
def test_an_added_member_tells_birth_date_and_sex(maintenance, expected):
    found = member(f"INS*Y*18*{maintenance}*20*A", "NM1*IL*1*DOE")
    assert enrollment.member_is_added(found.person, (found,), None) is expected


@pytest.mark.parametrize(("status", "expected"), [("C", True), ("A", False)])
def test_cobra_tells_its_event(status, expected):
    found = member(f"INS*Y*18*021*20*{status}")
    assert enrollment.has_cobra(found, (), found.detail) is expected


@pytest.mark.parametrize(("segments", "expected"), [(("NM1*74*1*DOE",), True), (("NM1*IL*1*DOE",), False), ((), False)])
def test_a_corrected_name_tells_the_wrong_one(segments, expected):
    found = member("INS*Y*18*001*25*A", *segments)
    assert enrollment.name_is_corrected(found, (), None) is expected


@pytest.mark.parametrize(("entity", "expected"), [("2L*FI*123456789", True), ("2J*34*123456789", False)])
def test_what_is_not_paid_by_person_is_paid_for_the_organization(entity, expected):
    root = read("820", "RA", "005010X218", "BPR*I*1*C*NON", f"ENT*1*{entity}", "RMR*IK*1**1")
    assert premium.payment_is_not_by_person(root, (), None) is expected
    assert (root.organization is not None) is expected


def test_an_adjustment_belongs_to_the_person_before_and_to_the_bill_after_it():
    root = read(
        "820", "RA", "005010X218", "ENT*1*2J*34*123456789", "NM1*IL*1*DOE", "ADX*-100*52", "RMR*IK*1**500", "ADX*-50*H1"
    )
    (person,) = root.individuals
    assert [each.adjustment.amount for each in person.earlier_adjustments] == [-10000]
    assert [each.adjustment.amount for each in person.remittances[0].adjustments] == [-5000]


def test_an_exchange_pays_by_enrollment_and_for_its_program():
    root = read(
        "820", "RA", "005010X306", "ENT*1", "NM1*IL*1*DOE*JOHN****C1*777", "REF*POL*4567", "RMR*ZZ*APTC**400",
        "DTM*582****RD8*20260101-20260131", "ENT*2", "RMR*ZZ*BAL**-400", "REF*0N*RPT*1",
    )  # fmt: skip
    person, program = root.enrollments
    assert person.person.exchange_policy_id.value == "4567"
    assert (program.person, program.remittances[0].remittance.paid) == (None, -40000)
