"""The report: one page that needs nothing else, tells the ledger's numbers, and gives the same text each time."""

import base64
import hashlib
import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from superbill.codesets.carc.lookup import reason
from superbill.findings import Severity
from superbill.forms.report import (
    AgingRow,
    Denial,
    Fate,
    Figure,
    FileLink,
    PayerRow,
    ReportData,
    RuleCount,
    Stage,
    Step,
    Waterfall,
    render,
)

VOID = {"meta", "br", "rect", "line"}


class Page(HTMLParser):
    """Elements with their attributes, text, and a proof that every one is closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(html)
        self.close()
        assert not self.open

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        return [attributes for name, attributes in self.elements if name == tag]

    @property
    def text(self) -> str:
        return " ".join(self.texts)


def report(**changes) -> ReportData:
    data = ReportData(
        title="Chart to cash",
        practice="Lakeside Family Practice",
        as_of=date(2026, 11, 21),
        entries=1843,
        unbalanced=0,
        funnel=(Stage("Visits", 168), Stage("Coded", 161, "7 not billable"), Stage("Paid", 138)),
        waterfall=Waterfall(
            charges=3_841_000,
            less=(Step("Contractual discounts", 1_287_350), Step("Patients owe", 188_240), Step("Taken back", -5_000)),
            cash=2_370_410,
        ),
        aging=(AgingRow("Medicare", (120000, 45000, 8000, 0, -300)), AgingRow("Patients", (90000, 0, 0, 0, 5000))),
        figures=(Figure("Clean claims", "97.5 %", "first time right"),),
        fates=(Fate("Claim sent", 158), Fate("Not billable", 10, "Nurse call without a service")),
        findings=(
            RuleCount("claim.late", Severity.WARNING, 5, "Little time is left.", "Send today."),
            RuleCount("claim.member-id", Severity.ERROR, 2, "No member number.", "Ask for the card."),
        ),
        denials=(Denial("CO", "50", 3, 66000), Denial("CO", "97", 4, 71200), Denial("CO", "Q9", 1, 100)),
        payers=(
            PayerRow(name="Medicare", claims=52, charged=1211000, paid=644000, denied=66000, days=Decimal("14.25")),
            PayerRow(name="Harbor Mutual", claims=1, charged=5000, paid=0),
        ),
        files=(FileLink("batch 1.x12", "837/batch 1.x12", "Claims sent"),),
    )
    return msgspec.structs.replace(data, **changes)


def test_the_page_is_well_formed_and_loads_nothing():
    html = render(report())
    page = Page(html)
    assert not page.all("script") and not page.all("link") and not page.all("img") and not page.all("iframe")
    assert not re.search(r"https?://|url\(|@import", html)
    for _, attributes in page.elements:
        assert "style" not in attributes and not any(name.startswith("on") for name in attributes)
        assert not attributes.get("href", "#").startswith(("//", "javascript:", "/"))


def test_its_content_policy_allows_its_own_style_and_nothing_else():
    html = render(report())
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL).group(1)
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [meta["content"] for meta in Page(html).all("meta") if meta.get("http-equiv")]
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")


def test_the_same_data_gives_the_same_text():
    assert render(report()) == render(report())


def test_it_proves_the_ledger():
    page = Page(render(report()))
    assert "ledger balanced: 1,843 entries, 0 unbalanced" in page.text
    assert "proof broken" not in [element.get("class") for element in page.all("p")]


def test_an_unbalanced_ledger_is_shown_as_broken():
    page = Page(render(report(unbalanced=2)))
    assert "1,843 entries, 2 unbalanced" in page.text and "✗" in page.text
    assert "proof broken" in [element.get("class") for element in page.all("p")]


@pytest.mark.parametrize(
    "expected",
    [
        "$38,410.00", "−$12,873.50", "−$1,882.40", "+$50.00", "$23,704.10",  # the way from charge to cash
        "168", "138", "7 not billable", "97.5 %", "first time right",
        "$1,727.00", "($3.00)", "Over 120",  # aging
        "14.2 d", "Harbor Mutual", "CO-97", "$712.00", "Nurse call without a service", "claim.member-id", "Send today.",
    ],
)  # fmt: skip
def test_every_number_and_word_is_on_the_page(expected):
    assert expected in Page(render(report())).text


def test_denials_say_our_words_largest_first():
    text = Page(render(report())).text
    assert reason("97").meaning in text and "A reason that is not on file" in text
    table = text[text.index("All reasons") :]
    assert table.index("CO-97") < table.index("CO-50") < table.index("CO-Q9")


def test_findings_that_hold_claims_come_first_and_say_so_in_words():
    text = Page(render(report())).text
    assert text.index("claim.member-id") < text.index("claim.late")
    assert "holds the claim" in text


def test_every_table_has_a_caption_and_scoped_heads_and_every_chart_words():
    page = Page(render(report()))
    assert len(page.all("caption")) == len(page.all("table")) == 8
    assert all(head.get("scope") in ("col", "row") for head in page.all("th"))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    charts = [svg for svg in page.all("svg") if svg.get("class") == "chart"]
    assert len(charts) == 4
    for chart in charts:
        assert chart["role"] == "img" and set(chart["aria-labelledby"].split()) <= set(ids)
    assert len(page.all("main")) == len(page.all("h1")) == 1 and page.all("html")[0]["lang"] == "en"
    for link in page.all("a"):
        if link["href"].startswith("#"):
            assert link["href"][1:] in ids


def test_bars_stand_on_zero_and_follow_each_other():
    html = render(report())
    chart = html[html.index('aria-labelledby="money-chart') : html.index("Charges less what")]
    places = [
        tuple(float(part) for part in pair) for pair in re.findall(r'<rect x="([\d.]+)%" width="([\d.]+)%"', chart)
    ]
    charges, discounts, patients, back, cash = places
    assert charges == (0.0, 100.0) and cash[0] == 0.0
    assert discounts[0] + discounts[1] == pytest.approx(100, abs=0.03)
    assert patients[0] + patients[1] == pytest.approx(discounts[0], abs=0.03)
    assert back[0] == pytest.approx(patients[0], abs=0.03)
    assert cash[1] == pytest.approx(back[0] + back[1], abs=0.03)


def test_files_are_linked_relative_to_the_report():
    assert "837/batch%201.x12" in [link["href"] for link in Page(render(report())).all("a")]


def test_a_way_to_cash_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError, match=r"off by \$0\.01"):
        Waterfall(charges=100, less=(Step("Discount", 40),), cash=59)


def test_aging_needs_an_amount_for_each_age():
    with pytest.raises(ValueError, match="3 amounts for 5 ages"):
        AgingRow("Medicare", (1, 2, 3))


def test_a_run_in_which_nothing_happened_still_has_a_report():
    empty = report(
        funnel=(), aging=(), figures=(), fates=(), findings=(), denials=(), payers=(), files=(), entries=0,
        waterfall=Waterfall(charges=0, less=(), cash=0),
    )  # fmt: skip
    assert "ledger balanced: 0 entries, 0 unbalanced" in Page(render(empty)).text


@given(st.text(max_size=30))
def test_whatever_a_name_contains_is_only_text(name):
    data = report(title=name, practice=f"<b>{name}", aging=(AgingRow(f'"><script>{name}', (1, 0, 0, 0, 0)),))
    page = Page(render(data))
    assert not page.all("script") and not page.all("b")


@given(st.integers(0, 10**9), st.lists(st.integers(-(10**8), 10**8), max_size=6))
def test_any_way_to_cash_draws_within_the_chart(charges, steps):
    way = Waterfall(charges=charges, less=tuple(Step("s", step) for step in steps), cash=charges - sum(steps))
    html = render(report(waterfall=way, funnel=(), aging=(), denials=()))
    for x, width in re.findall(r'<rect x="([^"]+)%" width="([^"]+)%"', html):
        assert 0 <= float(x) <= 100 and float(width) >= 0 and float(x) + float(width) <= 100.02


def tokens() -> dict[str, dict[str, str]]:
    """The colours of the light and the dark page, read from the page itself."""
    html = render(report())
    light, dark = re.findall(r":root\{([^}]*--bg[^}]*)\}", html)[:2]
    return {
        name: dict(re.findall(r"--([a-z0-9]+):(#[0-9a-f]+)", text)) for name, text in (("light", light), ("dark", dark))
    }


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio of two #rgb or #rrggbb colours."""

    def luminance(colour: str) -> float:
        digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
        parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
        r, g, b = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_colours_keep_the_contrast_of_wcag_aa(mode):
    colours = tokens()[mode]
    for text in ("ink", "quiet", "action", "trouble"):
        assert contrast(colours[text], colours["bg"]) >= 4.5, text
        assert contrast(colours[text], colours["panel"]) >= 4.5, text
    for shape in ("bar", "start", "less", "end", "edge"):
        assert contrast(colours[shape], colours["bg"]) >= 3, shape
