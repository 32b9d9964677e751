"""A patient on a phone, from the invitation to the receipt; the office sees the payment and the question."""

import re
import subprocess

from tests.browser_support import BROWSER, RUN, SHAPES, Watched, serious, settled, sideways

pytestmark = BROWSER
GUARANTOR = 18  # one who owes for two people
PASSWORD = "three short words"
BORN = ("03", "19", "1975")


def books(served, *command):
    """The command line on the same books."""
    done = subprocess.run([*RUN, *command, "--db", served.db], cwd=served.folder, check=True, capture_output=True)
    return done.stdout.decode()


def invited(enter, served_alone):
    """The front desk's page and the code. The dispute of this account is answered first, so that there is something to
    pay."""
    for line in re.findall(r"^\W*(\d+)\b.*dispute", books(served_alone, "thread", "list"), re.MULTILINE):
        books(served_alone, "thread", "resolve", line, "explained", "We looked into it.")
    office = enter(served_alone, "frontdesk")
    office.go(f"patient-pages/{GUARANTOR}")
    office.page.get_by_role("button", name=re.compile("Invite|Make a new code")).click()
    code = office.page.locator(".invitation b.code").inner_text()
    return office, code


def fits(page, name):
    settled(page)
    assert not sideways(page), name
    assert serious(page) == [], name


def comes_in(page, address, code):
    """By the code and the birth date; to the number that is owed."""
    page.goto(f"{address}/my/start")
    fits(page, "start")
    page.get_by_label("What is your code?").fill(code.lower())
    page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", name="When were you born?").wait_for()
    fits(page, "birth date")
    for label, value in zip(("Month", "Day", "Year"), BORN, strict=True):
        page.get_by_label(label).fill(value)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("heading", name="How will you sign in?").wait_for()
    fits(page, "password")
    page.get_by_label("Your e-mail, or a name you choose").fill("gault@example.org")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Open my pages").click()
    page.get_by_text("You owe", exact=True).wait_for()
    fits(page, "home")
    owed = page.locator(".amount").inner_text()
    assert re.fullmatch(r"\$\d+\.\d\d", owed)
    return owed


def sees_why_and_pays(page, owed):
    page.get_by_role("link", name="Why do I owe this?").click()
    page.locator(".lines-mine a").nth(1).click()
    page.get_by_role("heading", name="Why do I owe this?").wait_for()
    assert re.search(r"paid \$|charged \$", page.inner_text(".told"))
    assert not re.search(r"\b(CO|PR)-\d", page.inner_text("main"))
    fits(page, "why")
    page.get_by_role("link", name="Pay now").click()
    page.get_by_role("heading", name="How much do you want to pay?").wait_for()
    page.get_by_label("Another amount").check()
    page.get_by_label("How much?").fill("20")
    fits(page, "amount")
    page.get_by_role("button", name="Next").click()
    page.get_by_text("This is a test. No money moves.").wait_for()
    fits(page, "card")
    page.get_by_role("button", name="Pay $20.00").dblclick()  # two clicks pay once
    page.get_by_role("heading", name="Thank you. You paid $20.00").wait_for()
    fits(page, "paid")
    page.reload()
    settled(page)
    left = round(float(owed[1:]) - 20, 2)
    assert f"${left:.2f}" in page.inner_text("main")


def asks(page, address):
    page.goto(f"{address}/my/questions/ask")
    page.get_by_label("What do you want to know?").fill("Can I pay the rest next month?")
    fits(page, "ask")
    page.get_by_role("button", name="Send").click()
    page.get_by_text("We have your question. We will answer here.").wait_for()
    for path in ("bill", "papers", "plan", "about-me", "about-me/hear", "help", "questions"):
        page.goto(f"{address}/my/{path}")
        fits(page, path)
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="See and pay your bill").wait_for()
    page.goto(f"{address}/my/bill")
    page.get_by_role("heading", name="See and pay your bill").wait_for()


def test_a_patient_comes_in_sees_why_pays_and_asks(chromium, enter, served_alone):
    office, code = invited(enter, served_alone)
    phone = Watched(chromium, **SHAPES["phone"])
    owed = comes_in(phone.page, served_alone.address, code)
    sees_why_and_pays(phone.page, owed)
    asks(phone.page, served_alone.address)
    assert phone.complaints == []
    phone.close()

    told = books(served_alone, "payment", "list")
    assert told.count("portal") == 1
    books(served_alone, "work", "refresh")
    office.go("today?whose=all")
    office.page.get_by_text("Question to answer").first.wait_for()
    assert office.complaints == []
