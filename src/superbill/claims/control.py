"""Claim control numbers: account, responsibility letter, version ("A1007P1"); the claim's name at every payer.

A payer returns CLM01 in every answer, so the number alone must tell account, payer's place and version. CLM01 holds
at most 20 characters that all receivers return unchanged (837P TR3, CLM01: HIPAA limit 20).
"""

import re
from typing import get_args

from msgspec import Struct

from superbill.claims.model import Responsibility

MAX_CONTROL_NUMBER = 20
MAX_ACCOUNT = 15
RESPONSIBILITIES: tuple[Responsibility, ...] = get_args(Responsibility)
_ACCOUNT = re.compile(rf"[A-Z0-9]{{1,{MAX_ACCOUNT}}}")
_CONTROL = re.compile(rf"([A-Z0-9]{{1,{MAX_ACCOUNT}}})([PSTABCDEFGH])([1-9]\d?)([B-Z]?)")
_PARTS = " BCDEFGHIJKLMNOPQRSTUVWXYZ"


class ControlNumber(Struct, frozen=True):
    """What a claim control number says. `part` counts from 1 when a visit needed several claims."""

    account: str
    responsibility: Responsibility
    version: int = 1
    part: int = 1

    def __str__(self) -> str:
        return f"{self.account}{self.responsibility}{self.version}{_PARTS[self.part - 1].strip()}"


def is_account(text: str) -> bool:
    """Capital letters and digits, 1 to 15 of them: what may stand at the head of a control number."""
    return bool(_ACCOUNT.fullmatch(text))


def control_number(account: str, responsibility: Responsibility, version: int = 1, part: int = 1) -> str:
    """The control number of a claim. Raises ValueError for an account, version (1–99) or part (1–26) that can't be."""
    if not is_account(account):
        raise ValueError(f"an account is 1 to {MAX_ACCOUNT} capital letters and digits: {account!r}")
    if responsibility not in RESPONSIBILITIES or not 1 <= version <= 99 or not 1 <= part <= len(_PARTS):
        raise ValueError(f"no control number for {responsibility!r}, version {version}, part {part}")
    return str(ControlNumber(account, responsibility, version, part))


def read_control_number(text: str) -> ControlNumber | None:
    """The parts of a control number; None for one that we did not make."""
    found = _CONTROL.fullmatch(text)
    if not found:
        return None
    account, letter, version, part = found.groups()
    responsibility = RESPONSIBILITIES[RESPONSIBILITIES.index(letter)]
    return ControlNumber(account, responsibility, int(version), _PARTS.index(part) + 1 if part else 1)
