"""At the command line: payers are asked, the next ones billed, on paper or by crossover, and the books stay right."""

import shutil
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
from msgspec.structs import replace
from pypdf import PdfReader
from tests.cli_runs import CLINIC, fold, made_once, main, ok, shared_folder, site

from superbill.app.path.deciding import decide_all, read_decisions
from superbill.app.session import open_session
from superbill.claims.model import Adjustment
from superbill.payer.second_look import reversal_of
from superbill.x12 import read_835, write_835
from superbill.x12.model import Envelope, ProviderAdjustment

BILLED = ("--date", "2026-11-16")
PAID, LATER = ("--date", "2026-12-20"), ("--date", "2027-02-20")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A folder with claims built and not yet sent: Medicare, some with a supplement behind it."""
    folder = shared_folder(tmp_path_factory.getbasetemp(), "cli-follow-up")
    with made_once(folder) as fresh:
        if fresh:
            site(folder, "p01", "p05")
            db = folder / "x.db"
            ok("import", folder / "charts", "--db", db)
            ok("code", "--db", db, code=1)
            decide_all(open_session(str(db), folder / "site.toml"), read_decisions(CLINIC / "decisions.json"))
            main("claim", "build", *BILLED, "--db", db)
            fold(db)
    return folder


@pytest.fixture
def office(built, tmp_path):
    """The same in a folder of one's own, where the payers' rules may be changed before anything is sent."""
    shutil.copytree(built, tmp_path / "office")
    return Office(tmp_path / "office")


class Office:
    """One practice's folder and its simulated payers."""

    def __init__(self, folder):
        self.folder, self.db = folder, folder / "x.db"
        self.exchange = f"simulated:{folder / 'exchange'}"

    def change(self, file, before, after):
        path = self.folder / file
        text = path.read_text()
        assert before in text
        path.write_text(text.replace(before, after, 1))

    def send(self, *day):
        return ok("batch", "send", "--to", self.exchange, *day, "--json", "--db", self.db).data

    def receive(self, *day):
        ended = main("batch", "receive", "--from", self.exchange, *day, "--json", "--db", self.db)
        assert ended.code in (0, 1), ended.err
        return ended.data

    def follow(self, *day):
        ended = main("followup", "run", "--no-ask", *day, "--json", "--db", self.db)
        assert ended.code in (0, 1), ended.err
        return ended.data

    def claims(self, **wanted):
        found = ok("claim", "list", "--json", "--db", self.db).data["claims"]
        return [one for one in found if all(one[name] == value for name, value in wanted.items())]


def test_a_payer_is_asked_and_its_answer_is_told(office):
    office.send(*BILLED)
    office.receive(*BILLED)
    (first, *_) = [one["control_number"] for one in office.claims(state="accepted")]
    asked = ok("inquiry", "send", first, "--to", office.exchange, *BILLED, "--json", "--db", office.db).data
    assert asked["questions"] == 1
    assert office.receive(*BILLED)["replies"] == 1
    told = ok("inquiry", "show", first, "--json", "--db", office.db).data
    assert [one["what"] for one in told] == ["asked", "answered"]
    assert "In process" in told[1]["words"]
    (listed,) = ok("inquiry", "list", "--json", "--db", office.db).data
    assert (listed["claim"], listed["next"]) == (first, "wait")
    late = ok("inquiry", "send", "--to", office.exchange, "--date", "2026-11-30", "--json", "--db", office.db).data
    assert late["questions"] == 0  # nobody has been silent for long, and one asked for patience


def test_a_claim_that_a_payer_lost_is_found_out_and_sent_again(office):
    office.change("payers.toml", "[payers.rates]", "[payers.rates]\nlost = 1000")
    sent = office.send(*BILLED)["counts"]["claims"]
    office.receive(*BILLED)
    office.receive(*PAID)
    follow = ok("followup", "list", "--json", "--db", office.db)
    assert follow.data == []  # the site's own day is the day of sending
    lost = [one["control_number"] for one in office.claims(payer="medicare") if one["state"] in ("sent", "accepted")]
    assert lost
    ok("inquiry", "send", *lost, "--to", office.exchange, *PAID, "--db", office.db)
    office.receive(*PAID)
    listed = {one["claim"]: one for one in ok("inquiry", "list", "--json", "--db", office.db).data}
    assert {listed[number]["status"] for number in lost} == {"A4 35"}
    assert {listed[number]["next"] for number in lost} == {"send again"}
    told = ok("followup", "resend", *lost, "--reason", "The payer has no record of them", "--json", "--db", office.db)
    assert told.data["resent"] == len(lost)
    again = office.send(*PAID)["counts"]["claims"]
    assert again == len(lost) <= sent
    steps = [one["what"] for one in ok("followup", "proof", lost[0], "--json", "--db", office.db).data]
    assert [step for step in steps if step != "accepted"] == ["sent", "resent", "sent"]


def test_a_payer_without_electronic_cob_gets_paper_with_the_explanation_behind_it(office):
    office.change("site.toml", 'match = ["Organization/KSS30", "Keystone"]',
                  'match = ["Organization/KSS30", "Keystone"]\nelectronic_secondary = false')  # fmt: skip
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    office.follow(*PAID)
    papers = ok("followup", "papers", "--json", "--db", office.db).data
    assert papers
    assert {one["payer_key"] for one in papers} == {"keystone"}
    number = papers[0]["control_number"]
    early = main("followup", "mailed", number, *PAID, "--db", office.db)
    assert early.code == 2
    assert "was not printed yet" in early.err
    folder = office.folder / "mail"
    printed = main("followup", "print", "-o", folder, *PAID, "--json", "--db", office.db)
    assert len(printed.data["files"]) == len(papers)
    pages = [page.extract_text() for page in PdfReader(BytesIO((folder / f"{number}.pdf").read_bytes())).pages]
    assert len(pages) >= 2
    assert "Explanation of benefits" in pages[-1]
    assert "Medicare Part B (MCR01)" in pages[-1]
    assert office.send(*PAID)["counts"]["claims"] == 0  # none of them goes out as a file
    ok("followup", "mailed", number, "--how", "certified 7019", *PAID, "--db", office.db)
    assert number not in {one["control_number"] for one in ok("followup", "papers", "--json", "--db", office.db).data}
    (event,) = ok("followup", "proof", number, "--json", "--db", office.db).data
    assert (event["what"], event["text"]) == ("mailed", "certified 7019")
    ok("doctor", "--db", office.db)


def test_a_claim_that_crossed_over_is_not_billed_twice_and_is_when_it_got_lost(office):
    office.change("payers.toml", "days_to_pay = 14", 'days_to_pay = 14\ncrosses_over_to = ["KSS30"]')
    lost = "[payers.rates]\nunknown_member = 5"
    office.change("payers.toml", lost, f"{lost}\nlost = 500")
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    office.follow(*PAID)
    assert [one for one in office.claims(payer="keystone") if "P1" not in one["control_number"]] == []
    office.receive("--date", "2027-01-25")  # the supplement answers what it got
    office.follow(*LATER)
    ok("doctor", "--db", office.db)
    ours = office.claims(payer="keystone")
    crossed = [one for one in office.claims(payer="medicare") if one["state"] == "paid"]
    assert len(ours) < len(crossed)


def second_look(office, number):
    """The payer of this claim takes its answer back and pays 10.00 less, which the patient then owes."""
    files = [path.read_bytes() for path in (office.folder / "exchange").rglob("835.*")]
    payments = [payment for data in files for _, payment in read_835(data)]
    payment = next(one for one in payments if any(claim.control_number == number for claim in one.claims))
    before = next(claim for claim in payment.claims if claim.control_number == number)
    place = next(at for at, line in enumerate(before.lines) if line.paid > 10_00)
    line = before.lines[place]
    changed = replace(line, paid=line.paid - 10_00, adjustments=(*line.adjustments, Adjustment("PR", "3", 10_00)))
    lines = (*before.lines[:place], changed, *before.lines[place + 1 :])
    share = (before.patient_responsibility or 0) + 10_00
    after = replace(
        before, payer_control_number="NEW1", paid=before.paid - 10_00, patient_responsibility=share, lines=lines
    )
    owed = ProviderAdjustment(
        npi=payment.payee_npi, fiscal_year_end=date(2026, 12, 31), reason="FB", reference="T1", amount=-10_00
    )
    told = replace(
        payment,
        trace_number="SECOND1",
        payment_amount=0,
        payment_method="NON",
        payer_account=None,
        payee_account=None,
        payment_date=date(2027, 1, 20),
        production_date=date(2027, 1, 20),
        claims=(reversal_of(before), after),
        provider_adjustments=(owed,),
    )
    envelope = Envelope(
        sender_id="CLEARSIM",
        receiver_id="LAKELAND",
        interchange_control_number=900,
        group_control_number=900,
        created=datetime(2027, 1, 20, 12, tzinfo=UTC),
    )
    path = office.folder / "second.x12"
    path.write_bytes(write_835([told], envelope=envelope))
    ok("batch", "receive", path, *LATER, "--db", office.db)


def test_a_secondary_claim_follows_a_correction_of_the_primary(office):
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    office.follow(*PAID)
    second = office.claims(payer="keystone", state="ready")[0]["control_number"]
    before = ok("claim", "show", second, "--json", "--db", office.db).data["claim"]
    office.send(*PAID)
    office.receive(*PAID)
    second_look(office, second.replace("S1", "P1"))
    (said,) = office.follow(*LATER)["findings"]
    assert said["rule"] == "claims.cob-changed"  # it is under way: nothing is replaced before it is answered
    office.receive("--date", "2027-01-25")
    assert office.follow(*LATER)["findings"] == []
    assert office.follow(*LATER)["findings"] == []
    corrected = second.replace("S1", "S2")
    after = ok("claim", "show", corrected, "--json", "--db", office.db).data["claim"]
    assert (after["frequency"], after["version"]) == ("7", 2)
    assert after["payer_control_number"]
    assert after["other_insurance"][0]["paid"] == before["other_insurance"][0]["paid"] - 10_00
    numbers = [one["control_number"] for one in office.claims(payer="keystone")]
    assert len(numbers) == len(set(numbers))
    assert corrected.replace("S2", "S3") not in numbers
    ok("doctor", "--db", office.db)


def test_a_secondary_claim_that_was_not_sent_yet_is_mended_in_place(office):
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    office.follow(*PAID)
    second = office.claims(payer="keystone", state="ready")[0]["control_number"]
    before = ok("claim", "show", second, "--json", "--db", office.db).data["claim"]
    second_look(office, second.replace("S1", "P1"))
    office.follow(*LATER)
    after = ok("claim", "show", second, "--json", "--db", office.db).data["claim"]
    assert after["other_insurance"][0]["paid"] == before["other_insurance"][0]["paid"] - 10_00
    assert after.get("frequency", "1") == "1"
    assert second.replace("S1", "S2") not in {one["control_number"] for one in office.claims()}
    ok("doctor", "--db", office.db)


def test_another_payer_turns_out_to_come_first(office):
    for file in ("site.toml", "payers.toml"):  # it is found out after the limit of half a year
        path = office.folder / file
        path.write_text(path.read_text().replace("_days = 180", "_days = 720"))
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    first = office.claims(payer="medicare", state="paid")[0]
    number = first["control_number"]
    told = ("--member-id", "BPH1000001", "--reason", "Plan of the wife's employer found", *PAID, "--json")
    unknown = main("followup", "first", number, "--payer", "nobody", *told, "--db", office.db)
    assert (unknown.code, "no payer of the site" in unknown.err) == (2, True)
    made = ok("followup", "first", number, "--payer", "bluepeak", *told, "--db", office.db).data
    assert made["control_number"] == number.replace("P1", "P2")
    again = main("followup", "first", number, "--payer", "bluepeak", *told, "--db", office.db)
    assert again.code == 2
    ok("doctor", "--db", office.db)
    office.send(*PAID)
    office.receive(*PAID)
    office.receive("--date", "2027-01-25")
    office.follow(*LATER)
    (follows,) = [one for one in office.claims(payer="medicare") if one["control_number"] == number.replace("P1", "S1")]
    claim = ok("claim", "show", follows["control_number"], "--json", "--db", office.db).data["claim"]
    paid = ok("claim", "show", number, "--json", "--db", office.db).data["payer_control_number"]
    assert (claim["frequency"], claim["payer_control_number"]) == ("7", paid)
    assert claim["other_insurance"][0]["payer"]["id"] == "BPH10"
    assert claim["other_insurance"][0]["paid"] is not None
    ok("doctor", "--db", office.db)


def test_the_next_payer_is_billed_for_what_the_first_refused_when_a_person_says_so(office):
    office.change("payers.toml", "coverage_ended = 6", "coverage_ended = 1000")
    office.send(*BILLED)
    office.receive(*BILLED)
    office.receive(*PAID)
    office.follow(*PAID)
    assert office.claims(payer="keystone") == []
    denied = [one["control_number"] for one in office.claims(payer="medicare", state="denied")]
    shown = {each: ok("claim", "show", each, "--json", "--db", office.db).data for each in denied}
    number = next(each for each, claim in shown.items() if claim["next_payer"])
    args = ("followup", "next", number, "--reason", "The supplement covers it", *PAID, "--json", "--db", office.db)
    made = main(*args)
    assert made.data["control_number"] == number.replace("P1", "S1")
    assert main(*args).code == 2  # once
    shown = ok("claim", "show", number.replace("P1", "S1"), "--json", "--db", office.db).data["claim"]
    assert shown["other_insurance"][0]["paid"] == 0
    assert office.follow(*PAID)["findings"] == []
    ok("doctor", "--db", office.db)
