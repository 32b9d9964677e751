"""The front desk's day, with the keyboard alone: a new patient with two coverages, who may be here already, what the
payer says, what it will cost, and the copay."""

import re

from tests.browser_support import BROWSER, settled

pytestmark = BROWSER


def tab_to(page, label, most=60):
    """Press Tab until the field or button of this name has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        named = page.evaluate(
            "() => { const e = document.activeElement; const n = e.labels?.[0] || e; return n.textContent.trim() }"
        )
        if named == label:
            return
    raise AssertionError(f"no {label!r} within {most} tabs")


def write(page, label, text):
    tab_to(page, label)
    page.keyboard.type(text)


def registers(page):
    """With a second coverage, past a warning of somebody alike and a member number that can't be."""
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.get_by_role("heading", name="Register").wait_for()
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    page.get_by_role("heading", name="New patient").wait_for()
    settled(page)
    page.wait_for_function("document.activeElement.id === 'id_last'")
    page.keyboard.type("Oaks")
    write(page, "First and middle names", "Marian Grace")
    write(page, "Birth date", "03/02/1951")
    page.keyboard.press("Tab")
    page.get_by_role("heading", name="May be registered already").wait_for()  # while one types
    assert "same birth date, like name" in page.inner_text("#alike")
    write(page, "Payer", "Blue")
    write(page, "Member number", "bph 778-812")
    tab_to(page, "A second coverage")
    page.keyboard.press("Enter")
    write(page, "Payer", "Medicare Part B")
    write(page, "Member number", "1AB")
    page.keyboard.press("Enter")
    page.locator(".alert").wait_for()
    assert "Medicare’s number has 11 places" in page.inner_text(".alert")
    assert "OAKES, Marion" in page.inner_text("#alike")
    page.locator("#id_two-member_id").focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("1EG4-TE5-MK73")
    tab_to(page, "It is somebody else: register")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="OAKS, Marian").wait_for()
    settled(page)
    assert "Registered." in page.inner_text(".notices")
    assert "BPH778812" in page.inner_text(".covers")


def asks_and_estimates(page):
    page.keyboard.press("3")
    page.get_by_text("Never asked").first.wait_for()
    settled(page)
    page.keyboard.press("c")
    page.get_by_text("Office visit: you pay $30.00.").wait_for()
    settled(page)
    assert "simulated payer" in page.inner_text("main")
    page.keyboard.press("4")
    page.get_by_role("heading", name="Given before").wait_for()
    settled(page)
    page.locator("#id_services").focus()
    page.keyboard.type("99214")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name=re.compile(r"The patient will owe about \$30\.00")).wait_for()
    settled(page)
    page.keyboard.press("Escape")
    page.keyboard.press("y")
    page.get_by_text("The estimate is kept.").wait_for()
    settled(page)


def takes_the_copay(page):
    page.keyboard.press("6")
    page.get_by_role("heading", name="Take a payment").wait_for()
    settled(page)
    assert page.input_value("#id_amount") == "30.00"
    tab_to(page, "Take payment")
    page.keyboard.press("Enter")
    page.get_by_text(re.compile(r"Receipt R\d+ is posted")).wait_for()
    settled(page)
    assert page.locator("tbody tr").count() == 1


def test_a_new_patient_from_the_door_to_the_receipt(served_alone, enter):
    watched = enter(served_alone, "frontdesk")
    registers(watched.page)
    asks_and_estimates(watched.page)
    takes_the_copay(watched.page)
    assert [one for one in watched.complaints if "422" not in one and "Autofocus" not in one] == []  # 422: a form


def test_the_search_finds_while_one_types(served, enter):
    watched = enter(served, "frontdesk")
    page = watched.page
    page.goto(f"{served.address}/p/lakeland/register")
    page.keyboard.press("f")
    page.keyboard.type("okes marian", delay=20)
    page.locator("#hits td.small").first.wait_for()
    assert "OAKES, Marion" in page.inner_text("#hits")
    assert "/find" not in page.url
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="OAKES, Marion").wait_for()
    settled(page)
    assert watched.complaints == []
