"""The report page of a run in a real browser: readable for everyone, nothing loaded, nothing blocked."""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from tests.browser_support import BROWSER, serious, sideways

from superbill.findings import Severity
from superbill.forms import report

pytestmark = BROWSER


def page_of() -> str:
    return report.render(
        report.ReportData(
            title="From chart to cash",
            practice="Lakeland Family Medicine",
            as_of=date(2026, 11, 15),
            entries=12,
            unbalanced=0,
            figures=(report.Figure("visits", "10", "all of them"),),
            funnel=(report.Stage("Visits", 10), report.Stage("Coded", 9, "1 held")),
            waterfall=report.Waterfall(charges=1000_00, less=(report.Step("Contract", 400_00),), cash=600_00),
            aging=(report.AgingRow("Blue Peak", (1_00, 2_00, 0, 0, 5_00)),),
            fates=(report.Fate("Held", 1, "coding.no-diagnosis"),),
            findings=(report.RuleCount("drug.ndc-missing", Severity.ERROR, 2, "No NDC.", "Add it."),),
            denials=(report.Denial("CO", "50", 1, 12_00),),
            payers=(report.PayerRow(name="Blue Peak", claims=3, charged=9_00, paid=4_00, days=Decimal("14.5")),),
            files=(report.FileLink("837 (3)", "837/", "claims"),),
        )
    )


@pytest.mark.parametrize("width, scheme", [(1280, "light"), (1280, "dark"), (390, "light"), (390, "dark")])
def test_the_report_has_no_serious_accessibility_fault(tmp_path: Path, chromium: Any, width: int, scheme: str) -> None:
    file = tmp_path / "report.html"
    file.write_text(page_of(), "utf-8")
    loaded: list[str] = []
    page = chromium.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(file.as_uri())
    assert serious(page) == []
    assert loaded == [file.as_uri()]
    assert sideways(page) == 0
    page.close()
