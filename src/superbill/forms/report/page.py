"""The report as one HTML page. Its own content policy allows its one style sheet, by hash, and nothing else."""

import base64
import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from superbill.codesets.carc.lookup import reason as carc
from superbill.findings import Severity
from superbill.forms.report.charts import Bar, Segment, bar_chart
from superbill.forms.report.markup import Html, el, join, money, table
from superbill.forms.report.model import AGES, Denial, ReportData, RuleCount, Step
from superbill.money import Cents, dollars

_GROUPS = {"CO": "contract", "PR": "patient's share", "OA": "other", "PI": "payer's own decision"}
_SEVERITIES = {
    Severity.ERROR: "■ holds the claim",
    Severity.WARNING: "▲ look at it",
    Severity.INFORMATION: "○ for information",
    Severity.NOT_CHECKED: "– could not check",
}


def render(data: ReportData) -> str:
    """The whole page. The same data gives the same text."""
    sections = list(_sections(data))
    head = el(
        "head",
        el("meta", charset="utf-8"),
        el("meta", http_equiv="Content-Security-Policy", content=_policy()),
        el("meta", name="viewport", content="width=device-width, initial-scale=1"),
        el("meta", name="referrer", content="no-referrer"),
        el("title", f"{data.title} · {data.practice}"),
        el("style", Html(_style())),
    )
    body = el(
        "body",
        el("a", "Skip to the report", href="#report", class_="skip"),
        _header(data, [(key, title) for key, title, _ in sections]),
        el("main", _summary(data), (body for _, _, body in sections), id="report"),
        el("footer", f"{data.practice} · as of {_day(data)} · {data.proof}"),
    )
    return f"<!DOCTYPE html>\n{el('html', head, body, lang='en')}\n"


@cache
def _style() -> str:
    return files(__package__).joinpath("style.css").read_text(encoding="utf-8")


def _policy() -> str:
    digest = base64.b64encode(hashlib.sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


def _day(data: ReportData) -> str:
    return f"{data.as_of.day} {data.as_of:%b %Y}"


def _header(data: ReportData, contents: list[tuple[str, str]]) -> Html:
    links = (el("li", el("a", title, href=f"#{key}")) for key, title in contents)
    return el(
        "header",
        el("h1", data.title),
        el("p", f"{data.practice} · as of {_day(data)}"),
        el("nav", el("ul", links), aria_label="Contents"),
    )


def _summary(data: ReportData) -> Html:
    mark = "✗" if data.unbalanced else "✓"
    proof = el(
        "p",
        el("span", mark, aria_hidden="true"),
        el("span", data.proof),
        class_="proof broken" if data.unbalanced else "proof",
    )
    figures = [
        el("div", el("dt", one.label), el("dd", one.value), el("dd", one.note, class_="note") if one.note else "")
        for one in data.figures
    ]
    return join([proof, el("dl", figures, class_="figures") if figures else "", (el("p", note) for note in data.notes)])


def _sections(data: ReportData) -> Iterator[tuple[str, str, Html]]:
    """(id, title, section) of all that has content, in reading order."""
    if data.funnel:
        yield _section("funnel", "From visit to payment", "How many reached each stage.", _funnel(data))
    yield _section("money", "From charge to cash", "What became of every dollar charged.", _waterfall(data))
    if data.aging:
        words = "What payers and patients still owe. Shades run from new to old, as in the heads of the table."
        yield _section("aging", "Who still owes", words, _aging(data))
    if data.payers:
        yield _section("payers", "Payers", "Days are from sending a claim to its payment, on average.", _payers(data))
    if data.denials:
        yield _section("denials", "Denials by reason", "Denied money stays the payer's balance.", _denials(data))
    if data.fates:
        yield _section("fates", "What became of each visit", "And why some cannot be billed.", _fates(data))
    if data.findings:
        yield _section("findings", "Findings by rule", "What the checks found before sending.", _findings(data))
    if data.files:
        yield _section("files", "Files of this run", "Beside this report.", _files(data))


def _section(key: str, title: str, words: str, body: Html) -> tuple[str, str, Html]:
    heading = el("h2", title, id=f"{key}-heading")
    return key, title, el("section", heading, el("p", words), body, id=key, aria_labelledby=f"{key}-heading")


def _pair(chart: Html, beside: Html, kind: str = "pair") -> Html:
    """A chart with its table beside it; "pair roomy" gives a wide table more of the page."""
    return el("div", el("div", chart), beside, class_=kind)


def _funnel(data: ReportData) -> Html:
    bars = [Bar(stage.label, f"{stage.count:,}", (Segment(0, stage.count, "plain"),)) for stage in data.funnel]
    said = ", ".join(f"{stage.label} {stage.count:,}" for stage in data.funnel)
    rows = []
    before = None
    for stage in data.funnel:
        share = f"{100 * stage.count / before:.1f} %" if before else "–"
        rows.append([_with_note(stage.label, stage.note), f"{stage.count:,}", share])
        before = stage.count
    return _pair(
        bar_chart("funnel-chart", "From visit to payment", said, bars),
        table("Stages", ["Stage", "Count", "Of the stage before"], rows),
    )


def _with_note(label: str, note: str) -> Html:
    return join([label, el("span", note, class_="small")] if note else [label])


def _waterfall(data: ReportData) -> Html:
    way = data.waterfall
    bars = [Bar("Charges", dollars(way.charges), (Segment(0, way.charges, "start"),))]
    left = way.charges
    for step in way.less:
        kind = "less" if step.amount >= 0 else "back"
        bars.append(Bar(step.label, _less(step.amount), (Segment(left - step.amount, left, kind),)))
        left -= step.amount
    bars.append(Bar("Cash", dollars(way.cash), (Segment(0, way.cash, "end"),)))
    rows = [["Charges", money(way.charges), "100.0 %"]]
    rows += [
        [_with_note(step.label, step.note), _less(step.amount), _share(step.amount, way.charges)] for step in way.less
    ]
    said = (
        f"Charges {dollars(way.charges)}; "
        + "; ".join(_said(step) for step in way.less)
        + f"; cash {dollars(way.cash)}."
    )
    return _pair(
        bar_chart("money-chart", "From charge to cash", said, bars),
        table(
            "Charges less what did not become cash",
            ["Part", "Amount", "Of charges"],
            rows,
            foot=["Cash", dollars(way.cash), _share(way.cash, way.charges)],
        ),
    )


def _said(step: Step) -> str:
    return f"{'less' if step.amount >= 0 else 'plus'} {step.label} {dollars(abs(step.amount))}"


def _less(amount: Cents) -> str:
    if not amount:
        return "–"
    return f"−{dollars(amount)}" if amount > 0 else f"+{dollars(-amount)}"


def _share(part: Cents, whole: Cents) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _aging(data: ReportData) -> Html:
    bars = []
    for row in data.aging:
        pieces, left = [], 0
        for age, amount in enumerate(row.amounts):
            if amount > 0:  # a credit has no length; the table says it
                pieces.append(Segment(left, left + amount, f"age{age}"))
                left += amount
        bars.append(Bar(row.name, money(row.total), tuple(pieces)))
    said = "; ".join(f"{row.name} {dollars(row.total)}" for row in data.aging)
    heads: list[str | Html] = ["Owed by", *(join([_swatch(age), words]) for age, words in enumerate(AGES)), "Total"]
    rows = [[row.name, *(money(amount) for amount in row.amounts), money(row.total)] for row in data.aging]
    sums = [sum(row.amounts[age] for row in data.aging) for age in range(len(AGES))]
    return _pair(
        bar_chart("aging-chart", "What is still owed, by age", said, bars),
        table("Balances by age", heads, rows, foot=["Total", *(money(amount) for amount in sums), money(sum(sums))]),
        kind="pair roomy",
    )


def _swatch(age: int) -> Html:
    square = el("rect", x="1", y="1", width="9", height="9", class_=f"bar age{age}")
    return el("svg", square, width="11", height="11", aria_hidden="true", class_="swatch")


def _payers(data: ReportData) -> Html:
    rows = [
        [
            row.name,
            f"{row.claims:,}",
            money(row.charged),
            money(row.paid),
            f"{row.denied_claims:,}" if row.denied_claims else "–",
            money(row.denied),
            f"{row.days:.1f} d" if row.days is not None else "–",
        ]
        for row in data.payers
    ]
    heads = ["Payer", "Claims", "Charged", "Paid", "Claims denied", "Denied", "Days to pay"]
    foot = [
        "All",
        f"{sum(row.claims for row in data.payers):,}",
        money(sum(row.charged for row in data.payers)),
        money(sum(row.paid for row in data.payers)),
        f"{sum(row.denied_claims for row in data.payers):,}",
        money(sum(row.denied for row in data.payers)),
        "",
    ]
    return table("What each payer did", heads, rows, foot=foot)


def _denials(data: ReportData) -> Html:
    ordered = sorted(data.denials, key=lambda denial: (-denial.amount, denial.group, denial.code))
    rows = [[_reason(one), _meaning(one), f"{one.count:,}", money(one.amount)] for one in ordered]
    foot = ["All", "", f"{sum(one.count for one in ordered):,}", money(sum(one.amount for one in ordered))]
    bars = [
        Bar(f"{one.group}-{one.code} {_meaning(one)}", money(one.amount), (Segment(0, one.amount, "plain"),))
        for one in ordered[:8]
    ]
    said = "; ".join(f"{bar.label} {bar.value}" for bar in bars)
    return _pair(
        bar_chart("denials-chart", "Denied money by reason, the largest", said, [_short(bar) for bar in bars]),
        table("All reasons", ["Reason", "Meaning", "Lines", "Denied"], rows, text=2, foot=foot),
    )


def _short(bar: Bar, limit: int = 44) -> Bar:
    """A label that leaves room for its value on a phone; the table has it whole."""
    return bar if len(bar.label) <= limit else Bar(bar.label[: limit - 1].rstrip() + "…", bar.value, bar.segments)


def _reason(denial: Denial) -> Html:
    return _with_note_code(f"{denial.group}-{denial.code}", _GROUPS.get(denial.group, ""))


def _with_note_code(code: str, note: str) -> Html:
    return join([el("code", code), el("span", note, class_="small") if note else ""])


def _meaning(denial: Denial) -> str:
    found = carc(denial.code)
    return found.meaning if found else "A reason that is not on file"


def _fates(data: ReportData) -> Html:
    rows = [[fate.fate, fate.why, f"{fate.count:,}"] for fate in data.fates]
    foot = ["All visits", "", f"{sum(fate.count for fate in data.fates):,}"]
    return table("Visits by what became of them", ["Became", "Why", "Visits"], rows, text=2, foot=foot)


def _findings(data: ReportData) -> Html:
    order = list(Severity)
    ordered = sorted(data.findings, key=lambda one: (order.index(one.severity), -one.count, one.rule))
    rows = [
        [el("code", one.rule), _severity(one), _with_note(one.message, one.fix), f"{one.count:,}"] for one in ordered
    ]
    return table("Findings", ["Rule", "Weight", "What it says, and what to do", "Found"], rows, text=3)


def _severity(one: RuleCount) -> Html:
    return el("span", _SEVERITIES[one.severity], class_=one.severity.value.replace(" ", "-"))


def _files(data: ReportData) -> Html:
    rows = [[el("a", one.name, href=quote(one.href)), one.what] for one in data.files]
    return table("Files", ["File", "What it is"], rows, text=2)
