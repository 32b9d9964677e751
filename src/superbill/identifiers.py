"""Identifiers of the field: their shapes and check digits. Each `is_*` answers whether a string may be one."""

import re

_TIN = re.compile(r"\d{9}")
_CLIA = re.compile(r"\d{2}D\d{7}")
_TAXONOMY = re.compile(r"[0-9A-Z]{3}[0-9A-Z]{5}[0-9A-Z]X")
# CPT categories I to III, proprietary laboratory (U), multianalyte (M) and immunization administration (A) codes;
# HCPCS Level II by its letters in use, D left to the dental claim.
_PROCEDURE = re.compile(r"\d{4}[0-9AFMTU]|[A-CEGHJ-MP-V]\d{4}")
_ZIP = re.compile(r"\d{5}(\d{4})?")
# IRS publishes which two-digit prefixes of an employer identification number it has assigned.
_EIN_PREFIXES_UNUSED = frozenset(
    ["00", "07", "08", "09", "17", "18", "19", "28", "29", "49", "69", "70", "78", "79", "89", "96", "97"]
)


def luhn_check_digit(digits: str) -> int:
    """The digit that makes `digits` + it pass the Luhn test (ISO/IEC 7812-1 annex B)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 == 0 else 1)
        total += value - 9 if value > 9 else value
    return -total % 10


def is_npi(text: str) -> bool:
    """A National Provider Identifier: ten digits, first 1 or 2, Luhn over 80840 + NPI.

    45 CFR 162.406; CMS, Requirements for National Provider Identifier (NPI) Check Digit.
    """
    return (
        len(text) == 10
        and text.isascii()
        and text.isdigit()
        and text[0] in "12"
        and luhn_check_digit("80840" + text[:9]) == int(text[9])
    )


def npi(nine_digits: str) -> str:
    """The NPI that begins with these nine digits. Raises ValueError when they can't begin one."""
    if len(nine_digits) != 9 or not nine_digits.isdigit() or nine_digits[0] not in "12":
        raise ValueError(f"an NPI begins with nine digits, the first 1 or 2: {nine_digits!r}")
    return nine_digits + str(luhn_check_digit("80840" + nine_digits))


def is_tin(text: str) -> bool:
    """A taxpayer identification number as claims carry it: nine digits, no hyphen, not all zero."""
    return bool(_TIN.fullmatch(text)) and text != "000000000"


def is_ein(text: str) -> bool:
    """A TIN whose prefix the IRS has assigned to employers."""
    return is_tin(text) and text[:2] not in _EIN_PREFIXES_UNUSED


def is_ssn(text: str) -> bool:
    """A social security number as the SSA issues them: area not 000, 666 or 9xx; no part all zero."""
    return (
        bool(_TIN.fullmatch(text))
        and text[:3] not in {"000", "666"}
        and text[0] != "9"
        and text[3:5] != "00"
        and text[5:] != "0000"
    )


def is_clia(text: str) -> bool:
    """A CLIA laboratory number: two digits, D, seven digits (42 CFR 493; CMS-1500 box 23)."""
    return bool(_CLIA.fullmatch(text))


def is_taxonomy(text: str) -> bool:
    """The shape of a NUCC provider taxonomy code: ten characters that end in X."""
    return bool(_TAXONOMY.fullmatch(text))


def is_procedure_code(text: str) -> bool:
    """The shape of a CPT or HCPCS Level II code: five characters (45 CFR 162.1002(a)(5) and (c)(1))."""
    return bool(_PROCEDURE.fullmatch(text))


def is_zip(text: str) -> bool:
    """A US ZIP code of five or nine digits, without the hyphen, as X12 N403 carries it."""
    return bool(_ZIP.fullmatch(text))
