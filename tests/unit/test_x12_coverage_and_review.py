"""What a 271 says of coverage and a 278 response decides, as the practice keeps it."""

from datetime import date
from decimal import Decimal

import pytest
from tests.cli_runs import interchange

from superbill.effective import Period
from superbill.x12.documents.coverage_271 import member_coverages, refusals
from superbill.x12.documents.review_278 import decisions

PAYER = ("HL*1**20*1", "NM1*PR*2*PLAN A*****PI*A1")
PROVIDER = ("HL*2*1*21*1", "NM1*1P*2*CLINIC*****XX*1234567893")
JANE = ("HL*3*2*22*0", "NM1*IL*1*DOE*JANE****MI*M1", "DMG*D8*19700101*F")
OTHER = ("EB*R**30", "LS*2120")


def file(number: str, version: str, body: tuple[str, ...]) -> bytes:
    head = "ISA*00*          *00*          *ZZ*PLAN           *ZZ*CLINIC         *260901*1200*^*00501*000000001*0*T*:"
    return interchange(
        (
            head,
            f"GS*HB*PLAN*CLINIC*20260901*1200*1*X*{version}",
            f"ST*{number}*0001*{version}",
            *body,
            f"SE*{len(body) + 2}*0001",
            "GE*1*1",
            "IEA*1*000000001",
        )
    )


def eligibility(*told: str) -> bytes:
    return file("271", "005010X279A1", ("BHT*0022*11*R1*20260901*1200", *told))


def one_member(*told: str):
    [member] = member_coverages(eligibility(*PAYER, *PROVIDER, *JANE, *told))
    return member


def review(*told: str) -> list:
    body = (
        "BHT*0007*11*Q1*20260901*1200*18", "HL*1**20*1", "NM1*X3*2*PLAN A*****PI*A1", *PROVIDER, "HL*3*2*22*1",
        *JANE[1:], *told,
    )  # fmt: skip
    return list(decisions(file("278", "005010X217", body)))


def test_a_member_is_told_with_payer_day_and_birth_date():
    member = one_member("EB*1**30**GOLD")
    assert (member.payer_id, member.member_id, member.last, member.first) == ("A1", "M1", "DOE", "JANE")
    assert (member.on, member.birth_date) == (date(2026, 9, 1), date(1970, 1, 1))
    assert (member.active, member.plan) == (True, "GOLD")


@pytest.mark.parametrize(
    "told, active, period",
    [
        (("DTP*346*D8*20260101", "EB*1**30"), True, Period(date(2026, 1, 1))),
        (("DTP*346*D8*20260101", "DTP*347*D8*20261231", "EB*1"), True, Period(date(2026, 1, 1), date(2026, 12, 31))),
        (("DTP*291*RD8*20260101-20261231", "EB*1"), True, Period(date(2026, 1, 1), date(2026, 12, 31))),
        (("DTP*346*D8*20200101", "EB*1**30", "DTP*356*D8*20260701"), True, Period(date(2026, 7, 1))),
        (("DTP*347*D8*20260630", "EB*6**30"), False, Period(date(2026, 7, 1))),
        (("DTP*307*RD8*20260801-20260831", "EB*6**30"), False, Period(date(2026, 8, 1), date(2026, 8, 31))),
        (("EB*6**30",), False, Period()),
        (("EB*6**98", "EB*1**30"), True, Period()),
        (("EB*B**98****27*20",), None, Period()),
    ],
    ids=["plan from", "plan from and to", "range", "of the statement first", "ended", "not in these days", "not active",
         "one service not covered", "copay alone"],
)  # fmt: skip
def test_active_or_not_and_for_which_days(told, active, period):
    member = one_member(*told)
    assert (member.active, member.period) == (active, period)


@pytest.mark.parametrize(
    "entity, place", [("PRP", 2), ("SEP", 1), ("PR", 0)], ids=["another is first", "another is second", "not told"]
)
def test_its_place_follows_from_the_other_payers_that_it_tells(entity, place):
    member = one_member("EB*1**30", *OTHER, f"NM1*{entity}*2*PLAN B*****PI*B1", "LE*2120")
    assert (member.place, member.others) == (place, ("PLAN B",))


def test_a_dependent_has_the_subscribers_number_and_a_name_of_its_own():
    jim = ("HL*4*3*23*0", "NM1*03*1*DOE*JIM", "DMG*D8*20150303*M", "EB*6**30")
    [jane] = member_coverages(eligibility(*PAYER, *PROVIDER, "HL*3*2*22*1", *JANE[1:], *jim))
    assert (jane.member_id, jane.first, jane.active) == ("M1", "JIM", False)


@pytest.mark.parametrize(
    "told",
    [(*PAYER, "AAA*Y**42*R"), (PAYER[0], "AAA*Y**42*R", PAYER[1]), (*PAYER, *PROVIDER, "AAA*N**42*C")],
    ids=["payer", "source", "provider"],
)
def test_an_inquiry_refused_before_a_member_is_a_refusal(told):
    [refused] = refusals(eligibility(*told))
    assert refused.rejected == ("42",) and not refused.last
    assert list(member_coverages(eligibility(*told))) == []
    assert list(refusals(eligibility(*PAYER, *PROVIDER, *JANE, "EB*1**30"))) == []


def test_services_of_one_number_are_one_decision():
    services = ("HL*5*4*SS*0", "SV1*HC:97110**UN*12", "HL*6*4*SS*0", "SV1*HC:97140**UN*6")
    [made] = review("HL*4*3*EV*1", "UM*HS*I", "HCR*A1*N1", "DTP*007*RD8*20260901-20261130", *services)
    assert (made.number, made.codes, made.units, made.referral) == ("N1", ("97110", "97140"), Decimal(18), False)
    assert made.period == Period(date(2026, 9, 1), date(2026, 11, 30))


def test_of_a_certification_in_part_each_service_says_its_own():
    services = (
        "HL*5*4*SS*0", "HCR*A1*N2", "SV1*HC:97110**UN*12", "HL*6*4*SS*0", "HCR*A3**0V", "SV1*HC:97140**UN*6",
    )  # fmt: skip
    first, second = review("HL*4*3*EV*1", "UM*HS*I", "HCR*A2*N1", *services)
    assert (first.action, first.number, first.codes) == ("A1", "N2", ("97110",))
    assert (second.action, second.codes, second.reasons) == ("A3", ("97140",), ("0V",))


def test_a_referral_tells_visits_and_to_whom():
    told = ("HL*4*3*EV*0", "UM*SC*I", "HCR*A1*R1", "HSD*VS*3", "NM1*SJ*1*POE*PAT****XX*1234567893")
    [made] = review(*told)
    assert (made.referral, made.units, made.codes, made.provider_npi) == (True, Decimal(3), (), "1234567893")


def test_visits_a_week_are_no_number_of_visits():
    [made] = review("HL*4*3*EV*0", "UM*SC*I", "HCR*A1*R1", "HSD*VS*3*WK**34*2")
    assert made.units is None


def test_a_request_that_was_not_reviewed_is_told():
    [made] = review("HL*4*3*EV*0", "AAA*N**33*C", "UM*HS*I")
    assert made.rejected == ("33",) and not made.number
