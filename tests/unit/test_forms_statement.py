"""The patient statement: every amount has its plain words, every sum adds up, the same data gives the same bytes."""

import re
from datetime import date
from io import BytesIO
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from superbill.codesets.carc.lookup import reason
from superbill.forms.statement import Guarantor, NothingToSay, PracticeParty, StatementData, render, render_many
from superbill.forms.statement.compose import LineEvent, LineFacts, Unexplained, line, visits
from superbill.forms.statement.labels import OTHER, _families, service_label
from superbill.forms.statement.view import pay_address, view
from superbill.ledger.entry import Balance, Reason
from superbill.money import dollars

DAY = date(2026, 8, 3)
SHARED = date(2026, 9, 20)
BLUE = "Blue Peak Health"


def event(kind, amount, code="", group="PR", payer=BLUE, on=SHARED):
    return LineEvent(kind=kind, amount=amount, payer=payer, reason=Reason(group, code), on=on)


def facts(charge, *events, code="99214", **balance):
    return LineFacts(
        on=DAY,
        code=code,
        charge=charge,
        balance=Balance(charge=charge, **balance),
        events=events,
        provider="Dr. Ama Osei",
        place="Lakeside Clinic North",
        patient="Toby Marsh",
        payer=BLUE,
    )


def copay_line():
    return facts(
        18000,
        event("payment", 8800),
        event("discount", 6200, "45", "CO"),
        event("patient share", 3000, "3"),
        paid=8800,
        adjusted=6200,
        patient=3000,
    )


def denied_line():
    return facts(25600, event("denial", 25600, "97", "CO"), code="20610", insurance=25600, denied=25600)


def deductible_line():
    return facts(
        9000,
        event("discount", 5000, "45", "CO"),
        event("patient share", 4000, "1", on=date(2026, 7, 20)),
        event("patient payment", 1500, payer=""),
        code="80053",
        paid=1500,
        patient_paid=1500,
        adjusted=5000,
        patient=2500,
    )


def statement(*lines, **changes):
    data = StatementData(
        practice=PracticeParty(
            name="Lakeside Family Practice",
            address=("12 Harbor Street", "Duluth, MN 55802"),
            phone="(218) 555-0142",
            hours="Monday to Friday, 8 to 5",
            pay_site="https://pay.lakeside.example/s",
        ),
        guarantor=Guarantor(name="Ellen R. Marsh", address=("9 Elm Court", "Duluth, MN 55802")),
        number="S-20417",
        account="A-0931",
        on=date(2026, 11, 21),
        due=date(2026, 12, 15),
        visits=visits(lines or (copay_line(), denied_line(), deductible_line())),
        previous_balance=4000,
        payments_received=1500,
    )
    return msgspec.structs.replace(data, **changes)


def words(pdf: bytes) -> str:
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))


# --- what a line says -----------------------------------------------------------------------------------------------


def test_a_copay_line_says_what_insurance_did_and_why_it_is_owed():
    said = line(copay_line())
    assert said.story == (
        "Blue Peak Health allowed $118.00 of the $180.00 charge and paid $88.00.",
        "$30.00 is your copay.",
    )
    assert [(why.amount, why.text) for why in said.why] == [(3000, reason("3").patient_text)]
    assert said.owed_since == SHARED


def test_a_denied_line_is_not_asked_for():
    said = line(denied_line())
    assert (said.owed, said.with_insurance, said.owed_since) == (0, 25600, None)
    assert said.story == (
        "Blue Peak Health did not pay $256.00.",
        "We are working on $256.00 with your insurance. You do not owe that now.",
    )
    assert said.why[0].text == reason("97").patient_text


def test_what_the_patient_paid_is_thanked_for_and_taken_off():
    said = line(deductible_line())
    assert "You paid $15.00. Thank you. That leaves $25.00." in said.story
    assert (said.patient_paid, said.owed) == (1500, 2500)


def test_a_line_that_insurance_has_not_answered_says_so():
    assert line(facts(18000, insurance=18000)).story == ("We are waiting for Blue Peak Health to answer for $180.00.",)


def test_a_self_pay_line_says_that_no_insurance_paid():
    said = line(facts(18000, patient=18000))
    assert said.story == ("No insurance paid for this service.",)
    assert said.why[0].amount == 18000
    assert said.owed_since == DAY


def test_a_second_payer_comes_second():
    said = line(
        facts(
            10000,
            event("payment", 6400),
            event("discount", 2000, "45", "CO"),
            event("payment", 1600, payer="Second Mutual"),
            paid=8000,
            adjusted=2000,
        )
    )
    assert said.story == (
        "Blue Peak Health allowed $80.00 of the $100.00 charge and paid $64.00.",
        "Second Mutual then paid $16.00.",
    )


def test_a_payment_taken_back_leaves_no_trace_in_the_words():
    said = line(facts(10000, event("payment", 9000), event("payment", -9000), insurance=10000))
    assert "$90.00" not in " ".join(said.story)


def test_an_overpaid_line_says_so():
    said = line(facts(10000, event("patient payment", 12000, payer=""), paid=12000, patient_paid=12000, patient=-2000))
    assert said.story[-1] == "You paid $20.00 more than you owe for this service."


def test_a_reason_that_we_do_not_know_still_gets_words():
    said = line(facts(5000, event("patient share", 5000, "ZZ9"), patient=5000))
    assert said.story[-1] == "$50.00 is left for you to pay." and "Call us" in said.why[0].text


@pytest.mark.parametrize(
    "wrong",
    [
        facts(18000, paid=100, patient=18000),  # parts don't add up to the charge
        facts(18000, event("payment", 9000), paid=8000, patient=10000),  # the events tell another payment
        facts(18000, event("discount", 1), adjusted=2, patient=17998),
        facts(18000, event("patient payment", 1, payer=""), paid=2, patient_paid=2, patient=17998),
    ],
)
def test_a_line_whose_story_and_ledger_differ_is_refused(wrong):
    with pytest.raises(Unexplained):
        line(wrong)


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("99213", "Office visit"),
        ("99396", "Yearly checkup"),
        ("90686", "Vaccine"),
        ("90471", "Giving a vaccine"),
        ("80053", "Lab test"),
        ("71046", "X-ray or scan"),
        ("36415", "Blood draw"),
        ("J1100", "Medicine"),
        ("G0439", "Yearly checkup"),
        ("0001A", OTHER),
        ("", OTHER),
    ],
)
def test_a_code_has_a_plain_label(code, label):
    assert service_label(code) == label


def test_the_practice_s_own_label_wins():
    assert service_label("80053", "Metabolic blood panel") == "Metabolic blood panel"


def test_label_families_do_not_overlap():
    families = _families()
    for (_, last, _), (first, _, _) in pairwise(families):
        assert last < first


def test_what_is_owed_and_what_was_refused_are_asked_apart():
    both = facts(
        10000,
        event("patient share", 3000, "3"),
        event("denial", 7000, "50", "CO"),
        insurance=7000,
        denied=7000,
        patient=3000,
    )
    [answers] = [row["answers"] for row in view(statement(both))["visits"][0]["lines"]]
    assert answers == [
        ["Why do I owe this?", f"$30.00: {reason('3').patient_text}"],
        ["Why did insurance not pay?", f"$70.00: {reason('50').patient_text}"],
    ]


def test_sentences_are_short_enough_for_sixth_grade():
    for fact in (copay_line(), denied_line(), deductible_line(), facts(18000, insurance=18000)):
        said = line(fact)
        for sentence in re.split(r"(?<=[.?!]) ", " ".join([*said.story, *(why.text for why in said.why)])):
            assert len(sentence.split()) <= 16, sentence


# --- sums -----------------------------------------------------------------------------------------------------------

CENTS = st.integers(0, 50_000)


@st.composite
def any_facts(draw):
    paid, discount, copay, deductible, patient_paid, denied, waiting = (draw(CENTS) for _ in range(7))
    charge = paid + discount + copay + deductible + denied + waiting
    return facts(
        charge,
        event("payment", paid),
        event("discount", discount, "45", "CO"),
        event("patient share", copay, "3"),
        event("patient share", deductible, "1"),
        event("patient payment", patient_paid, payer=""),
        event("denial", denied, "50", "CO"),
        code=draw(st.sampled_from(["99213", "J1100", "XXXXX"])),
        paid=paid + patient_paid,
        patient_paid=patient_paid,
        adjusted=discount,
        insurance=denied + waiting,
        denied=denied,
        patient=copay + deductible - patient_paid,
    )


@given(st.lists(any_facts(), max_size=8), CENTS, CENTS, CENTS)
def test_a_statement_always_adds_up(many, unapplied, previous, received):
    data = statement(visits=visits(many), unapplied=unapplied, previous_balance=previous, payments_received=received)
    assert data.owed == sum(fact.balance.patient for fact in many)
    assert data.amount_due == data.owed - unapplied
    assert data.previous_balance - data.payments_received + data.new_balance == data.amount_due
    assert sum(amount for _, amount in data.aging) == data.owed
    for one in data.lines:
        assert one.charge == one.insurance_paid + one.adjustment + one.patient_paid + one.with_insurance + one.owed
        assert one.story, "a line without a sentence"
        if one.owed > 0:
            assert one.why and one.owed_since


def test_aging_counts_from_the_day_it_was_first_owed():
    assert dict(statement().aging) == {"0–30 days": 0, "31–60 days": 0, "61–90 days": 3000, "Over 90 days": 2500}


# --- on paper -------------------------------------------------------------------------------------------------------


def test_every_amount_and_reason_is_on_paper():
    data = statement()
    text = words(render(data))
    for one in data.lines:
        for amount in (one.charge, one.insurance_paid, one.adjustment, one.patient_paid, one.with_insurance, one.owed):
            assert not amount or dollars(amount) in text
        for sentence in (*one.story, *(why.text for why in one.why), one.label):
            assert sentence in text
    for expected in ("$55.00", "Why do I owe this?", "How to pay", "Questions?", "(218) 555-0142", "December 15, 2026"):
        assert expected in text


def test_the_sums_on_paper_are_those_of_the_lines():
    sums = dict(view(statement())["sums"])
    assert list(sums.values()) == ["$526.00", "−$88.00", "−$112.00", "−$15.00", "−$256.00", "$55.00"]


def test_the_window_addresses_stand_where_the_envelopes_have_their_windows():
    found: list[tuple[str, float, float]] = []

    def visit(text, cm, tm, *_rest):
        x, y = tm[4] * cm[0] + tm[5] * cm[2] + cm[4], tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
        found.extend((part.strip(), x / 72, 11 - y / 72) for part in text.splitlines() if part.strip())

    PdfReader(BytesIO(render(statement()))).pages[0].extract_text(visitor_text=visit)
    [(_, x, y)] = [place for place in found if "9 Elm Court" in place[0]]
    assert 0.85 <= x <= 1.0 and 2.5 <= y <= 3.17  # inches that show, however the folded sheet slides in a #10
    _, (_, x, y) = [place for place in found if "12 Harbor Street" in place[0]]  # the first heads the page
    assert 0.85 <= x <= 1.0 and 9.87 <= y <= 10.5


def test_the_pdf_is_tagged_titled_and_in_english():
    reader = PdfReader(BytesIO(render(statement())))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert root["/Lang"].startswith("en")
    assert reader.metadata.title == "Statement of account"
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()


def test_metadata_names_no_patient():
    reader = PdfReader(BytesIO(render(statement())))
    told = str(reader.metadata) + reader.trailer["/Root"]["/Metadata"].get_object().get_data().decode()
    for private in ("Marsh", "Toby", "A-0931", "S-20417"):
        assert private not in told


def test_the_qr_code_asks_for_number_and_amount_alone():
    assert pay_address(statement()) == "https://pay.lakeside.example/s?statement=S-20417&amount=55.00"


def test_many_visits_run_over_pages_that_are_numbered():
    lines = [
        msgspec.structs.replace(fact, on=date(2026, month, 3))
        for month in range(1, 9)
        for fact in (copay_line(), denied_line(), deductible_line())
    ]
    pdf = render(statement(*lines))
    pages = [page.extract_text() for page in PdfReader(BytesIO(pdf)).pages]
    assert len(pages) > 2
    for number, page in enumerate(pages, start=1):
        assert f"Page {number} of {len(pages)}" in page
        assert ("Pay slip" in page) == (number == 1)


def test_a_credit_says_so_and_has_no_pay_slip():
    text = words(render(statement(unapplied=9500)))
    assert "You have a credit of" in text and "$40.00" in text and "You do not need to pay" in text
    assert "Pay slip" not in text and "How to pay" not in text and "Can't pay" not in text


def test_a_statement_over_nothing_is_not_printed():
    nothing = statement(unapplied=5500)
    with pytest.raises(NothingToSay):
        render(nothing)
    assert [number for number, _ in render_many([nothing, statement(number="S-2")])] == ["S-2"]


def test_the_same_statement_gives_the_same_bytes():
    first = render(statement())
    render(statement(number="S-other"))
    assert render(statement()) == first


def test_marks_of_the_typesetting_language_are_only_text():
    name = "O'Neil #panic() $x$ *bold* [x] @y <z> \\ “q”"
    guarantor = Guarantor(name=name, address=("_1 Main_", "`Duluth`"))
    assert "#panic() $x$ *bold* [x] @y <z> \\" in words(render(statement(guarantor=guarantor)))


@settings(max_examples=8, deadline=None)
@given(st.lists(any_facts(), min_size=1, max_size=3))
def test_any_statement_that_says_something_prints(many):
    data = statement(*many)
    if data.amount_due:
        assert dollars(abs(data.amount_due)) in words(render(data))


def test_what_a_practice_does_not_have_is_left_out():
    bare = PracticeParty(name="Lakeside Family Practice", address=(), phone="(218) 555-0142")
    text = words(render(statement(practice=bare, guarantor=Guarantor(name="Ellen R. Marsh", address=()))))
    assert "By phone: (218) 555-0142" in text and "Ellen R. Marsh" in text
    assert "Online:" not in text and "Scan to pay" not in text
