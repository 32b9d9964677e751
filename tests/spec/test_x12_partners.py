"""SNIP type 7: the rules of trading partners, each with what passes and what does not, and its days."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from superbill.effective import Period
from superbill.x12.library import guides_of
from superbill.x12.partners import (
    PARTNERS,
    Breach,
    Partner,
    PartnerRule,
    PartnerRules,
    partner,
    partner_from,
    rules_for,
)
from superbill.x12.tree import Interchange, Loop
from superbill.x12.walk import walk

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"
VERSIONS = {"837P": "005010X222A1", "837I": "005010X223A2"}
TODAY = date(2026, 1, 2)
MBI = "1EG4TE5MK73"

HEAD = "BHT*0019*00*1*20260101*1200*CH"
BILLER = "HL*1**20*1~NM1*85*2*A*****XX*1234567893"
PAYER = "NM1*PR*2*MEDICARE*****PI*1"


def subscriber(sbr: str = "SBR*P*18*******MB", name: str = f"NM1*IL*1*DOE*JO****MI*{MBI}") -> str:
    return f"HL*2*1*22*0~{sbr}~{name}~{PAYER}"


CLM = "CLM*A1*100***11:B:1*Y*A*Y*Y"
LINE = "LX*1~SV1*HC:99213*100*UN*1***1"
LINE_I = "LX*1~SV2*0300*HC:80053*100*UN*1"


def root_of(key: str, *segments: str) -> Loop:
    version = VERSIONS[key]
    text = f"{ISA}GS*HC*S*R*20260101*1200*1*X*{version}~ST*837*1*{version}~{'~'.join(segments)}~SE*1*1~GE*1*1~IEA*1*1~"
    (interchange,) = walk(text.encode(), guides_of, units=False)
    assert isinstance(interchange, Interchange)
    return interchange.groups[0].transactions[0].root


def closing(loop: Loop, rules: PartnerRules, above: tuple[Loop, ...] = ()) -> Iterator[Breach]:
    for part in loop.body:
        if isinstance(part, Loop):
            yield from closing(part, rules, (loop, *above))
    if loop.id in rules.loops:
        yield from rules.closed(loop, above)


def breaches(who: str | Partner, key: str, on: date, *segments: str) -> list[Breach]:
    rules = rules_for(who, key, on)
    root = root_of(key, *segments)
    return [*closing(root, rules), *rules.end(root)]


def broken(key: str, *segments: str, on: date = TODAY) -> list[str]:
    return [each.rule.removeprefix("x12.partner.medicare.") for each in breaches("medicare", key, on, *segments)]


# --- Medicare -------------------------------------------------------------------------------------------------------

GOOD = {
    "837P": (HEAD, BILLER, subscriber(), CLM, LINE),
    "837I": (HEAD, BILLER, subscriber("SBR*P*18*******MA"), CLM, LINE_I),
}
PATIENT = "HL*3*2*23*0~PAT*19~NM1*QC*1*DOE*KID"
PWK = "PWK*OZ*BM***AC*1"
OTHER = "SBR*P*18*******CI~{}~OI***Y***Y~NM1*IL*1*DOE*JO****MI*2~NM1*PR*2*P*****PI*9"

CASES: list[tuple[str, str, tuple[str, ...], tuple[str, ...]]] = [
    # rule, guide, segments that break it, the same that do not
    ("purpose", "837P", (HEAD.replace("*00*", "*18*"), *GOOD["837P"][1:]), GOOD["837P"]),
    ("purpose", "837I", (HEAD.replace("*00*", "*18*"), *GOOD["837I"][1:]), GOOD["837I"]),
    (
        "currency", "837P",
        (HEAD, "HL*1**20*1~CUR*85*CAD~NM1*85*2*A*****XX*1", *GOOD["837P"][2:]),
        (HEAD, "HL*1**20*1~PRV*BI*PXC*207Q00000X~NM1*85*2*A*****XX*1", *GOOD["837P"][2:]),
    ),
    (
        "pay-to-plan", "837I",
        (HEAD, f"{BILLER}~NM1*PE*2*PLAN*****PI*1", *GOOD["837I"][2:]),
        (HEAD, f"{BILLER}~NM1*87*2", *GOOD["837I"][2:]),
    ),
    ("subscriber-is-patient", "837P", (HEAD, BILLER, subscriber("SBR*P*01*******MB"), CLM, LINE), GOOD["837P"]),
    ("patient-level", "837P", (HEAD, BILLER, subscriber(), PATIENT, CLM, LINE), GOOD["837P"]),
    ("part-b", "837P", (HEAD, BILLER, subscriber("SBR*P*18*******MA"), CLM, LINE), GOOD["837P"]),
    ("part-a", "837I", (HEAD, BILLER, subscriber("SBR*P*18*******MB"), CLM, LINE_I), GOOD["837I"]),
    (
        "beneficiary-is-person", "837P",
        (HEAD, BILLER, subscriber(name=f"NM1*IL*2*DOE*****MI*{MBI}"), CLM, LINE), GOOD["837P"],
    ),
    ("member-id", "837P", (HEAD, BILLER, subscriber(name=f"NM1*IL*1*DOE*JO****II*{MBI}"), CLM, LINE), GOOD["837P"]),
    ("mbi", "837P", (HEAD, BILLER, subscriber(name="NM1*IL*1*DOE*JO****MI*123456789A"), CLM, LINE), GOOD["837P"]),
    ("original-claim", "837P", (*GOOD["837P"][:3], CLM.replace("B:1", "B:7"), LINE), GOOD["837P"]),
    ("paperwork", "837P", (*GOOD["837P"][:3], CLM, PWK, PWK, LINE), (*GOOD["837P"][:3], CLM, PWK, LINE)),
    ("paperwork", "837I", (*GOOD["837I"], PWK, PWK), (*GOOD["837I"], PWK)),
    ("procedure-list", "837P", (*GOOD["837P"][:4], LINE.replace("HC:", "WK:")), GOOD["837P"]),
    ("most-lines", "837I", (*GOOD["837I"][:4], LINE_I.replace("LX*1", "LX*450")),
     (*GOOD["837I"][:4], LINE_I.replace("LX*1", "LX*449"))),
    ("amount-clm", "837P", (*GOOD["837P"][:3], CLM.replace("100", "100000"), LINE),
     (*GOOD["837P"][:3], CLM.replace("100", "99999.99"), LINE)),
    ("negative-clm", "837P", (*GOOD["837P"][:3], CLM.replace("100", "-1"), LINE),
     (*GOOD["837P"][:3], CLM.replace("100", "0"), LINE)),
    ("amount-sv1", "837P", (*GOOD["837P"][:4], LINE.replace("*100*", "*100000*")), GOOD["837P"]),
    ("negative-sv1", "837P", (*GOOD["837P"][:4], LINE.replace("*100*", "*-0.01*")), GOOD["837P"]),
    ("amount-amt", "837P", (*GOOD["837P"][:4], OTHER.format("AMT*D*100000"), LINE),
     (*GOOD["837P"][:4], OTHER.format("AMT*D*80"), LINE)),
    ("negative-amt", "837P", (*GOOD["837P"][:4], "AMT*F5*-5", LINE), (*GOOD["837P"][:4], "AMT*F5*5", LINE)),
    ("amount-svd", "837P", (*GOOD["837P"], "SVD*9*100000*HC:99213**1"), (*GOOD["837P"], "SVD*9*80*HC:99213**1")),
    ("negative-svd", "837P", (*GOOD["837P"], "SVD*9*-80*HC:99213**1"), (*GOOD["837P"], "SVD*9*0*HC:99213**1")),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "key", "wrong", "right"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_what_medicare_takes_and_what_not(rule, key, wrong, right):
    assert broken(key, *wrong) == [rule]
    assert broken(key, *right) == []


def test_medicare_takes_five_thousand_claims():
    claims = (CLM, LINE) * 5000
    assert broken("837P", *GOOD["837P"][:3], *claims) == []
    (breach,) = breaches("medicare", "837P", TODAY, *GOOD["837P"][:3], *claims, CLM, LINE)
    assert (breach.rule, breach.segment, breach.value) == ("x12.partner.medicare.most-claims", "ST", "5001")


def test_every_rule_of_medicare_has_its_case():
    assert {rule.id for rule in partner("medicare").rules} == {case[0] for case in CASES} | {"most-claims"}


@pytest.mark.parametrize(
    ("number", "valid"),
    [
        ("1EG4TE5MK73", True),
        ("9AA0A00AA00", True),
        ("0EG4TE5MK73", False),  # begins with a zero
        ("1SG4TE5MK73", False),  # S, L, O, I, B and Z are never used
        ("1EG4TE5MK7", False),
        ("1EG4-TE5-MK73", False),
        ("1eg4te5mk73", False),
    ],
)
def test_the_form_of_a_beneficiary_identifier(number, valid):
    found = broken("837P", HEAD, BILLER, subscriber(name=f"NM1*IL*1*DOE*JO****MI*{number}"), CLM, LINE)
    assert found == ([] if valid else ["mbi"])


def test_a_breach_tells_all_that_a_person_needs():
    wrong = (*GOOD["837P"][:3], CLM.replace("B:1", "B:7"), LINE)
    (breach,) = breaches("medicare", "837P", TODAY, *wrong)
    assert breach.segment == "CLM" and (breach.element, breach.component) == (5, 3)
    assert breach.value == "7" and breach.at == 0 and not breach.warning
    assert "CLM05-3" in breach.words and breach.fix and "837P" in breach.source


def test_what_medicare_only_ignores_is_a_warning():
    (breach,) = breaches("medicare", "837P", TODAY, *GOOD["837P"][:3], CLM, PWK, PWK, LINE)
    assert breach.warning and breach.value == "2"


@pytest.mark.parametrize(("rule", "key", "wrong", "right"), CASES, ids=[f"{case[0]}-{case[1]}" for case in CASES])
def test_a_rule_holds_from_its_first_day(rule, key, wrong, right):
    (start,) = {each.force.start for each in partner("medicare").rules if each.id == rule}
    assert start is not None
    assert rule not in broken(key, *wrong, on=start - timedelta(days=1))
    assert rule in broken(key, *wrong, on=start)


def test_what_can_not_be_read_is_not_judged():
    assert broken("837P", *GOOD["837P"][:3], CLM.replace("100", "much"), LINE.replace("*100*", "**")) == []
    assert broken("837I", *GOOD["837I"][:4], LINE_I.replace("LX*1", "LX*one")) == []


# --- partners of one's own ------------------------------------------------------------------------------------------


def rule(kind: str, part: str = "", element: int = 0, **more: Any) -> Partner:
    told: dict[str, Any] = {
        "id": "r", "kind": kind, "keys": ("837P",), "loops": ("2300",), "words": "No.", "fix": "Do.", "source": "Us",
        "force": Period(), "part": part, "element": element,
    }  # fmt: skip
    return Partner(id="own", title="Our own", rules=(PartnerRule(**(told | more)),))


REF, DATE = "REF*G1*AUTH1", "DTP*431*D8*20260101"


@pytest.mark.parametrize(
    ("own", "segments", "wrong"),
    [
        (rule("present", "REF", qualifier="G1"), (REF,), 0),
        (rule("present", "REF", qualifier="G1"), ("REF*9F*REFERRAL",), 1),
        (rule("present", "2310B"), ("NM1*82*1*DOC*A****XX*1234567893",), 0),
        (rule("present", "2310B"), (), 1),
        (rule("present", "2310B", qualifier="82"), ("NM1*82*1*DOC*A****XX*1234567893",), 0),
        (rule("present", "CLM", 20), (), 1),
        (rule("present", "CLM", 6), (), 0),
        (rule("present", "CLM", 11), (), 1),
        (rule("absent", "REF", qualifier="G1"), (REF, "REF*9F*REFERRAL"), 1),
        (rule("absent", "2310B"), ("NM1*82*1*DOC*A****XX*1234567893",), 1),
        (rule("absent", "2310B"), (), 0),
        (rule("absent", "CLM", 6), (), 1),
        (rule("absent", "CLM", 20), (), 0),
        (rule("absent", "CLM", 5), (), 1),  # a composite, any of it
        (rule("one_of", "REF", 2, codes=("AUTH1",), qualifier="G1"), (REF, "REF*9F*REFERRAL"), 0),
        (rule("none_of", "REF", 2, codes=("AUTH1",)), (REF,), 1),
        (rule("none_of", "REF", 2, codes=("AUTH1",)), ("REF*9F*REFERRAL",), 0),
        (rule("matches", "REF", 2, pattern="AUTH[0-9]"), (REF,), 0),
        (rule("matches", "REF", 2, pattern="AUTH"), (REF,), 1),
        (rule("longest", "REF", 2, limit=Decimal(5)), (REF,), 0),
        (rule("longest", "REF", 2, limit=Decimal(4)), (REF,), 1),
        (rule("at_most", "REF", 2, limit=Decimal(4)), (REF, "REF*9F*4", "REF*EA*NaN"), 0),
        (rule("at_most", "REF", 2, limit=Decimal(4)), ("REF*9F*5",), 1),
        (rule("at_least", "CLM", 2, limit=Decimal("100.01")), (), 1),
        (rule("matches", "DTP", 3, pattern="2026.*"), (DATE,), 0),
        (rule("matches", "DTP", 3, pattern="2027.*"), (DATE,), 1),
        (rule("most_parts", "2400", limit=Decimal(1)), (), 0),
        (rule("most_parts", "2400", limit=Decimal(0)), (), 1),
        (rule("absent", loops=("2300", "2310B")), ("NM1*82*1*DOC*A****XX*1234567893",), 2),
        (rule("most_loops", limit=Decimal(0)), (), 1),
        (rule("absent", "CLM", qualifier="85"), (), 0),  # CLM has no key element
        (rule("absent", "BHT", loops=("ST",)), (), 1),
        (rule("absent", "BHT", loops=("ST",), keys=("837I",)), (), 0),
    ],
)  # fmt: skip
def test_the_kinds_of_rules(own, segments, wrong):
    found = breaches(own, "837P", TODAY, *GOOD["837P"][:4], *segments, LINE)
    assert [each.rule for each in found] == ["x12.partner.own.r"] * wrong


def test_repeats_are_judged_one_by_one():
    own = rule("none_of", "DMG", 5, component=1, codes=("X",), loops=("2010BA",))
    name = f"NM1*IL*1*DOE*JO****MI*{MBI}~DMG*D8*19700101*F**{{}}"
    for told, wrong in (("Y^X^X", 2), ("Y", 0), ("", 0)):
        found = breaches(own, "837P", TODAY, HEAD, BILLER, subscriber(name=name.format(told)), CLM, LINE)
        assert len(found) == wrong


def test_a_rule_ends_with_its_last_day():
    own = rule("absent", "CLM", 6, force=Period(start=date(2024, 1, 1), end=date(2025, 12, 31)))
    found = [len(breaches(own, "837P", day, *GOOD["837P"])) for day in (date(2025, 12, 31), date(2026, 1, 1))]
    assert found == [1, 0]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        ({"kind": "one_of", "part": "CLM", "element": 2}, "needs codes"),
        ({"kind": "matches", "part": "CLM", "element": 2}, "needs pattern"),
        ({"kind": "most_loops"}, "needs limit"),
        ({"kind": "longest", "limit": Decimal(3), "part": "CLM"}, "needs part and element"),
        ({"kind": "longest", "limit": Decimal(3), "element": 1}, "needs part and element"),
        ({"kind": "present"}, "needs part"),
        ({"kind": "absent", "part": "CLM", "element": 21}, "CLM has no element 21"),
        ({"kind": "absent", "part": "2310B", "element": 1}, "2310B has no element 1"),
        ({"kind": "absent", "element": 1}, "a loop has no element 1"),
    ],
)
def test_a_rule_that_can_not_be_judged_is_refused(told, message):
    with pytest.raises(ValueError, match=message):
        rule(**told)


OWN = """
id = "acme"
title = "Acme Health Plan"
receivers = ["ACME01"]

[[rules]]
id = "authorization"
kind = "present"
keys = ["837P"]
loops = ["2300"]
part = "REF"
qualifier = "G1"
words = "Acme asks for an authorization of every claim."
fix = "Send REF*G1."
source = "Acme companion guide 2.1, page 9"
force = {start = 2025-01-01}
"""


def test_a_partner_from_a_file_of_ones_own():
    acme = partner_from(OWN)
    assert [each.rule for each in breaches(acme, "837P", TODAY, *GOOD["837P"])] == ["x12.partner.acme.authorization"]
    assert breaches(acme, "837P", TODAY, *GOOD["837P"][:4], REF, LINE) == []
    assert breaches(acme, "837P", date(2024, 12, 31), *GOOD["837P"]) == []


@pytest.mark.parametrize("wrong", ["id = ", OWN.replace("present", "sometimes"), OWN + "unknown = 1", "id = 'x'"])
def test_a_partner_file_that_is_none(wrong):
    with pytest.raises(ValueError):
        partner_from(wrong)


def test_partners_are_found_by_their_name():
    assert partner("medicare") in PARTNERS
    with pytest.raises(KeyError, match="there are medicare"):
        rules_for("acme", "837P", TODAY)


def test_a_guide_without_rules_has_none_to_break():
    rules = rules_for("medicare", "835", TODAY)
    assert rules.loops == frozenset()
    assert list(rules.end(root_of("837P", *GOOD["837P"]))) == []
