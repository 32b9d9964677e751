"""Dental claims, predeterminations, reports of adjudicated claims, 4010: what they may, must and must not say."""

import pytest

from superbill.x12.guides.catalog import GUIDES
from superbill.x12.inspection import inspect
from superbill.x12.library import guides_of
from superbill.x12.nodes import Compiled
from superbill.x12.render import render
from superbill.x12.rules import Guide
from superbill.x12.tree import Loop
from superbill.x12.walk import walk

ISA = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260105*1200*{mark}*{release}*000000001*0*T*:"
)
START = (
    "NM1*41*2*FICTIONAL DESK*****46*SENDER",
    "PER*IC*DESK*TE*5555550199",
    "NM1*40*2*FICTIONAL HOUSE*****46*RECEIVER",
    "HL*1**20*1",
    "NM1*85*2*FICTIONAL CLINIC*****XX*1234567893",
    "N3*1 MAIN ST",
    "N4*DAYTON*OH*454020001",
    "REF*EI*311234567",
    "HL*2*1*22*0",
)
PERSON = ("NM1*IL*1*ROE*RITA****MI*M77", "N3*12 ELM ST", "N4*DAYTON*OH*45402", "DMG*D8*19800102*F")
PAYER = "NM1*PR*2*FICTIONAL PAYER*****PI*99999"
OWN = (*START, "SBR*P*18*******CI", *PERSON, PAYER)
OTHER = (
    "SBR*P*18*77***6***CI",
    "AMT*D*75",
    "NM1*IL*1*ROE*RITA****MI*M77",
    PAYER,
    "DTP*573*D8*20260201",
    "REF*F8*ICN1",
    "REF*BP*ADJ1",
    "REF*1N*774**V0:28.0",
    "NM1*QC*1*ROE*RITA****MI*M77",
    "N3*12 ELM ST",
    "N4*DAYTON*OH*45402",
    "NM1*{}",
    "REF*G2*P1",
)
DECIDED = ("SVD*99999*75*{}**1", "CAS*CO*45*25", "DTP*573*D8*20260201")
BHT = "BHT*0019*00*1*20260105*1200*{}"
REPORT = (BHT.format("RP"), *START, "SBR*N*18", *PERSON, "NM1*ZD*2*DATA RECEIVER")

DENTAL = (
    BHT.format("CH"), *OWN,
    "CLM*1*900***11:B:1*Y*A*Y*Y", "DTP*452*D8*20260105", "DN1*24*24**Y", "DN2*8*M****JP", "REF*G3*PRE1",
    "HI*ABK:K0263*ABF:K029",
    "NM1*82*1*DOC*DORA****XX*1234567893", "PRV*PE*PXC*1223X0400X",
    "NM1*DD*1*DOC*DAN****XX*1234567893", "PRV*AS*PXC*1223X0400X",
    "LX*1", "SV3*AD:D8080*800*11***1*****1", "DTP*472*D8*20260105", "DTP*196*D8*20260105", "REF*6R*L1",
    "LX*2", "SV3*AD:D2150*100**10:20*R*1", "TOO*JP*12*M:O", "DTP*441*D8*20200101", "REF*G3*PRE2**2U:99999",
)  # fmt: skip
PREDETERMINED = (
    BHT.format("CH"), *OWN, "CLM*1*100***11:B:1*Y*A*Y*Y**********08", "HI*ABK:I10",
    "LX*1", "SV1*HC:99213*100*UN*1***1",
)  # fmt: skip
PREDETERMINED_STAY = (
    BHT.format("CH"), *OWN, "CLM*1*100***11:A:1**A*Y*Y**********08", "CL1***01",
    "HI*ABK:I10", "HI*ABJ:I10", "NM1*71*1*DOC*DORA****XX*1234567893",
    "LX*1", "SV2*0300*HC:85025*100*UN*1",
)  # fmt: skip
REPORTED = (
    *REPORT, "CLM*1*100***11:B:1", "REF*F8*ICN1", "HI*ABK:I10",
    *OTHER[:-2], "NM1*82*1", OTHER[-1],
    "LX*1", "SV1*HC:99213*100*UN*1*11**1", "DTP*472*D8*20260105", *DECIDED,
)  # fmt: skip
REPORTED_STAY = (
    *REPORT, "CLM*1*100***13:A:1", "DTP*434*RD8*20260105-20260105", "CL1*3*1*01", "HI*ABK:I10",
    "NM1*71*1*DOC*DORA****XX*1234567893",
    *OTHER[:-2], "NM1*71*1", OTHER[-1],
    "LX*1", "SV2*0510*HC:99213*100*UN*1", "SVD*99999*75*HC:99213*0510*1", *DECIDED[1:],
)  # fmt: skip
REPORTED_TEETH = (
    *REPORT, "CLM*1*100***11:B:1", *OTHER[:-2], "NM1*DD*1", OTHER[-1],
    "LX*1", "SV3*AD:D2150*100****1", "TOO*JP*12*M", DECIDED[0], *DECIDED[1:],
)  # fmt: skip
OLD = (*START, "SBR*P*18*******CI", *PERSON)
OLD_PAYER = (PAYER, "REF*2U*88")
OLD_OTHER = ("SBR*S*18*******CI", "AMT*D*20", "OI***Y***Y", "NM1*IL*1*ROE*RITA****MI*B1", "NM1*PR*2*PLAN B*****PI*B1")
OLD_PROFESSIONAL = (
    BHT.format("CH"), "REF*87*004010X098A1", *OLD, *OLD_PAYER,
    "NM1*QD*1*ROE*RICK", "N3*12 ELM ST", "N4*DAYTON*OH*45402",
    "CLM*1*100***11::1*Y*A*Y*Y", "DTP*431*D8*20050105", "REF*G1*AUTH1", "HI*BK:25000*BF:4019",
    "CR7*PT*3*12", "HSD*VS*3*DA*1*7*2",
    *(line.replace("SBR*S*18*****", "SBR*S*18***MI**") for line in OLD_OTHER),
    "LX*1", "SV1*HC:99213*100*UN*1***1:2", "DTP*472*D8*20050105", "REF*6R*L1", "LIN**N4*00002140701", "CTP***1*2*UN",
    "SVD*B1*20*HC:99213**1", "CAS*CO*45*80", "DTP*573*D8*20050201",
)  # fmt: skip
OLD_STAY = (
    BHT.format("CH"), "REF*87*004010X096A1", *OLD, "NM1*AO*1*ROE*RITA****MI*4111", "REF*BB*1", *OLD_PAYER,
    "CLM*1*100***11:A:1*Y*A*Y*Y*********Y", "DTP*096*TM*1200", "DTP*434*RD8*20050101-20050105",
    "DTP*435*DT*200501011200", "CL1*1*1*01", "HI*BK:25000*BJ:25000", "HI*BE:A1:::12.5*BE:80:::4", "QTY*CA*4*DA",
    "NM1*71*1*DOC*DORA****XX*1234567893",
    "LX*1", "SV2*0120**100*DA*4*25",
)  # fmt: skip
OLD_TEETH = (
    BHT.format("CH"), "REF*87*004010X097A1", *START, "SBR*P*18****6***CI", *PERSON, *OLD_PAYER,
    "CLM*1*100***11::1*Y*A*Y*Y", "DTP*472*D8*20050105", "DN2*8*M", "NTE*ADD*ALL TOLD",
    "LX*1", "SV3*AD:D2150*100**10**1", "TOO*JP*12*M:O", "QTY*BF*1", "NTE*ADD*LINE",
)  # fmt: skip
OLD_PAYMENT = (
    "BPR*I*75*C*CHK************20050201", "TRN*1*CHECK1*1999999999",
    "N1*PR*FICTIONAL PAYER", "N3*1 MAIN ST", "N4*DAYTON*OH*45402",
    "N1*PE*FICTIONAL CLINIC*XX*1234567893", "REF*TJ*311234567",
    "LX*1", "CLP*1*1*100*75**12*ICN1", "NM1*QC*1*ROE*RITA****MI*M77", "REF*EA*R1", "DTM*232*20050105",
    "SVC*HC:99213*100*75", "DTM*472*20050105", "CAS*CO*45*25", "REF*6R*L1", "AMT*B6*75",
)  # fmt: skip
SAMPLES = {
    "005010X224A2": DENTAL,
    "005010X291": PREDETERMINED,
    "005010X292": PREDETERMINED_STAY,
    "005010X298A1": REPORTED,
    "005010X299A1": REPORTED_STAY,
    "005010X300A1": REPORTED_TEETH,
    "004010X098A1": OLD_PROFESSIONAL,
    "004010X096A1": OLD_STAY,
    "004010X097A1": OLD_TEETH,
    "004010X091A1": OLD_PAYMENT,
}
PROCEDURES = {"005010X298A1": "HC:99213", "005010X300A1": "AD:D2150"}


def file(version: str, body: tuple[str, ...]) -> bytes:
    """One transaction set in its envelopes, with the numbers and counts that it needs."""
    newer = version.startswith("005010")
    told = [line.format(PROCEDURES[version]) if line.startswith("SVD*99999*75*{") else line for line in body]
    kind, group = ("835", "HP") if told[0].startswith("BPR") else ("837", "HC")
    lines = [
        ISA.format(mark="^" if newer else "U", release="00501" if newer else "00401"),
        f"GS*{group}*SENDER*RECEIVER*20260105*1200*1*X*{version}",
        f"ST*{kind}*0001*{version}" if newer else f"ST*{kind}*0001",
        *told,
        f"SE*{len(told) + 2}*0001",
        "GE*1*1",
        "IEA*1*000000001",
    ]
    return "".join(line + "~" for line in lines).encode()


def errors(version: str, body: tuple[str, ...]) -> list[tuple[str, str, str]]:
    found = inspect(file(version, body)).findings
    return [(each.rule, each.where.loop, each.where.element) for each in found if each.severity == "error"]


def changed(version: str, old: str, new: str | None) -> tuple[str, ...]:
    """The sample with its first segment of that text changed, or without it."""
    body = SAMPLES[version]
    at = next(at for at, line in enumerate(body) if old in line)
    return (*body[:at], *([] if new is None else [body[at].replace(old, new)]), *body[at + 1 :])


@pytest.mark.parametrize("version", SAMPLES)
def test_what_the_guide_foresees_is_without_errors(version):
    assert errors(version, SAMPLES[version]) == []


FAULTS = [
    # dental: what orthodontics and replacements ask for, and lists of the mouth
    ("005010X224A2", "DN1*24*24**Y", None, ("x12.segment.missing", "2300", "DN1")),
    ("005010X224A2", "DTP*441*D8*20200101", None, ("x12.segment.missing", "2400", "DTP")),
    ("005010X224A2", "10:20", "10:99", ("x12.element.code", "2400", "SV304-2")),
    ("005010X224A2", "12*M:O", "12*M:X", ("x12.element.code", "2400", "TOO03-2")),
    ("005010X224A2", "AD:D8080", "HC:D8080", ("x12.element.code", "2400", "SV301-1")),
    ("005010X224A2", "DN2*8*M", "DN2*8*Q", ("x12.element.code", "2300", "DN202")),
    ("005010X224A2", "NM1*DD*1", "NM1*DK*1", ("x12.segment.unexpected", "2310B", "NM1")),
    # predeterminations: named as such
    ("005010X291", "**********08", "", ("x12.element.required", "2300", "CLM19")),
    ("005010X291", "*08", "*PB", ("x12.element.code", "2300", "CLM19")),
    ("005010X292", "*08", "", ("x12.element.required", "2300", "CLM19")),
    ("005010X292", "CL1***01", "CL1***", ("x12.element.required", "2300", "CL103")),
    ("005010X291", "*CH", "*31", ("x12.element.code", "ST", "BHT06")),
    # reports: to a receiver of data, of every payer
    ("005010X298A1", "*RP", "*CH", ("x12.element.code", "ST", "BHT06")),
    ("005010X298A1", "NM1*ZD*2*DATA RECEIVER", None, ("x12.segment.missing", "2000B", "NM1")),
    ("005010X298A1", "SBR*P*18*77***6", "SBR*P*18*77***5", ("x12.element.code", "2320", "SBR06")),
    ("005010X299A1", "DTP*434*RD8*20260105-20260105", None, ("x12.segment.missing", "2300", "DTP")),
    ("005010X300A1", "TOO*JP*12*M", "TOO*JP", ("x12.element.required", "2400", "TOO02")),
    # 4010
    ("004010X098A1", "REF*87*004010X098A1", None, ("x12.segment.missing", "ST", "REF")),
    ("004010X098A1", "BK:25000", "ABK:25000", ("x12.element.code", "2300", "HI01-1")),
    ("004010X096A1", "DTP*434*RD8*20050101-20050105", None, ("x12.segment.missing", "2300", "DTP")),
    ("004010X097A1", "SV3*AD:D2150*100**10**1", "SV3*AD:D2150*100**10", ("x12.element.required", "2400", "SV306")),
    ("004010X091A1", "N1*PE*FICTIONAL CLINIC*XX*1234567893", None, ("x12.segment.missing", "ST", "N1")),
]


@pytest.mark.parametrize("version, old, new, error", FAULTS)
def test_what_the_guide_does_not_foresee_is_an_error(version, old, new, error):
    assert error in errors(version, changed(version, old, new))


def tree(version: str) -> Loop:
    """The transaction set of a sample, read."""
    [interchange] = walk(file(version, SAMPLES[version]), guides_of, units=False)
    return interchange.groups[0].transactions[0].root


@pytest.mark.parametrize("version", SAMPLES)
def test_a_sample_is_written_as_it_was_read(version):
    data = file(version, SAMPLES[version])
    interchanges = list(walk(data, guides_of, units=False, keep=True))
    assert render(interchanges) == data


def test_a_dental_line_tells_teeth_surfaces_and_places_in_the_mouth():
    lines = tree("005010X224A2").billing_providers[0].subscribers[0].claims[0].lines
    assert [line.service.procedure.code for line in lines] == ["D8080", "D2150"]
    assert lines[1].teeth[0].tooth == "12"
    assert lines[1].service.prosthesis == "R"


def test_a_report_names_the_payer_of_every_decision_and_no_payer_to_be_billed():
    subscriber = tree("005010X298A1").billing_providers[0].subscribers[0]
    [claim] = subscriber.claims
    [other] = claim.other_subscribers
    assert subscriber.data_receiver.name.name == "DATA RECEIVER"
    assert other.other_payer_name.name.id == claim.lines[0].adjudications[0].adjudication.payer_id
    assert (other.other_payer_patient.name.name, other.rendering_provider.id) == ("ROE", "2330E")


def names(guide: Guide) -> dict[tuple[str, str, frozenset[str], bool], str]:
    """Slots by the loop's name, the segment, the codes that tell it from others, and whether it repeats."""
    return {
        (node.rule.name, slot.rule.id, frozenset(slot.qualifiers), slot.rule.repeat > 1): slot.rule.name
        for node in Compiled(guide).nodes
        for slot in node.slots
    }


@pytest.mark.parametrize("kind", ["837P", "837I", "837D", "835"])
def test_what_4010_tells_bears_the_name_of_5010(kind):
    by_key = {guide.key: names(guide) for guide in GUIDES}
    old, new = by_key[f"{kind}-4010"], by_key[kind]
    shared = old.keys() & new.keys()
    assert shared
    assert {place: old[place] for place in shared} == {place: new[place] for place in shared}
