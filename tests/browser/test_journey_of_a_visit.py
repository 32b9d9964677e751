"""One visit from the door to the patient's own page, through every pair of hands: desk, coder, biller, payer, poster,
manager and patient. Each signs in as themselves; at the end the account explains itself and the books are proven."""

import re
import subprocess

from tests.browser_support import BROWSER, RUN, SHAPES, Watched, keys, serving, settled

pytestmark = BROWSER
NOTE = """CC: Sore throat.

HPI: New patient, 46, with three days of sore throat and fever. No cough.

Exam: Temperature 101.2 F. Pharynx red with exudate. Tender anterior cervical nodes. Lungs clear.

Rapid strep test in the office: positive.

Assessment: Acute streptococcal pharyngitis.

Plan: Amoxicillin 500 mg by mouth twice daily for ten days. Return if not better in three days.
"""
LATER = "2026-12-14"  # four weeks after the visit
PERSON = (
    ("Last name", "Voss"), ("First and middle names", "Ilse"), ("Birth date", "03/02/1980"),
    ("Street", "14 Mill Road"), ("City", "Lakeland"), ("ZIP code", "54901"), ("Payer", "Blue"),
    ("Member number", "BPH778899"),
)  # fmt: skip


def write(page, label, text):
    """Into the first field of this name, as one tabs to it."""
    page.get_by_label(label, exact=True).first.focus()
    page.keyboard.press("Control+A")
    page.keyboard.type(text)


def told(page, words):
    """Wait for a notice."""
    page.locator(".notices", has_text=re.compile(words)).wait_for()
    settled(page)


def registers(watched):
    """The desk: a patient, a visit with its note, ten dollars. The patient's number and the visit's."""
    page = watched.page
    keys(page, "g r", "Escape", "n")
    for label, text in PERSON:
        write(page, label, text)
    page.get_by_label("Sex on the insurance card").select_option("F")
    page.get_by_label("State", exact=True).select_option("WI")
    keys(page, "Enter")
    page.get_by_role("heading", name="VOSS, Ilse").wait_for()
    patient = re.search(r"/register/(\d+)", page.url)[1]
    watched.go(f"register/{patient}/visits/new")
    write(page, "Note", NOTE)
    page.get_by_role("button", name="Save visit").focus()
    keys(page, "Enter")
    account = re.search(r"/visits/(A\d+)", page.url)[1]
    watched.go(f"register/{patient}/payment")
    write(page, "Amount", "10")
    page.get_by_role("button", name="Take payment").focus()
    keys(page, "Enter")
    told(page, r"Receipt R\d+ is posted")
    return patient, account


def codes(watched, account):
    """The coder: what the note says, every code with its words; released."""
    page = watched.page
    watched.go(f"visits/{account}")
    assert "J02.0" in page.inner_text("#bench")
    assert page.locator("mark.ev").count() > 0
    keys(page, "A")
    page.locator("#trail summary").wait_for()
    keys(page, "r")
    told(page, f"{account} is released")


def bills(watched, account):
    """The biller: the claim is built, looked at, sent; the files that answer at once."""
    page = watched.page
    watched.go("claims/ready")
    keys(page, "1")
    told(page, "1 claim")
    watched.go(f"claims/{account}P1")
    assert "ready" in page.inner_text(".head")
    watched.go("claims/ready")
    keys(page, "s")
    keys(page, "s")
    told(page, "Sent 1 claim")
    keys(page, "r")
    page.get_by_text(re.compile("999")).first.wait_for()
    watched.go(f"claims/{account}P1")
    assert "accepted" in page.inner_text(".head")


def posts(watched, account):
    """The poster: the payer's 835 as it would post, then posted."""
    page = watched.page
    watched.go("payments/files?state=waiting")
    for name in [one.inner_text() for one in page.locator("tbody th a").all()]:
        watched.go("payments/files?state=waiting")
        page.get_by_role("link", name=name).focus()
        keys(page, "Enter")
        keys(page, "p")
        told(page, r"Posted|posted")
    watched.go(f"claims/{account}P1")
    assert re.search("paid|partly denied", page.inner_text(".head"))


def states(watched, patient):
    """The manager: the run of today; the patient's number as a guarantor, and what the statement asks for."""
    page = watched.page
    watched.go("statements")
    keys(page, "m")
    for _ in range(60):  # the worker makes them
        watched.go(f"accounts/{patient}")
        asked = page.locator("table", has=page.get_by_role("link", name=re.compile(r"S\d{6}"))).locator("tbody td.n")
        if asked.count():
            return re.search(r"guarantors/(\d+)", page.content())[1], asked.first.inner_text()
        page.wait_for_timeout(500)
    raise AssertionError("no statement was made")


def invites(watched, guarantor):
    """The desk: a code for the patient's own pages."""
    watched.go(f"patient-pages/{guarantor}")
    button = watched.page.get_by_role("button", name="Invite")
    button.focus()
    keys(watched.page, "Enter")
    return watched.page.locator(".invitation b.code").inner_text()


def sees_and_pays(page, address, code, owed):
    """The patient, on a phone: in by the code, why it is owed, and all of it paid."""
    page.goto(f"{address}/my/start")
    for fields in (
        (("What is your code?", code),),
        (("Month", "03"), ("Day", "02"), ("Year", "1980")),
        (("Your e-mail, or a name you choose", "ilse@example.org"), ("Choose a password", "three plain words")),
    ):
        for label, text in fields:
            page.get_by_label(label).fill(text)
        keys(page, "Enter")
    page.get_by_text("You owe", exact=True).wait_for()
    assert page.locator(".amount").inner_text() == f"${owed}"
    page.get_by_role("link", name="Why do I owe this?").click()
    page.locator(".lines-mine a").first.click()
    page.get_by_role("heading", name="Why do I owe this?").wait_for()
    assert re.search(r"paid \$|charged \$", page.inner_text(".told"))
    page.get_by_role("link", name="Pay now").click()
    page.get_by_role("heading", name="How much do you want to pay?").wait_for()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name=f"Pay ${owed}").click()
    page.get_by_role("heading", name=f"Thank you. You paid ${owed}").wait_for()


def test_a_visit_from_the_door_to_paid_through_every_pair_of_hands(own_copy, enter, chromium):
    folder, db = own_copy
    with serving(folder, db=db) as served:
        patient, account = registers(enter(served, "frontdesk"))
        codes(enter(served, "coder"), account)
        bills(enter(served, "biller"), account)
    with serving(folder, "--date", LATER, db=db) as later:
        biller = enter(later, "biller")
        biller.go("claims/ready")
        keys(biller.page, "r")
        biller.page.get_by_text(re.compile("payments? waits? for who may post")).first.wait_for(timeout=60_000)
        posts(enter(later, "poster"), account)
        manager = enter(later, "manager")
        guarantor, owed = states(manager, patient)
        phone = Watched(chromium, **SHAPES["phone"])
        sees_and_pays(phone.page, later.address, invites(enter(later, "frontdesk"), guarantor), owed)
        manager.go(f"accounts/{patient}")
        assert "Owes nothing" in manager.page.inner_text(".head") or "$0.00" in manager.page.inner_text(".head")
        assert manager.complaints == phone.complaints == []
        phone.close()
    for proof in (("doctor",), ("audit", "verify")):
        subprocess.run([*RUN, *proof, "--db", db], cwd=folder, check=True, capture_output=True)
