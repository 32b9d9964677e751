"""Documents from and to the tree: what they take of it, what they tell of the rest, what they refuse to carry."""

from datetime import date
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.strategies_parts import ENVELOPE, SUBMITTER
from tests.x12_samples import CLAIM, LINES, REMITTANCE, batch, payment

from superbill.claims.model import Accident, Contact, Diagnosis, Person, Procedure, Provider, SecondaryId
from superbill.effective import Period
from superbill.x12 import X12WriteError, read_277ca, read_835, read_837p, read_999, read_claims, write_277ca
from superbill.x12.documents import (
    claim_parties_read,
    claim_parts_read,
    claim_read,
    claim_write,
    dental_read,
    functional_999,
    institutional_read,
    professional_read,
    remittance_read,
    remittance_write,
    status_277ca,
)
from superbill.x12.documents.fold import Table
from superbill.x12.documents.parts_read import address
from superbill.x12.library import compiled
from superbill.x12.model import ClaimAcknowledgement, ClaimStatus, FunctionalAcknowledgement, StatusCode
from superbill.x12.render import render

FACILITY = Provider(
    organization="NORTH SITE", npi="1234567893", address=CLAIM.billing.address, contact=Contact("DESK", "5555550100")
)
DOCTOR = Provider(person=Person("GRAY", "ADA"), npi="1234567893")


def told(findings) -> list[tuple[str, str, int | None]]:
    return [(each.where.loop, each.where.element, each.where.position) for each in findings]


@pytest.mark.parametrize(
    "module, keys",
    [
        (claim_read, ["837P", "837I", "837D"]),
        (claim_parties_read, ["837P", "837I", "837D"]),
        (claim_parts_read, ["837P", "837I", "837D"]),
        (professional_read, ["837P"]),
        (institutional_read, ["837I"]),
        (dental_read, ["837D"]),
        (remittance_read, ["835"]),
        (functional_999, ["999"]),
        (status_277ca, ["277CA"]),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_tables_take_only_what_a_guide_names(module, keys):
    names = {part.rule.name for key in keys for node in compiled(key).nodes for part in node.parts}
    tables = [each for each in vars(module).values() if isinstance(each, Table)]
    assert tables
    for table in tables:
        assert set(table.takes) <= names


# --- reading --------------------------------------------------------------------------------------------------------


def test_the_first_of_several_providers_of_a_kind_is_taken_and_the_others_are_told():
    data = batch(replace(CLAIM, referring=DOCTOR)).replace(
        b"NM1*DN*1*GRAY*ADA****XX*1234567893~\n",
        b"NM1*DN*1*GRAY*ADA****XX*1234567893~\nNM1*P3*1*WHITE*BEA~\nREF*0B*7~\n",
    )
    [(found, [claim])] = read_837p(data.replace(b"SE*30*", b"SE*32*"))
    assert claim.referring == DOCTOR
    assert told(found.findings) == [("2310A", "NM1", 24), ("2310A", "REF", 25)]


def test_what_stands_around_the_claims_is_told_once_and_with_its_place():
    data = batch(CLAIM, replace(CLAIM, control_number="A2")).replace(b"HL*2*1*22*0", b"CUR*85*CAD~\nHL*2*1*22*0", 1)
    [(found, _)] = read_837p(data)
    assert told(found.findings) == [("", "SE01", 42), ("2000A", "CUR", 14)]


@pytest.mark.parametrize(
    "old, new, field, value, element",
    [
        (b"DTP*431*D8*20260301", b"DTP*431*D8*20261301", "onset", None, "DTP03"),
        (b"DTP*431*D8*20260301", b"DTP*431*RD8*20260301-20260302", "onset", None, "DTP03"),
        (b"DTP*431*D8*20260301", b"DTP*431*DT*202603011200", "onset", date(2026, 3, 1), None),
    ],
)
def test_a_day_is_read_or_its_segment_is_told(old, new, field, value, element):
    data = batch(replace(CLAIM, onset=date(2026, 3, 1)))
    assert old in data
    [(found, [claim])] = read_837p(data.replace(old, new))
    assert getattr(claim, field) == value
    assert [each.where.element for each in found.findings] == ([element] if element else [])


def test_a_line_without_readable_days_has_none():
    data = batch().replace(b"DTP*472*D8*20260302~\nREF*6R*L1", b"DTP*472*D8*2026~\nREF*6R*L1")
    [(found, [claim])] = read_837p(data)
    assert [line.service for line in claim.lines] == [Period(), LINES[1].service]
    assert told(found.findings) == [("2400", "DTP03", 25)]


def test_a_claim_of_bare_segments_has_empty_fields():
    data = batch()
    start, end = data.index(b"CLM*"), data.index(b"SE*29")
    bare = b"CLM*A1~\nDTP*439*D8*20260301~\nSBR*S~\nLX*1~\nSVD*P1~\nLIN~\n"
    [claim] = read_claims(data[:start] + bare + data[end:])
    [line], [other] = claim.lines, claim.other_insurance
    assert (claim.charge, claim.place_of_service, claim.diagnoses) == (0, "", ())
    assert claim.accident == Accident(on=date(2026, 3, 1), causes=())
    assert (line.procedure, line.service) == (Procedure(""), Period())
    assert line.adjudications[0].units == Decimal(1) and line.drug is not None and line.drug.unit == "UN"
    assert (other.subscriber.person, other.subscriber.relationship, other.payer.id) == (Person(""), "21", "")


def test_a_claim_of_empty_segments_has_empty_fields():
    data = (
        batch().replace(b"DMG*D8*19800102*F", b"DMG*D8*19800102").replace(b"CLM*A1007*200.5***11:B:1*Y*A*Y*Y", b"CLM*")
    )
    empty = data.replace(b"SV1*HC:99213:25*120*UN*1***1", b"SV1*").replace(b"HI*ABK:E119*ABF:I10", b"HI*ABK")
    more = b"LIN**N4~\nCTP~\nSVD*P1*1~\nCAS*CO*45~\nCAS*CO*45*1~\nSVD*P2~\nSE*29"
    other = b"SBR*S*18~\nOI~\nNM1*IL*1*A~\nNM1*IL*1*B~\nNM1*PR*2*C~\nNM1*PR*2*D~\nLX*1~"
    [(_, [claim])] = read_837p(empty.replace(b"SE*29", more).replace(b"LX*1~", other))
    assert (claim.patient.sex, claim.control_number, claim.diagnoses) == ("U", "", ())
    assert (claim.lines[0].charge, claim.lines[0].units, claim.lines[0].diagnosis_pointers) == (0, Decimal(1), ())
    told_of, untold = claim.lines[1].adjudications
    assert [each.amount for each in told_of.adjustments] == [1_00] and untold.paid == 0
    assert claim.lines[1].drug is not None and claim.lines[1].drug.quantity == 0
    [insured] = claim.other_insurance
    assert (insured.subscriber.person.last, insured.benefits_assigned, insured.payer.name) == ("A", "Y", "C")


def test_a_remittance_of_empty_segments_has_empty_fields():
    [(_, found)] = read_835(payment().replace(b"SVC*HC:99213*200.5*100**1", b"SVC*"))
    [line] = found.claims[0].lines
    assert (line.procedure, line.charge, line.units) == (Procedure(""), 0, Decimal(1))


def test_findings_of_one_transaction_set_are_limited():
    bad = b"DTP*431*D8*X~\n" * 1001 + b"HI*ABK"
    [(found, _)] = read_837p(batch().replace(b"HI*ABK", bad).replace(b"SE*29", b"SE*1030"))
    assert len(found.findings) == 1000


def test_more_shapes_of_loops_than_are_remembered_are_read_all_the_same(monkeypatch):
    monkeypatch.setattr("superbill.x12.documents.fold._REMEMBERED", 0)
    monkeypatch.setattr(professional_read._CLAIM, "plans", {})
    assert list(read_claims(batch())) == [CLAIM]


def test_a_claim_without_the_loops_of_its_parties_has_empty_parties():
    data = batch()
    start, end = data.index(b"NM1*85"), data.index(b"CLM*")
    [claim] = read_claims(data[:start] + b"HL*2*1*22*0~\n" + data[end:])
    assert (claim.billing.person, claim.subscriber.person, claim.patient.person) == (Person(""),) * 3
    assert (claim.payer.name, claim.subscriber.relationship) == ("", "18")


def test_a_payee_that_is_told_by_his_tax_number_has_no_npi():
    data = payment().replace(b"N1*PE*FICTIONAL CLINIC*XX*1234567893", b"N1*PE*FICTIONAL CLINIC*FI*311234567")
    [(_, found)] = read_835(data)
    assert (found.payee_npi, found.payee_tin) == ("", "311234567")


def test_the_payer_is_known_by_its_payer_number_before_others():
    data = payment().replace(b"REF*2U*99999", b"REF*NF*12~\nREF*2U*99999~\nREF*EO*13")
    [(_, found)] = read_835(data)
    assert found.payer_id == "99999"
    [(_, found)] = read_835(
        payment().replace(b"REF*2U*99999~\n", b"").replace(b"N1*PR*FICTIONAL PAYER", b"N1*PR*X*XV*77")
    )
    assert found.payer_id == "77"


def test_the_technical_contact_is_the_payers_and_the_business_contact_where_there_is_none():
    bl, cx = b"PER*BL*HELP DESK*TE*5555550199", b"PER*CX*CLAIMS*TE*5555550111*FX*5555550112"
    assert bl in payment()
    [(_, both)] = read_835(payment().replace(bl, cx + b"~\n" + bl))
    [(_, one)] = read_835(payment().replace(bl, cx))
    [(_, none)] = read_835(payment().replace(bl, b"PER*CX~\nPER*BL"))
    assert (both.payer_contact, one.payer_contact) == (REMITTANCE.payer_contact, Contact("CLAIMS", "5555550111"))
    assert none.payer_contact is None


def test_what_a_remittance_can_not_carry_is_told():
    data = (
        payment()
        .replace(b"SVC*", b"MIA*1****MA01~\nDTM*036*20260101~\nSVC*", 1)
        .replace(b"REF*2U*", b"REF*2U*99999~\nREF*2U*")
    )
    more = data.replace(b"~\nCAS*CO*45*100.5", b"~\nCAS*CO*45*100.5~\nAMT*T*1~\nLQ*HE*N1~\nLQ*HE", 1).replace(
        b"N1*PE*FICTIONAL CLINIC*XX*1234567893", b"N1*PE*FICTIONAL CLINIC*XX*1234567893~\nREF*PQ*5"
    )
    [(found, remittance)] = read_835(more)
    assert [(loop, element) for loop, element, _ in told(found.findings)] == [
        ("", "SE01"),
        ("2110", "AMT"),
        ("1000B", "REF"),
    ]
    [claim] = remittance.claims
    assert (claim.remarks, claim.coverage_expired) == (("MA01",), date(2026, 1, 1))
    assert claim.lines[0].remarks == ("N1",)


def test_a_provider_adjustment_without_readable_amount_is_left_out():
    data = payment().replace(b"PLB*1234567893*20261231*WO*10", b"PLB*1234567893**WO*10*FB*1O")
    [(_, found)] = read_835(data)
    [taken] = found.provider_adjustments
    assert (taken.reason, taken.amount, taken.fiscal_year_end) == ("WO", 10_00, date.min)


STATUS = ClaimStatus(
    control_number="A1",
    patient=Person("ROE", "RITA"),
    member_id="M77",
    action="WQ",
    statuses=(StatusCode("A2", "20"),),
    charge=100_00,
    service=Period(date(2026, 3, 2), date(2026, 3, 2)),
    effective=date(2026, 3, 5),
)
ACK = ClaimAcknowledgement(
    source_name="FICTIONAL PAYER",
    source_id="99999",
    receiver_name="FICTIONAL CLINIC",
    receiver_id="CLINIC01",
    provider_name="FICTIONAL CLINIC",
    provider_npi="1234567893",
    reference="R1",
    batch_reference="BATCH1",
    received=date(2026, 3, 4),
    processed=date(2026, 3, 5),
    claims=(STATUS, replace(STATUS, control_number="A2", patient=Person("DOE", "DAN"))),
)


def _without_claims(data: bytes, start: bytes) -> bytes:
    return data[: data.index(start)] + data[data.index(b"SE*") :]


def test_each_billing_provider_of_a_277ca_is_a_document_and_a_batch_without_one_is_one_too():
    data = write_277ca([ACK], envelope=ENVELOPE)
    assert [each for _, each in read_277ca(data)] == [ACK]
    first, second = data.index(b"HL*3*2*19"), data.index(b"SE*")
    twice = data[:second] + data[first:second].replace(b"1234567893", b"1999999984") + data[second:]
    both = [each for _, each in read_277ca(twice)]
    assert [(each.provider_npi, each.claims) for each in both] == [
        ("1234567893", ACK.claims),
        ("1999999984", ACK.claims),
    ]
    for start, name in ((b"HL*3*2*19", "FICTIONAL CLINIC"), (b"HL*2*1*21", ""), (b"HL*1**20", "")):
        [(_, alone)] = read_277ca(_without_claims(data, start))
        assert (alone.receiver_name, alone.provider_name, alone.claims) == (name, "", ())
    assert alone.reference == "R1" and alone.received == date.min


def test_a_patient_of_two_claims_is_told_once():
    data = write_277ca([ACK], envelope=ENVELOPE)
    first, second = data.index(b"TRN*2*A1"), data.index(b"HL*5")
    again = data[first:second].replace(b"TRN*2*A1", b"TRN*2*A3").replace(b"STC*A2:20*20260305", b"STC*A2:20*")
    [(_, found)] = read_277ca(data[:second] + again + data[second:])
    assert [each.control_number for each in found.claims] == ["A1", "A3", "A2"]
    assert found.claims[1].patient == STATUS.patient and found.claims[1].effective is None


def test_a_provider_of_no_number_is_read_back_with_none():
    text = render([status_277ca.answers([replace(ACK, provider_npi="")], ENVELOPE)])
    assert b"*****SV*" in text


def test_a_provider_without_npi_is_told_by_his_tax_number():
    one = replace(ACK, provider_npi="", provider_tin="311234567")
    data = write_277ca([one], envelope=ENVELOPE)
    assert b"FI*311234567" in data
    assert [each for _, each in read_277ca(data)] == [one]


def test_a_transaction_set_without_its_trailer_is_told():
    data = payment()
    [(found, _)] = read_835(data.replace(data[data.index(b"SE*") : data.index(b"GE*")], b""))
    assert [each.rule for each in found.findings] == ["x12.se.missing"]
    [(found, _)] = read_835(data.replace(b"SE*17*0001", b"SE*18*0002"))
    assert [each.rule for each in found.findings] == ["x12.se.count", "x12.se.control-number"]


def test_a_999_of_few_words_is_read():
    data = payment()
    start, end = data.index(b"ST*835"), data.index(b"GE*")
    bare = b"ST*999*0001~\nAK1*HC~\nAK2*837~\nIK3*CLM~\nIK4~\nIK5~\nSE*7*0001~\n"
    [(_, found)] = read_999(data[:start].replace(b"GS*HP", b"GS*FA").replace(b"X221A1", b"X231A1") + bare + data[end:])
    [response] = found.responses
    assert (found.code, found.received, response.code) == ("R", 0, "R")
    assert (response.errors[0].position, response.errors[0].elements[0].position) == (0, 0)


# --- writing --------------------------------------------------------------------------------------------------------


def test_a_facilitys_mail_address_has_no_place():
    facility = replace(FACILITY, contact=Contact("DESK", "5555550100", "desk@example.com"))
    [back] = read_claims(batch(replace(CLAIM, service_facility=facility)))
    assert back.service_facility == FACILITY


def test_numbers_that_only_the_payer_knows_go_out_with_the_payer():
    ids = (SecondaryId("0B", "S1"), SecondaryId("G2", "P1"))
    data = batch(replace(CLAIM, billing=replace(CLAIM.billing, secondary_ids=ids)))
    assert data.index(b"REF*0B*S1") < data.index(b"HL*2") < data.index(b"NM1*PR") < data.index(b"REF*G2*P1")
    assert next(read_claims(data)).billing.secondary_ids == ids


@pytest.mark.parametrize(
    "change, says, loop",
    [
        (
            {"lines": (replace(LINES[0], procedure=Procedure("99213", ("25",) * 5)),)},
            "more than four modifiers",
            "2400",
        ),
        ({"lines": (replace(LINES[0], diagnosis_pointers=(1, 2, 1, 2, 1)),)}, "at most 4 diagnoses, not 5", "2400"),
        ({"lines": (replace(LINES[0], service=Period()),)}, "needs its first day", "2400"),
        ({"lines": (replace(LINES[0], rendering=Provider()),)}, "either a person or an organization", "2420A"),
        ({"diagnoses": (Diagnosis("E119"),) * 13}, "at most 12 diagnoses, not 13", "2300"),
        ({"accident": Accident(on=date(2026, 3, 1), causes=("AA", "EM", "OA"))}, "at most two causes", "2300"),
        ({"supervising": FACILITY}, "must be a person", "2310D"),
        ({"service_facility": DOCTOR}, "must be an organization", "2310C"),
        ({"control_number": None}, "NoneType", "2300"),
        (
            {"subscriber": replace(CLAIM.subscriber, relationship="19", sex=None)},
            "sent together or not at all",
            "2010BA",
        ),
        ({"payer": replace(CLAIM.payer, id="9~9")}, "can't carry", "2010BB"),
    ],
)
def test_a_claim_that_has_no_text_is_refused_with_its_loop(change, says, loop):
    with pytest.raises(X12WriteError, match=says) as refused:
        claim_write.batch([replace(CLAIM, **change)], ENVELOPE, SUBMITTER, "B")
    [finding] = refused.value.findings
    assert finding.where.field == f"claim {change.get('control_number', 'A1007')}"
    assert finding.where.loop == loop


def test_a_remittance_that_has_no_text_is_refused_with_its_payment():
    [claim] = REMITTANCE.claims
    many = replace(REMITTANCE, claims=(replace(claim, remarks=("MA01",) * 6),))
    with pytest.raises(X12WriteError, match="at most five remark codes") as refused:
        remittance_write.payments([many], ENVELOPE)
    assert str(refused.value.findings[0].where) == "loop 2100, payment CHECK1"


def test_a_remittance_says_of_a_claim_what_it_knows():
    [claim] = REMITTANCE.claims
    known = replace(
        claim,
        patient=None,
        patient_member_id="",
        rendering_npi="1234567893",
        crossover_payer="NEXT",
        crossover_payer_id="7",
    )
    text = render([remittance_write.payments([replace(REMITTANCE, claims=(known,), payer_contact=None)], ENVELOPE)])
    assert b"NM1*QC" not in text and b"NM1*TT*2*NEXT*****PI*7~" in text and b"\nPER*BL~" in text
    assert b"NM1*82*2*FICTIONAL CLINIC*****XX*1234567893~" in text
    assert b"BPR*H*90*C*NON" in render(
        [remittance_write.payments([replace(REMITTANCE, payment_method="NON")], ENVELOPE)]
    )
    [(_, back)] = read_835(text)
    assert back.claims == (known,)


GROUP = FunctionalAcknowledgement(
    functional_id="HC", group_control_number="1*2", version="005010X222A1", code="A", included=0, received=0, accepted=0
)


@pytest.mark.parametrize(
    "write, ack, loop",
    [(status_277ca.answers, replace(ACK, batch_reference="B~"), "2000B"), (functional_999.answers, GROUP, "ST")],
    ids=["277CA", "999"],
)
def test_an_answer_that_has_no_text_is_refused(write, ack, loop):
    with pytest.raises(X12WriteError, match="can't carry") as refused:
        write([ack], ENVELOPE)
    assert refused.value.findings[0].where.loop == loop


def test_an_address_of_nothing_is_none():
    assert address({}) is None
