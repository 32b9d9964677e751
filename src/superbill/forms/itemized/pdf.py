"""Renders itemized bills."""

from typing import Any

from superbill.forms.itemized.model import ItemizedBill, ItemizedLine, ItemizedVisit
from superbill.forms.statement.view import day, money
from superbill.forms.typeset import typeset

_COLUMNS = ("charge", "insurance_paid", "adjustment", "patient_paid", "with_insurance", "owed")
# 45 CFR 149.610 and 149.620: an estimate for who has no plan or does not use it; a dispute of a bill that is at least
# $400 above it, within 120 days of the first bill.
NO_SURPRISES = (
    "If you have no insurance, or do not use it, you have the right to an estimate of the cost before you get care. "
    "If a bill is at least $400 more than that estimate, you can dispute it. You must start within 120 days of the "
    "first bill. If you have insurance, the law also protects you from some bills for emergency care and for care "
    "by doctors outside your plan at a hospital in your plan. To learn more or to complain, see "
    "www.cms.gov/nosurprises or call 1-800-985-3059."
)


def render(data: ItemizedBill) -> bytes:
    """The PDF of one itemized bill. Raises ValueError for one without a visit."""
    if not data.visits:
        raise ValueError("an itemized bill without a visit")
    return typeset(__package__, "itemized.typ", view(data), data.on)


def view(data: ItemizedBill) -> dict[str, Any]:
    """JSON for `itemized.typ`: every amount and date is text already."""
    return {
        "practice": data.practice,
        "guarantor": data.guarantor,
        "patient": data.patient,
        "born": day(data.born) if data.born else "",
        "on": day(data.on),
        "npi": data.npi,
        "tin": f"{data.tin[:2]}-{data.tin[2:]}" if len(data.tin) == 9 else data.tin,
        "visits": [_visit(visit) for visit in data.visits],
        "totals": [money(sum(getattr(line, name) for v in data.visits for line in v.lines)) for name in _COLUMNS],
        "assistance": data.assistance and [data.assistance.title, " ".join(data.assistance.text)],
        "no_surprises": NO_SURPRISES,
    }


def _visit(visit: ItemizedVisit) -> dict[str, Any]:
    where = ", ".join(part for part in (visit.provider, visit.place) if part)
    return {
        "title": day(visit.on),
        "where": where,
        "account": visit.account,
        "lines": [_line(line) for line in visit.lines],
        "totals": [money(sum(getattr(line, name) for line in visit.lines)) for name in _COLUMNS],
    }


def _line(line: ItemizedLine) -> dict[str, Any]:
    return {
        "on": f"{line.on.month}/{line.on.day}/{line.on.year}",
        "code": "-".join((line.code, *line.modifiers)),
        "label": line.label,
        "diagnoses": ", ".join(line.diagnoses),
        "units": line.units,
        "cells": [money(getattr(line, name)) for name in _COLUMNS],
    }
