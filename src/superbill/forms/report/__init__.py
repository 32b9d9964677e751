"""One self-contained page on a run: what became of visits, claims and money. No script, nothing loaded from outside."""

from superbill.forms.report.model import (
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
)
from superbill.forms.report.page import render

__all__ = [
    "AgingRow",
    "Denial",
    "Fate",
    "Figure",
    "FileLink",
    "PayerRow",
    "ReportData",
    "RuleCount",
    "Stage",
    "Step",
    "Waterfall",
    "render",
]
