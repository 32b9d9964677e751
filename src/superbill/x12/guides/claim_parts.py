"""What the claims share, whatever their form: parties, references, dates, codes, other payers, earlier adjudication.

Each function makes one part of a guide; what differs between the professional, institutional and dental claim, their
predeterminations and the claims of a data collector is its parameter. The facts are those of the HIPAA guides.
"""

from superbill.x12.rules import MANY, LoopRule, Part, R, S, SegmentRule, loop, seg

FILING = "11,12,13,14,15,16,17,AM,BL,CH,CI,DS,FI,HM,LM,MA,MB,MC,OF,TV,VA,WC,ZZ"
RESPONSIBILITIES = "A,B,C,D,E,F,G,H,P,S,T,U"
RELATIONSHIPS = "01,19,20,21,39,40,53,G8"
OTHER_RELATIONSHIPS = "01,18,19,20,21,39,40,53,G8"
INSURANCE_TYPES = "12,13,14,15,16,41,42,43,47"
ADJUSTMENT_GROUPS = "CO,CR,OA,PI,PR"
DELAY_REASONS = "1,2,3,4,5,6,7,8,9,10,11,15"
SEXES = "F,M,U"
CONTRACTS = "01,02,03,04,05,06,09"
EXCEPTIONS = "1,2,3,4,5,6,7"
DRUG_UNITS = "F2,GR,ME,ML,UN"
TRANSMISSIONS = "AA,BM,EL,EM,FT,FX"
REPORTS = (
    "03,04,05,06,07,08,09,10,11,13,15,21,A3,A4,AM,AS,B2,B3,B4,BR,BS,BT,CB,CK,CT,D2,DA,DB,DG,DJ,DS,EB,HC,HR,I5,IR,"
    "LA,M1,MT,NN,OB,OC,OD,OE,OX,OZ,P4,P5,PE,PN,PO,PQ,PY,PZ,RB,RR,RT,RX,SG,V5,XP"
)
PRICINGS = "00,01,02,03,04,05,06,07,08,09,10,11,12,13,14"
REJECTIONS = "13:T1,T2,T3,T4,T5,T6 14:1,2,3,4,5 15:1,2,3,4,5,6"
PROCEDURE_PARTS = "2R 3 4 5 6 7"
PAYER_IDS = "2U,EI,FY,NF"
PROVIDER_IDS = "0B,1G,G2,LU"


# --- parties --------------------------------------------------------------------------------------------------------


def address(
    usage: str = R, when: str = "", postal_code: str = "3?address_is_in_us_or_canada"
) -> tuple[SegmentRule, SegmentRule]:
    """N3 and N4. A state is told for the United States, its territories and Canada, and for them only."""
    place = f"1R 2!address_is_in_us_or_canada {postal_code} 4 7"
    return seg("N3", "address", usage, "1R 2", when=when), seg("N4", "city_state_zip", usage, place, when=when)


def site() -> tuple[SegmentRule, SegmentRule]:
    """N3 and N4 of who bills and of where the service was given, in the United States with the whole ZIP code."""
    return address(postal_code="3!us_zip_code_has_nine_digits")


# What of a name only a person has.
PERSONAL = "4!person_has_first_name 5!person_has_middle_name 7!person_has_suffix"


def person(qualifiers: str) -> SegmentRule:
    """NM1 of a person who gives care, with the NPI."""
    return seg("NM1", "name", R, f"1R:{qualifiers} 2R:1 3R 4 5 7 8:XX 9")


def person_or_organization(qualifiers: str) -> SegmentRule:
    """NM1 of a provider of either kind, with the NPI."""
    return seg("NM1", "name", R, f"1R:{qualifiers} 2R:1,2 3R {PERSONAL} 8:XX 9")


def organization(qualifiers: str) -> SegmentRule:
    """NM1 of an organization, with the NPI."""
    return seg("NM1", "name", R, f"1R:{qualifiers} 2R:2 3R 8:XX 9")


def payer(qualifier: str = "PR") -> SegmentRule:
    """NM1 of a payer: its name and its payer or plan id."""
    return seg("NM1", "name", R, f"1R:{qualifier} 2R:2 3R 8R:PI,XV 9R")


def place(qualifier: str, more: str = "") -> SegmentRule:
    """NM1 of a place: an address to pay to, an ambulance's stop."""
    return seg("NM1", "name", R, f"1R:{qualifier} 2R:2{more}")


def specialty(qualifier: str) -> SegmentRule:
    """PRV: the taxonomy code under which a provider acts."""
    return seg("PRV", "specialty", S, f"1R:{qualifier} 2R:PXC 3R")


def contact(
    name: str = "contact", usage: str = S, repeat: int = 1, first: str = "EM,FX,TE", more: str = "EM,EX,FX,TE"
) -> SegmentRule:
    """PER: a name and up to three numbers."""
    return seg("PER", name, usage, f"1R:IC 2 3R:{first} 4R 5:{more} 6 7:{more} 8", repeat)


def phone(name: str = "contact") -> SegmentRule:
    """PER of one telephone number and its extension."""
    return seg("PER", name, S, "1R:IC 2 3R:TE 4R 5:EX 6")


def demographics(usage: str = R, when: str = "") -> SegmentRule:
    """DMG: birth date and sex."""
    return seg("DMG", "demographics", usage, f"1R:D8 2R 3R:{SEXES}", when=when)


def provider(id: str, name: str, opener: SegmentRule, *more: SegmentRule, repeat: int = 1, when: str = "") -> LoopRule:
    """A loop of a provider: its NM1, then what else the guide tells of it."""
    return loop(id, name, S, repeat, opener, *more, when=when)


# --- single segments ------------------------------------------------------------------------------------------------


def reference(
    name: str, qualifiers: str, usage: str = S, repeat: int = 1, number: str = "2R", when: str = ""
) -> SegmentRule:
    """REF of one number."""
    return seg("REF", name, usage, f"1R:{qualifiers} {number}", repeat, when)


def payers_reference(name: str, qualifiers: str, repeat: int) -> SegmentRule:
    """REF of one number of a line that may be another payer's: then component 4.2 names that payer."""
    return seg("REF", name, S, f"1R:{qualifiers} 2R 4 4.1R:2U 4.2R", repeat)


def secondary_ids(qualifiers: str = PROVIDER_IDS, repeat: int = 4, usage: str = S) -> SegmentRule:
    """REFs of a party's further numbers."""
    return reference("secondary_ids", qualifiers, usage, repeat)


def line_secondary_ids(qualifiers: str = PROVIDER_IDS, repeat: int = 20) -> SegmentRule:
    """REFs of the further numbers of a line's provider, each perhaps another payer's."""
    return payers_reference("secondary_ids", qualifiers, repeat)


def day(name: str, qualifiers: str, usage: str = S, repeat: int = 1, when: str = "") -> SegmentRule:
    """DTP of one day."""
    return seg("DTP", name, usage, f"1R:{qualifiers} 2R:D8 3R", repeat, when)


def day_or_range(name: str, qualifiers: str, usage: str = S, when: str = "") -> SegmentRule:
    """DTP of a day or of a range of days."""
    return seg("DTP", name, usage, f"1R:{qualifiers} 2R:D8,RD8 3R", when=when)


def amount(name: str, qualifier: str, usage: str = S, when: str = "") -> SegmentRule:
    """AMT."""
    return seg("AMT", name, usage, f"1R:{qualifier} 2R", when=when)


def adjustments(groups: str = ADJUSTMENT_GROUPS) -> SegmentRule:
    """CAS: up to five groups, each of up to six reasons with their amounts and quantities."""
    return seg("CAS", "adjustments", S, f"1R:{groups} 2R 3R 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19", 5)


def paperwork(reports: str = REPORTS, transmissions: str = TRANSMISSIONS) -> SegmentRule:
    """PWK: what is sent beside the claim or line, and how. Its control number is told unless the provider keeps it."""
    return seg(
        "PWK", "supplemental_information", S,
        f"1R:{reports} 2R:{transmissions} 5:AC?paperwork_is_sent 6?paperwork_is_sent", 10,
    )  # fmt: skip


def contract() -> SegmentRule:
    """CN1: the contract under which the claim or line is paid."""
    return seg("CN1", "contract", S, f"1R:{CONTRACTS} 2 3 4 5 6")


def file_information() -> SegmentRule:
    """K3: what a law asks for and the guide has no place for."""
    return seg("K3", "file_information", S, "1R", 10)


def notes(name: str, qualifiers: str, repeat: int = 1) -> SegmentRule:
    """NTE."""
    return seg("NTE", name, S, f"1R:{qualifiers} 2R", repeat)


def pricing(elements: str, methods: str = PRICINGS) -> SegmentRule:
    """HCP: how a repricer priced the claim or line; `elements` between its amounts and its rejection codes."""
    return seg("HCP", "pricing", S, f"1R:{methods} 2R 3 4 5 6 7{elements} {REJECTIONS}")


def codes(
    name: str,
    first: str,
    others: str,
    places: int,
    usage: str = S,
    repeat: int = 1,
    each: str = "",
    when: str = "",
) -> SegmentRule:
    """HI: a list of codes. `first`, `others`: the qualifiers of the first and of the further ones, `places` in all.

    `each` is what a code is told with, beside its qualifier and itself: " {}.3R:D8 {}.4R" for a date.
    """  # fmt: skip
    texts = [f"1R 1.1R:{first} 1.2R" + each.replace("{}", "1")]
    texts += [f"{at} {at}.1R:{others} {at}.2R" + each.replace("{}", str(at)) for at in range(2, places + 1)]
    return seg("HI", name, usage, " ".join(texts), repeat, when)


# --- levels and the head of the transaction -------------------------------------------------------------------------


def level(code: str, children: str, parent: str = " 2R") -> SegmentRule:
    """HL: its number, its parent's, its kind, whether it has children."""
    return seg("HL", "level", R, f"1R{parent} 3R:{code} 4R:{children}")


def opening(version: str, purposes: str = "00,18", kinds: str = "31,CH,RP") -> tuple[SegmentRule, SegmentRule]:
    """ST and BHT."""
    return (
        seg("ST", "header", R, f"1R:837 2R 3R:{version}"),
        seg("BHT", "beginning", R, f"1R:0019 2R:{purposes} 3R<30 4R 5R 6R:{kinds}"),
    )


def closing() -> SegmentRule:
    """SE."""
    return seg("SE", "trailer", R, "1R 2R")


def submitter() -> LoopRule:
    """Loop 1000A."""
    return loop(
        "1000A", "submitter", R, 1,
        seg("NM1", "name", R, "1R:41 2R:1,2 3R 4!person_has_first_name 5!person_has_middle_name 8R:46 9R"),
        contact("contacts", R, 2),
    )  # fmt: skip


def receiver() -> LoopRule:
    """Loop 1000B."""
    return loop("1000B", "receiver", R, 1, seg("NM1", "name", R, "1R:40 2R:2 3R 8R:46 9R"))


def currency() -> SegmentRule:
    """CUR: in what the amounts are told where it isn't dollars."""
    return seg("CUR", "currency", S, "1R:85 2R")


def pay_to_address(kinds: str) -> LoopRule:
    """Loop 2010AB."""
    return loop(
        "2010AB", "pay_to_address", S, 1,
        seg("NM1", "name", R, f"1R:87 2R:{kinds}"),
        *address(),
    )  # fmt: skip


def pay_to_plan() -> LoopRule:
    """Loop 2010AC: the plan that a subrogation demand is paid to."""
    return loop(
        "2010AC", "pay_to_plan", S, 1,
        payer("PE"),
        *address(),
        reference("secondary_id", "2U,FY,NF"),
        reference("tax_id", "EI", R),
        when="!claim_is_subrogation",
    )  # fmt: skip


# --- subscriber, payer, patient -------------------------------------------------------------------------------------


def subscriber(*more: SegmentRule, number: str = "8:II,MI?entity_is_person 9?entity_is_person") -> LoopRule:
    """Loop 2010BA. The subscriber who is the patient is told with address, birth date and sex."""
    return loop(
        "2010BA", "subscriber_name", R, 1,
        seg("NM1", "name", R, f"1R:IL 2R:1,2 3R {PERSONAL} {number}"),
        *address(S, "patient_is_subscriber"),
        demographics(S, "patient_is_subscriber"),
        reference("secondary_id", "SY"),
        reference("property_casualty_claim_number", "Y4"),
        *more,
    )  # fmt: skip


def destination_payer(provider_ids: int) -> LoopRule:
    """Loop 2010BB, with up to `provider_ids` numbers by which this payer knows the billing provider."""
    name = "billing_provider_secondary_ids" if provider_ids > 1 else "billing_provider_secondary_id"
    return loop(
        "2010BB", "payer_name", R, 1,
        payer(),
        *address(S),
        secondary_ids(PAYER_IDS, 3),
        reference(name, "G2,LU", repeat=provider_ids),
    )  # fmt: skip


def patient(*more: SegmentRule) -> LoopRule:
    """Loop 2010CA."""
    return loop(
        "2010CA", "patient_name", R, 1,
        seg("NM1", "name", R, "1R:QC 2R:1 3R 4 5 7"),
        *address(),
        demographics(),
        reference("property_casualty_claim_number", "Y4"),
        *more,
    )  # fmt: skip


def subscriber_information(relationship: str, insurance: str = "") -> SegmentRule:
    """SBR of loop 2000B or 2320. `insurance`: " 5:12,13…" where the guide tells why Medicare pays second."""
    return seg("SBR", "subscriber_information", R, f"1R:{RESPONSIBILITIES} {relationship} 3 4{insurance} 9R:{FILING}")


# --- other payers ---------------------------------------------------------------------------------------------------


def other_subscriber_name(ids: int = 1) -> LoopRule:
    """Loop 2330A."""
    return loop(
        "2330A", "other_subscriber_name", R, 1,
        seg("NM1", "name", R, f"1R:IL 2R:1,2 3R {PERSONAL} 8R:II,MI 9R"),
        *address(S),
        reference("secondary_ids" if ids > 1 else "secondary_id", "SY", repeat=ids),
    )  # fmt: skip


def other_payer_name(*more: SegmentRule) -> LoopRule:
    """Loop 2330B. The date of its remittance is told here or with every line that it adjudicated."""
    return loop(
        "2330B", "other_payer_name", R, 1,
        payer(),
        *address(S),
        day("check_date", "573", when="payer_adjudicated_without_lines"),
        secondary_ids(PAYER_IDS, 2),
        reference("prior_authorization", "G1"),
        reference("referral_number", "9F"),
        reference("claim_adjustment_indicator", "T4", number="2R:Y"),
        *more,
        reference("payer_claim_control_number", "F8"),
    )  # fmt: skip


def other_payers_provider(
    id: str, name: str, qualifiers: str, kinds: str, ids: str, id_repeat: int = 3, repeat: int = 1
) -> LoopRule:
    """Loop 2330C and following: a provider of the claim, told by the numbers that the other payer knows."""
    return loop(
        id, name, S, repeat,
        seg("NM1", "name", R, f"1R:{qualifiers} 2R:{kinds}"),
        secondary_ids(ids, id_repeat, R),
    )  # fmt: skip


def other_subscribers(*parts: Part, insurance: str = "") -> LoopRule:
    """Loop 2320, for up to ten further payers; `parts` after its adjustments."""
    return loop(
        "2320", "other_subscribers", S, 10,
        subscriber_information(f"2R:{OTHER_RELATIONSHIPS}", insurance),
        adjustments(),
        *parts,
    )  # fmt: skip


def coverage(signature: str = "") -> SegmentRule:
    """OI: whether this payer may pay the provider, and may be told what the claim says."""
    return seg("OI", "coverage", R, f"3R:N,W,Y{signature} 6R:I,Y")


def outpatient_adjudication() -> SegmentRule:
    """MOA: what an earlier payer remarked on the claim."""
    return seg("MOA", "outpatient_adjudication", S, "1 2 3 4 5 6 7 8 9")


# --- lines ----------------------------------------------------------------------------------------------------------


def drug(kinds: str = "N4") -> LoopRule:
    """Loop 2410: the drug or device of a line, how much of it, and the prescription."""
    return loop(
        "2410", "drug", S, 1,
        seg("LIN", "identification", R, f"2R:{kinds} 3R"),
        seg("CTP", "quantity", R, f"4R 5R 5.1R:{DRUG_UNITS}"),
        reference("prescription_number", "VY,XZ"),
    )  # fmt: skip


def adjudications(adjudication: str, repeat: int = 15) -> LoopRule:
    """Loop 2430: what an earlier payer decided on the line; `adjudication`: the elements of its SVD from the third."""
    return loop(
        "2430", "adjudications", S, repeat,
        seg("SVD", "adjudication", R, f"1!payer_is_told_in_claim 2R {adjudication}"),
        adjustments(),
        day("check_date", "573", R),
        amount("remaining_patient_liability", "EAF"),
    )  # fmt: skip


def forms() -> LoopRule:
    """Loop 2440: a form, and the answers to its questions."""
    return loop(
        "2440", "forms", S, MANY,
        seg("LQ", "form", R, "1R:AS,UT 2R"),
        seg("FRM", "answers", R, "1R 2:N,W,Y 3 4 5", 99),
    )  # fmt: skip
