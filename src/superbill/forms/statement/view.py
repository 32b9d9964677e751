"""StatementData as the template wants it: every amount, date and sentence is text already. No rule of layout here."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import segno

from superbill.forms.statement.model import StatementData, StatementLine, Visit
from superbill.money import Cents, dollars

_COLUMNS = ("charge", "insurance_paid", "adjustment", "patient_paid", "with_insurance", "owed")


def view(data: StatementData) -> dict[str, Any]:
    """JSON for `statement.typ`."""
    credit = data.amount_due < 0
    return {
        "practice": data.practice,
        "guarantor": data.guarantor,
        "number": data.number,
        "account": data.account,
        "on": day(data.on),
        "due": day(data.due),
        "credit": credit,
        "amount": dollars(abs(data.amount_due)),
        "sums": _sums(data),
        "account_rows": _account_rows(data),
        "aging": [[label, money(amount)] for label, amount in data.aging],
        "aging_total": money(data.owed),
        "visits": [_visit(visit) for visit in data.visits],
        "totals": _totals(data.lines),
        "patients": _patients(data),
        "messages": data.messages,
        "notice": data.notice and [data.notice.title, data.notice.text],
        "assistance": data.assistance and [data.assistance.title, " ".join(data.assistance.text)],
        "reference": "" if credit else reference(data),
        "qr": None if credit else qr(pay_address(data) if data.practice.pay_site else reference(data)),
        "pays_online": bool(data.practice.pay_site),
        "site": data.practice.pay_site.removeprefix("https://").removeprefix("http://").rstrip("/"),
    }


def money(amount: Cents) -> str:
    """Table money: a dash for zero, parentheses for negative."""
    return dollars(amount) if amount else "–"


def day(on: date) -> str:
    """A date as people here write it: November 8, 2026."""
    return f"{on:%B} {on.day}, {on.year}"


def pay_address(data: StatementData) -> str:
    """What the QR code holds: the payment page with statement number and amount. Nothing about the patient."""
    amount = f"{data.amount_due // 100}.{data.amount_due % 100:02d}"
    query = urlencode({"statement": data.number, "amount": amount})
    return f"{data.practice.pay_site}{'&' if '?' in data.practice.pay_site else '?'}{query}"


def reference(data: StatementData) -> str:
    """The line that a lockbox reads: statement number, amount in cents, check digit. Nothing about the patient.

    The check digit makes all digits before it pass the Luhn formula (ISO/IEC 7812-1 annex B).
    """
    number = "".join(c for c in data.number if c.isdigit())[-9:].rjust(9, "0")
    amount = f"{data.amount_due:09d}"
    return f"{number} {amount} {check_digit(number + amount)}"


def check_digit(digits: str) -> int:
    """The Luhn check digit of `digits`."""
    doubled = (int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits)))
    return -sum(value // 10 + value % 10 for value in doubled) % 10


def qr(text: str) -> str:
    """A QR code as SVG, error correction M, the quiet zone of four modules included."""
    code = segno.make(text, error="m", micro=False)
    svg: str = code.svg_inline(border=4, omitsize=True)
    return svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1) if "xmlns" not in svg else svg


def _sums(data: StatementData) -> list[list[str]]:
    """From charges to what is owed, row by row; rows that are zero are left out, the first and last never."""
    rows: list[tuple[str, Cents]] = [
        ("Our charges for these visits", data.total(lambda line: line.charge)),
        ("Insurance paid", -data.total(lambda line: line.insurance_paid)),
        ("Taken off the price (discounts)", -data.total(lambda line: line.adjustment)),
        ("You paid for these visits", -data.total(lambda line: line.patient_paid)),
        ("Still with insurance, not yours to pay now", -data.total(lambda line: line.with_insurance)),
        ("Not to be paid now (see below)", -data.on_hold),
        ("Your money on account, not yet used", -data.unapplied),
    ]
    kept = [
        [label, minus(amount) if place else dollars(amount)]
        for place, (label, amount) in enumerate(rows)
        if amount or not place
    ]
    return [*kept, ["Your credit" if data.amount_due < 0 else "You owe", dollars(abs(data.amount_due))]]


def _account_rows(data: StatementData) -> list[list[str]]:
    """From the last statement to this one."""
    return [
        ["Balance on your last statement", money(data.previous_balance)],
        ["Payments we got from you since", minus(-data.payments_received) if data.payments_received else "–"],
        ["New on this statement", minus(data.new_balance) if data.new_balance < 0 else money(data.new_balance)],
        ["Your credit" if data.amount_due < 0 else "You owe now", dollars(abs(data.amount_due))],
    ]


def minus(amount: Cents) -> str:
    """Money in a sum that people follow by hand: a minus sign before what is taken off."""
    return f"−{dollars(-amount)}" if amount < 0 else dollars(amount)


def _visit(visit: Visit) -> dict[str, Any]:
    where = ", ".join(part for part in (visit.provider, visit.place) if part)
    return {
        "title": day(visit.on),
        "where": where,
        "patient": visit.patient,
        "lines": [_line(line) for line in visit.lines],
        "owed": money(sum(line.owed for line in visit.lines)),
        "several": len(visit.lines) > 1,
    }


def _line(line: StatementLine) -> dict[str, Any]:
    """`answers` are the questions that a reader would ask on the phone, each with its reasons."""
    answers = [
        [question, " ".join(f"{dollars(why.amount)}: {why.text}" for why in line.why if why.owed is owed)]
        for question, owed in (("Why do I owe this?", True), ("Why did insurance not pay?", False))
    ]
    return {
        "label": line.label,
        "cells": [money(getattr(line, column)) for column in _COLUMNS],
        "story": " ".join(line.story),
        "answers": [[question, answer] for question, answer in answers if answer],
        "since": day(line.owed_since) if line.owed_since and line.owed > 0 else "",
        "hold": line.hold if line.owed else "",
        "past_due": dollars(line.past_due) if line.past_due > 0 and not line.hold else "",
    }


def _totals(lines: Iterable[StatementLine]) -> list[str]:
    every = list(lines)
    return [money(sum(getattr(line, column) for line in every)) for column in _COLUMNS]


def _patients(data: StatementData) -> list[list[Any]]:
    """Each patient's part, in the order of their first visit."""
    names = dict.fromkeys(visit.patient for visit in data.visits)
    return [[name, _totals(line for v in data.visits if v.patient == name for line in v.lines)] for name in names]
