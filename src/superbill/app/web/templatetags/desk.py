"""How values look on a page: money, dates, names, states. Loaded into every template."""

import json
from datetime import date, datetime

from django import template
from django.urls import reverse

from superbill.app.web import words
from superbill.app.web.assets import address
from superbill.app.web.charts import Chart
from superbill.findings import Finding
from superbill.money import Cents
from superbill.money import dollars as in_dollars

register = template.Library()


@register.filter
def cents(amount: Cents | None) -> str:
    """Money in a table: two decimals, negative in parentheses, zero a dash."""
    if not amount:
        return "–"
    return in_dollars(amount).replace("$", "")


@register.filter
def dollars(amount: Cents) -> str:
    """Money by itself: with its sign, zero as $0.00."""
    return in_dollars(amount)


@register.filter
def day(value: date | datetime | None) -> str:
    """21 Nov 2026."""
    return f"{value.day} {value:%b %Y}" if value else ""


@register.filter
def ago(value: date | datetime, today: date) -> str:
    """Age in days: 34 d; of this day, "today"; of a day ahead, "in 3 d"."""
    on = value.date() if isinstance(value, datetime) else value
    days = (today - on).days
    return f"{days:,} d" if days > 0 else f"in {-days:,} d" if days else "today"


@register.filter
def person(family: str, given: str) -> str:
    """LAST, First."""
    return f"{family.upper()}, {given}" if given else family.upper()


@register.filter
def count(value: int) -> str:
    """1,234; zero is a dash."""
    return f"{value:,}" if value else "–"


@register.filter
def whole(value: int) -> str:
    """1,234, zero as 0: a count in a sentence."""
    return f"{value:,}"


@register.filter
def percent(value: float | None) -> str:
    """97.3 %."""
    return "–" if value is None else f"{100 * value:.1f} %"


@register.filter
def label(names: dict[str, str], key: str) -> str:
    """The name behind a key; the key itself where there is none."""
    return names.get(key, key)


@register.filter(name="json")
def as_json(value: object) -> str:
    """JSON for a data- attribute, where a script of ours reads it."""
    return json.dumps(value, default=dict)


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file; it changes with the file."""
    return address(name)


@register.inclusion_tag("web/parts/state.html")
def state(kind: str, value: str) -> dict[str, object]:
    """A state as shape and word."""
    return {"word": words.state(kind, value)}


@register.simple_tag
def next_step(kind: str, value: str) -> str:
    """What happens next by itself, or who has to do what."""
    return str(words.state(kind, value).next)


@register.inclusion_tag("web/parts/findings.html")
def findings(found: tuple[Finding, ...]) -> dict[str, object]:
    """Findings, the gravest first, with place, message, fix and source."""
    order = list(words.SEVERITIES)
    ordered = sorted(found, key=lambda finding: order.index(finding.severity.value))
    return {"rows": [(words.SEVERITIES[finding.severity.value], finding) for finding in ordered]}


@register.inclusion_tag("web/parts/pager.html")
def pager(page: object, query: str = "") -> dict[str, object]:
    """Where in the list one is, and the way on. `query` are the filters, to be kept."""
    return {"page": page, "query": query}


@register.inclusion_tag("web/parts/bar.html")
def bar(part: int, whole: int) -> dict[str, object]:
    """A bar from zero, in thousandths of its track."""
    return {"length": max(0, min(1000, 1000 * part // whole)) if whole else 0}


@register.simple_tag(takes_context=True)
def to(context: dict[str, object], route: str, *args: object) -> str:
    """The address of a page of the practice at hand."""
    at = context["desk"]
    return reverse(route, args=(at.practice.key, *args))  # type: ignore[attr-defined]  # the Desk


@register.filter
def credit(amount: Cents) -> str:
    """A credit in its own column, where it needs no parentheses."""
    return cents(-amount)


@register.filter
def icd(code: str) -> str:
    """E11.22 of E1122: a diagnosis code with its dot."""
    return f"{code[:3]}.{code[3:]}" if len(code) > 3 else code


@register.filter
def of(labels: dict[str, str], code: str) -> str:
    """The label of a code; "" where there is none."""
    return labels.get(code, "")


@register.filter
def account(name: str) -> str:
    """A ledger account in plain letters: write off."""
    return str(name).replace("_", " ")


@register.filter
def phone(digits: str) -> str:
    """(715) 555-0101; what has no ten digits stays as it is."""
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


@register.inclusion_tag("web/parts/chart.html")
def chart(drawn: Chart) -> dict[str, object]:
    """A chart of `charts.py` as SVG."""
    return {"chart": drawn}
