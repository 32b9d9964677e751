"""What stands on the pages: figures and words that are right, text that stays text, statements that stay few."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from msgspec.structs import replace
from tests.app_samples import AT, TODAY, billed, chart, remittance, usual_answer
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.permissions import Role
from superbill.app.boot import secret_key
from superbill.app.claims.models import ClaimRow
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.actions import import_charts
from superbill.app.patients.models import PatientRow
from superbill.app.remits.actions import post_remittance
from superbill.app.web.claims.segments import claim_slice
from superbill.app.web.words import CLAIM_STATES, VISIT_STATES, happened
from superbill.chart.model import Concept, Note, PersonName
from superbill.findings import Finding, Severity, line
from superbill.forms.statement import LineEvent
from superbill.ledger.entry import Reason

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


@pytest.fixture
def office(system, practice, tmp_path):
    return one_of_everything(system, practice, tmp_path)


@pytest.fixture
def page(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))

    def read(address, **query):
        found = client.get(f"/p/lakeside/{address}", query)
        assert found.status_code == 200, address
        return found.content.decode()

    return read


def test_a_claim_tells_line_by_line_what_happened_to_its_money(page):
    text = page("claims/A1001P1")
    for said in (
        "Payer One paid $80.00.",
        "Patient’s share: $20.00, coinsurance (PR-2).",
        "Taken off: $20.00,",
        "Payer One refused $30.00,",
        "(CO-50)",
        "partly denied",
        "835 T1",
        "I10",
        "Sent to Payer One",
    ):
        assert said in text, said


def test_a_finding_stands_at_its_line_too(page, office):
    finding = Finding(rule="x.y", severity=Severity.ERROR, where=line(2, "units"), message="Too many.", fix="Fewer.")
    office.rows(ClaimRow).filter(control_number="A1001P1").update(findings=encoded((finding,)))
    text = page("claims/A1001P1")
    assert text.count("Too many.") == 2
    assert "line 2, CMS-1500 box 24G" in text


def test_the_visits_other_claims_are_part_of_the_story(page, office):
    first, second = office.rows(ClaimRow).order_by("id")
    office.rows(ClaimRow).filter(pk=second.pk).update(encounter=first.encounter_id, responsibility="S")
    assert "Secondary claim A1002P1: partly denied" in page("claims/A1001P1")
    assert "Primary claim A1001P1: partly denied" in page("claims/A1002P1")


def test_the_figures_of_today_add_up(page):
    text = page("today/figures")
    assert "ledger balanced:" in text
    assert "0 unbalanced" in text
    assert text.count("300.00") >= 1  # two visits at 150.00
    assert "$60.00" in text  # what is refused, of insurance's balance


def test_every_figure_of_the_funnel_opens_as_many_rows_as_it_says(page, office):
    assert "1–2 of 2" in page("claims", state="went-out")
    assert "1–2 of 2" in page("claims", state="paid-or-in-part")
    assert "1–2 of 2" in page("visits", state="coded-or-billed")
    assert "No claim matches" in page("claims", state="held")
    assert "1–2 of 2" in page("claims", state="no such state", payer="nobody")
    assert "1–2 of 2" in page("claims", payer="one", page="7")


def test_an_account_stands_in_lines_and_as_journal(page, office):
    patient = office.keys["account"][0]
    text = page(f"accounts/{patient}")
    assert "Owes $40.00" in text
    assert "S000001" in text
    text = page(f"accounts/{patient}/journal")
    assert "insurance payment" in text
    assert "by system" in text


def test_papers_are_pdfs_named_by_number(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    papers = {"claims/A1001P1/form.pdf": "cms1500-A1001P1.pdf", "statements/1.pdf": "statement-S000001.pdf"}
    for address, name in papers.items():
        paper = client.get(f"/p/lakeside/{address}")
        assert paper.content.startswith(b"%PDF-")
        assert paper["Content-Type"] == "application/pdf"
        assert paper["Content-Disposition"] == f'inline; filename="{name}"'


def test_search_opens_a_number_and_lists_names(office):
    client = signed_in(member_of(office.practice, "member", Role.MANAGER))
    find = "/p/lakeside/find"
    assert client.post(find, {"q": "a1001p1"})["Location"] == "/p/lakeside/claims/A1001P1"
    assert client.post(find, {"q": " A1002 "})["Location"] == "/p/lakeside/visits/A1002"
    assert b"FAMILY1, Given" in client.post(find, {"q": "family"}).content
    assert b"Nobody" in client.post(find, {"q": "x"}).content
    assert b"Nobody" in client.post(find, {}).content
    coder = signed_in(member_of(office.practice, "coder", Role.CODER))
    found = coder.post(find, {"q": "family"}).content
    assert b"FAMILY1, Given" in found
    assert b"/accounts/" not in found


def test_text_from_outside_stays_text(system, practice, tmp_path):
    """Names, notes and reasons as a hostile chart brings them, on every page that shows them."""
    secret_key(tmp_path / "key")
    hostile = chart(1)
    visit = replace(
        hostile.encounters[0], reasons=(Concept(text=HOSTILE),), notes=(Note(id="n", text=HOSTILE, author=HOSTILE),)
    )
    patient = replace(hostile.patient, name=PersonName(HOSTILE, (HOSTILE,)), phone=HOSTILE)
    import_charts(system, [replace(hostile, patient=patient, encounters=(visit,))], at=AT)
    claims = billed(system, charts=1, first=2)
    row = system.scope.rows(ClaimRow).first()
    PatientRow._base_manager.filter(pk=row.encounter.patient_id).update(family=HOSTILE[:120], given=HOSTILE[:120])
    post_remittance(system, remittance(HOSTILE[:60], *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    client = signed_in(member_of(practice, "member", Role.MANAGER))
    patients = system.scope.rows(PatientRow).values_list("id", flat=True)
    pages = ["visits", "claims", "accounts", "payments", "payments/1", f"claims/{row.control_number}"]
    pages += [f"visits/{one}" for one in system.scope.rows(EncounterRow).values_list("account_number", flat=True)]
    pages += [f"accounts/{one}{tail}" for one in patients for tail in ("", "/journal")]
    seen = 0
    for address in pages:
        text = client.get(f"/p/lakeside/{address}").content.decode()
        assert "<script>" not in text.lower(), address
        assert "<img" not in text.lower(), address
        seen += "&lt;script&gt;" in text.lower()
    assert seen >= 8
    found = client.post("/p/lakeside/find", {"q": HOSTILE}).content.decode()
    assert "<script>" not in found


def statements_for(client, address):
    with CaptureQueriesContext(connection) as asked:
        assert client.get(f"/p/lakeside/{address}").status_code == 200
    return len([one for one in asked if not one["sql"].startswith(("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"))])


LISTS = (
    "today", "claims", "claims?state=accepted&sort=-charge", "claims?payer=one&sort=provider", "claims?page=9",
    "visits", "visits?list=all", "accounts", "accounts?sort=name", "payments", "payments?sort=amount",
    "payments/exceptions", "denials", "denials?show=all", "register", "manage/audit", "batches", "files",
)  # fmt: skip
ONE = ("payments/1", "claims/A1001P1", "visits/A1001")


def test_lists_ask_as_often_for_many_rows_as_for_few(system, practice, tmp_path):
    one_of_everything(system, practice, tmp_path)
    client = signed_in(member_of(practice, "member", Role.MANAGER))

    def posted(first, charts):
        claims = billed(system, charts=charts, visits=1, first=first)
        answers = [usual_answer(one) for one in claims]
        post_remittance(system, remittance(f"T{first}", *answers), payer_key="one", at=AT)

    def statements():
        """Of every list, the first time that it is asked for since something was posted, and the second."""
        return {address: [statements_for(client, address) for _ in range(2)] for address in (*LISTS, *ONE)}

    statements()  # what is kept once for a practice, such as the payers of its site
    posted(2, charts=4)
    few = statements()
    posted(6, charts=80)
    posted(86, charts=60)
    assert statements() == few
    assert statements_for(client, "payments/2") == few["payments/1"][0]
    assert max(again for _, again in few.values()) <= 30
    assert max(first for first, _ in few.values()) <= 36  # what a posting changed is read once more


def test_words_for_what_happened():
    def event(kind, amount, code="", group="", payer="Blue", to="", remarks=()):
        return LineEvent(kind=kind, amount=amount, payer=payer, to=to, reason=Reason(group, code, remarks))

    assert happened([event("payment", 100)]) == ["Blue paid $1.00."]
    assert happened([event("payment", 100), event("payment", -100)]) == []
    assert happened([event("payment", -250)]) == ["Blue took back $2.50."]
    assert happened([event("discount", 100, "9Z9", "CO")]) == ["Taken off: $1.00 (CO-9Z9)."]
    assert happened([event("passed on", 100, to="Green")]) == ["$1.00 passed on to Green."]
    assert happened([event("patient payment", 100, payer="")]) == ["Patient paid $1.00."]
    denied = happened([event("denial", 100, "96", "CO", remarks=("N130",))])[0]
    assert denied.startswith("Blue refused $1.00, ")
    assert denied.endswith("(CO-96, N130).")


def test_every_state_has_its_word():
    from superbill.app.claims.models import ClaimState
    from superbill.app.encounters.models import EncounterState

    assert {state.value for state in ClaimState} == CLAIM_STATES.keys()
    assert {state.value for state in EncounterState} == VISIT_STATES.keys()


SENT = (
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261102*0900*^*00501*000000001*0*T*:~\n"
    "GS*HC~ST*837*0001~BHT*0019~NM1*41*2*US~HL*1**20*1~NM1*85*2*CLINIC~HL*2*1*22*0~NM1*IL*1*ONE~CLM*C1*10~LX*1~SV1*A~"
    "HL*3*1*22*1~NM1*IL*1*TWO~HL*4*3*23*0~NM1*QC*1*KID~CLM*C2*20~LX*1~CLM*C3*30~LX*1~SE*9*0001~GE*1*1~IEA*1*1~"
)


@pytest.mark.parametrize(
    ("claim", "tags"),
    [
        ("C1", "HL NM1 HL NM1 CLM LX SV1"),
        ("C2", "HL NM1 HL NM1 HL NM1 CLM LX"),
        ("C3", "HL NM1 HL NM1 HL NM1 CLM LX"),
        ("C4", ""),
    ],
)
def test_a_claim_is_cut_out_of_its_interchange_with_nobody_elses_data(claim, tags):
    text = claim_slice(SENT.encode(), claim).decode()
    cut = [one.partition("*")[0] for one in text.split("~")]
    assert " ".join(cut[cut.index("HL") : cut.index("SE")] if tags else cut) == tags
    assert ("ONE" in text) == (claim == "C1")
    assert ("KID" in text) == (claim in ("C2", "C3"))
    assert claim_slice(b"", claim) == claim_slice(b"not X12" * 40, claim) == b""


def test_money_and_dates_look_as_people_write_them():
    from superbill.app.web.templatetags import desk

    assert [desk.cents(amount) for amount in (0, None, 5, 123456, -1200)] == ["–", "–", "0.05", "1,234.56", "(12.00)"]
    assert desk.day(date(2026, 11, 2)) == "2 Nov 2026"
    assert desk.ago(date(2026, 10, 1), TODAY) == "32 d"
    assert desk.ago(TODAY, TODAY) == "today"
    assert desk.person("Oakes", "Marion") == "OAKES, Marion"
    assert desk.icd("E1122") == "E11.22"
    assert desk.icd("I10") == "I10"
