"""What patients may count on: one number, paid once, in words that anybody reads."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.app_samples import AT, TODAY
from tests.portal_samples import at_work, let_in, owing, settings_kept

from superbill.app.billing.models import PaymentPlan, Receipt
from superbill.app.billing.plans import review_plans
from superbill.app.boot import secret_key
from superbill.app.portal.actions import Declined, NotDone, agree_to_plan, ask, hear_by, move, new_key, offers, pay
from superbill.app.portal.cards import TEST, Charge
from superbill.app.portal.models import CardPayment
from superbill.app.practices.actions import keep_policy
from superbill.app.statements.actions import hold
from superbill.app.statements.models import Channel, HoldKind
from superbill.app.threads.queries import threads
from superbill.app.worklists.actions import refresh
from superbill.app.worklists.queries import tasks
from superbill.chart.model import PostalAddress
from superbill.site.policy import MoneyPolicy

TEMPLATES = Path(__file__).parents[2] / "src/superbill/app/web/templates/web/portal"


@pytest.fixture
def ana(system, practice, tmp_path):
    """A patient who owed 40 dollars, asked a question and paid five."""
    secret_key(tmp_path / "key")
    with settings_kept():
        at_work(practice, tmp_path)
        yield let_in(system, owing(system, 1)[0], "ana")


def receipts(system):
    return list(system.scope.rows(Receipt).order_by("number"))


def test_what_is_owed_is_one_number_with_its_days(ana):
    owed = ana.mine.owing(TODAY, {})
    assert (owed.now, owed.paused, owed.credit) == (35_00, 0, 0)
    assert owed.since == TODAY
    assert owed.due is not None
    assert sum(story.line.owed for story in owed.stories) == 35_00
    page = ana.browser().get("/my/").content.decode()
    assert "$35.00" in page


def test_a_payment_is_posted_once_however_often_its_button_is_pressed(ana, system):
    key = new_key()
    first = pay(ana.mine, 10_00, "approve", key, TEST, on=TODAY, at=AT)
    assert pay(ana.mine, 10_00, "approve", key, TEST, on=TODAY, at=AT) == first
    with pytest.raises(NotDone):
        pay(ana.mine, 11_00, "approve", key, TEST, on=TODAY, at=AT)
    assert [row.amount for row in receipts(system)] == [5_00, 10_00]
    assert ana.mine.owing(TODAY, {}).now == 25_00
    assert receipts(system)[-1].party == f"guarantor:{ana.guarantor}"
    assert '"portal"' in receipts(system)[-1].doc  # what the office sees as its source


def test_a_card_that_is_turned_down_posts_nothing_and_says_so(ana, system):
    with pytest.raises(Declined):
        pay(ana.mine, 10_00, "decline", new_key(), TEST, on=TODAY, at=AT)
    assert len(receipts(system)) == 1
    form = {"token": "decline", "key": new_key(), "amount": "1000"}
    answer = ana.browser().post("/my/pay/card", form)
    assert answer.status_code == 422
    assert "turned down" in answer.content.decode()
    assert len(receipts(system)) == 1


class Crashes:
    """A processor whose answer is lost on the way the first time; it charges once for each key."""

    name, moves_money, choices = "crashes", False, ()

    def __init__(self):
        self.charged = {}

    def charge(self, token, amount, key):
        if key not in self.charged:
            self.charged[key] = amount
            raise ConnectionError
        return Charge(approved=True, reference="ok")


def test_a_charge_whose_answer_was_lost_is_posted_when_the_page_is_sent_again(ana, system):
    cards, key = Crashes(), new_key()
    with pytest.raises(ConnectionError):
        pay(ana.mine, 10_00, "any", key, cards, on=TODAY, at=AT)
    assert len(receipts(system)) == 1
    assert CardPayment._base_manager.get(key=key).state == "asked"
    pay(ana.mine, 10_00, "any", key, cards, on=TODAY, at=AT)
    assert [row.amount for row in receipts(system)] == [5_00, 10_00]
    assert cards.charged == {key: 10_00}


@pytest.mark.parametrize("amount", [0, -1, 35_01])
def test_nobody_pays_nothing_or_more_than_is_owed(ana, amount):
    with pytest.raises(NotDone):
        pay(ana.mine, amount, "approve", new_key(), TEST, on=TODAY, at=AT)


def test_paying_on_the_page_goes_amount_then_card_then_receipt(ana):
    browser = ana.browser()
    answer = browser.post("/my/pay", {"which": "other", "other": "12.50"})
    assert answer["Location"] == "/my/pay/card"
    page = browser.get("/my/pay/card").content.decode()
    assert "No money moves" in page
    key = re.search(r'name="key" value="(\w+)"', page)[1]
    form = {"token": "approve", "key": key, "amount": "1250"}
    done = browser.post("/my/pay/card", form)
    assert browser.post("/my/pay/card", form)["Location"] == done["Location"]
    thanks = browser.get(done["Location"]).content.decode()
    assert "$12.50" in thanks
    assert "$22.50" in thanks
    assert not re.search(r"name=\"(card|number|cvc|pan)", page)


def test_a_plan_is_offered_within_the_rules_and_made_once(ana, system, practice):
    assert offers(ana.mine, TODAY) == []  # 35 dollars make no three payments of 25
    keep_policy(practice.pk, MoneyPolicy(plan_months=(3, 6), plan_least=10_00))
    offer = offers(ana.mine, TODAY)
    assert [(one.months, [part.amount for part in one.instalments]) for one in offer] == [(3, [11_67, 11_67, 11_66])]
    with pytest.raises(NotDone):
        agree_to_plan(ana.mine, 6, new_key(), on=TODAY, at=AT)
    key = new_key()
    made = agree_to_plan(ana.mine, 3, key, on=TODAY, at=AT)
    assert agree_to_plan(ana.mine, 3, key, on=TODAY, at=AT) in (made, [])
    assert system.scope.rows(PaymentPlan).count() == 1
    assert ana.mine.plans(TODAY)[0].owed == 35_00
    assert ana.mine.owing(TODAY, {}).now == 0  # the plan says when; nothing is asked for beside it


def test_a_plan_that_was_not_kept_is_no_plan_any_more_and_the_next_one_is_the_offices(ana, system, practice):
    keep_policy(practice.pk, MoneyPolicy(plan_months=(3,), plan_least=10_00))
    agree_to_plan(ana.mine, 3, new_key(), on=TODAY, at=AT)
    later = TODAY + timedelta(days=150)
    review_plans(system, later, at=AT)
    assert ana.mine.plans(later) == []
    assert ana.mine.owing(later, {}).now == 35_00
    assert offers(ana.mine, later) == []


def test_a_question_is_a_task_of_the_office_and_a_dispute_pauses_what_it_is_about(ana, system):
    key = new_key()
    number = ask(ana.mine, "This is not mine.", key, line=ana.keys["line"], wrong=True, on=TODAY, at=AT)
    assert ask(ana.mine, "This is not mine.", key, line=ana.keys["line"], wrong=True, on=TODAY, at=AT) == number
    assert len(threads(system.scope)) == 2
    owed = ana.mine.owing(TODAY, {})
    assert owed.paused == 15_00  # the oldest line, less the five dollars
    assert owed.now == 20_00
    refresh(system, TODAY, at=AT)
    kinds = {task.kind: task for task in tasks(system.scope)}
    assert {"question to answer", "dispute to answer"} <= kinds.keys()
    assert kinds["dispute to answer"].patient == ana.patient


def test_an_address_and_the_way_of_bills_are_changed_by_the_patient(ana):
    place = PostalAddress(lines=("9 Elm St",), city="Springfield", state="IL", postal_code="62701")
    move(ana.mine, address=place, phone="2175550100", email="ana@example.org", on=TODAY, at=AT)
    card = ana.mine.card()
    assert (card.address.lines, card.phone, card.email) == (("9 Elm St",), "2175550100", "ana@example.org")
    hear_by(ana.mine, Channel.PORTAL, on=TODAY, at=AT)
    assert ana.mine.route(TODAY).channel == "portal"
    hear_by(ana.mine, Channel.EMAIL, address="ana@example.org", on=TODAY, at=AT)
    assert ana.mine.route(TODAY).channel == "email"
    hear_by(ana.mine, Channel.LETTER, on=TODAY, at=AT)
    assert ana.mine.route(TODAY).channel == "letter"


def test_mail_that_came_back_stops_no_bill_on_the_page_and_ends_when_they_say_where_they_live(ana, system):
    hold(system, HoldKind.RETURNED_MAIL, since=TODAY, reason="moved", guarantor=ana.guarantor, at=AT)
    assert (ana.mine.owing(TODAY, {}).now, ana.mine.owing(TODAY, {}).paused) == (35_00, 0)
    assert "Our mail to you came back" in ana.browser().get("/my/").content.decode()
    place = PostalAddress(lines=("9 Elm St",), city="Springfield", state="IL", postal_code="62701")
    move(ana.mine, address=place, phone="", email="", on=TODAY, at=AT)
    assert not ana.mine.mail_came_back(TODAY)


def test_a_practice_without_a_processor_offers_no_payment_by_card(ana, settings_off):
    page = ana.browser().get("/my/").content.decode()
    assert "/my/pay" not in page
    assert (
        ana.browser().post("/my/pay/card", {"token": "approve", "key": "k", "amount": "100"})["Location"] == "/my/pay"
    )


@pytest.fixture
def settings_off(ana):
    from django.conf import settings

    with settings_kept():
        settings.SUPERBILL_CARDS, settings.SUPERBILL_PARTNER = "none", None
        yield


def test_a_practice_that_the_server_has_no_facts_of_still_shows_what_is_owed(ana):
    from django.conf import settings

    with settings_kept():
        settings.SUPERBILL_SITE = None
        assert "$35.00" in ana.browser().get("/my/").content.decode()
    assert Client(headers={"host": "localhost"}).get("/my/start").status_code == 200


# --- the words -----------------------------------------------------------------------------------------------------


def sentences():
    """Every text of the patients' pages, by file: what templates and forms say."""
    found = {}
    for file in sorted(TEMPLATES.glob("*.html")):
        if file.name == "access.html":  # the office's own page
            continue
        text = file.read_text("utf-8")
        said = re.findall(r"""{%\s*translate\s+(?:"([^"]+)"|'([^']+)')""", text)
        blocks = re.findall(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate", text, re.DOTALL)
        found[file.name] = [one or two for one, two in said] + [re.sub(r"{{.*?}}", "10", block) for block in blocks]
    for name in ("coming_in", "money", "asking", "me"):
        code = (TEMPLATES.parents[2] / "portal" / f"{name}.py").read_text("utf-8")
        found[name] = re.findall(r"""_?(?:gettext_lazy|_)\(\s*"([^"]+)"\s*\)""", code)
    return {name: [text.strip() for text in texts if text.strip()] for name, texts in found.items()}


def syllables(word):
    groups = re.findall(r"[aeiouy]+", word.lower())
    silent = word.lower().endswith("e") and not word.lower().endswith("le") and len(groups) > 1
    return max(len(groups) - silent, 1)


def grade(text):
    """Flesch and Kincaid's school grade: 0.39 words in a sentence + 11.8 syllables in a word - 15.59."""
    words = re.findall(r"[A-Za-z’']+", text)
    ends = max(len(re.findall(r"[.!?]+(?:\s|$)", text)), 1)
    return 0.39 * len(words) / ends + 11.8 * sum(map(syllables, words)) / len(words) - 15.59


def test_the_grade_is_what_flesch_and_kincaid_say():
    assert grade("The cat sat on the mat.") < 1
    assert grade("Reimbursement adjudication necessitates comprehensive documentation.") > 20


def test_all_words_of_the_patients_pages_are_for_grade_6_or_below():
    pages = sentences()
    assert sum(map(len, pages.values())) > 100
    everything = " ".join(text if text[-1] in ".!?:" else f"{text}." for texts in pages.values() for text in texts)
    assert grade(everything) <= 6
    long = {text: round(grade(text), 1) for texts in pages.values() for text in texts if len(text.split()) > 5}
    assert {text: found for text, found in long.items() if found > 6} == {}


def test_no_page_says_a_word_of_the_trade():
    trade = re.compile(r"\b(adjudicat|remit|coinsurance|deductible|guarantor|allowed amount|EOB|ledger)", re.IGNORECASE)
    assert [text for texts in sentences().values() for text in texts if trade.search(text)] == []
