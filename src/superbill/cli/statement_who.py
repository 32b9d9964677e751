"""Whom a command about statements means: guarantors and statements as people name them."""

from collections.abc import Callable
from typing import Any

import click

from superbill.app.session import BadInput, Books


def guarantor_option(about: str) -> Callable[[Any], Any]:
    """`--guarantor`: the command gets the text, "" without it."""
    text = f"{about} Its number, or the chart id of the patient who pays for themself."
    option: Callable[[Any], Any] = click.option("--guarantor", default="", help=text)
    return option


def guarantor_row(books: Books, name: str) -> int:
    """The guarantor of this number ("12", "G000012"), or who the patient with this chart id is. Raises BadInput."""
    from superbill.app.guarantors.queries import guarantor_id

    digits = name.upper().removeprefix("G")
    found = guarantor_id(books.scope, name) or (guarantor_id(books.scope, digits) if digits.isdecimal() else None)
    if found is None:
        raise BadInput(f"{name}: no guarantor of this number or chart id. See superbill guarantor list.")
    return found


def statement_number(text: str) -> int:
    """The number of "S000001", or plain 12. Raises BadInput."""
    digits = text.upper().removeprefix("S")
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise BadInput(f"{text}: not a statement's number like S000001.")
    return int(digits)
