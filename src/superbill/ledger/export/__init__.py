"""The journal for a practice's general ledger: sums by account and day or month, as CSV, beancount or hledger text."""

from superbill.ledger.export.chart import DEFAULT_CHART, ChartError, GlAccount, GlChart, read_chart
from superbill.ledger.export.days import GlPeriod, gl_periods
from superbill.ledger.export.texts import FORMATS, as_beancount, as_csv, as_hledger

__all__ = [
    "DEFAULT_CHART",
    "FORMATS",
    "ChartError",
    "GlAccount",
    "GlChart",
    "GlPeriod",
    "as_beancount",
    "as_csv",
    "as_hledger",
    "gl_periods",
    "read_chart",
]
