"""The letter's sentences and figures, ready to be set."""

import tomllib
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from superbill.forms.letter.model import AppealLetter
from superbill.money import dollars


def view(letter: AppealLetter) -> dict[str, Any]:
    """What letter.typ sets: text and amounts only."""
    argument = _arguments().get(letter.category) or _arguments()["other"]
    return {
        "on": _day(letter.on),
        "practice": _party(letter.practice),
        "payer": _party(letter.payer),
        "subject": f"Appeal ({letter.level}): claim {letter.claim_number}",
        "references": _references(letter),
        "opening": _opening(letter),
        "in_time": _in_time(letter),
        "lines": [
            [_day(line.service), line.code, line.reason, dollars(line.charge), dollars(line.refused)]
            for line in letter.lines
        ],
        "total": dollars(letter.refused) if len(letter.lines) > 1 else "",
        "reasons": [[code, words] for code, words in letter.reasons],
        "point": _point(letter, argument["point"]),
        "facts": list(letter.facts),
        "quotes": [[quote.text, quote.supports] for quote in letter.quotes],
        "own_words": list(letter.own_words),
        "diagnoses": ", ".join(letter.diagnoses),
        "ask": argument["ask"],
        "documents": list(letter.documents),
        "signer": letter.signer,
        "title": letter.signer_title,
    }


@cache
def _arguments() -> dict[str, dict[str, str]]:
    return tomllib.loads(files(__package__).joinpath("arguments.toml").read_text("utf-8"))


def argued_categories() -> tuple[str, ...]:
    """The kinds of causes that the letter has its own words for."""
    return tuple(key for key in _arguments() if key != "other")


def _point(letter: AppealLetter, point: str) -> str:
    """Without words of the record the sentence must not announce them."""
    if letter.quotes or (letter.category == "timely_filing" and letter.facts) or ":" not in point:
        return point
    return point.split(". ")[0].rstrip(".:") + "." if ". " in point else ""


def _opening(letter: AppealLetter) -> str:
    first, last = letter.services
    when = f"on {_day(first)}" if first == last else f"from {_day(first)} to {_day(last)}"
    those = "these services" if len(letter.lines) > 1 else "this service"
    return (
        f"On {_day(letter.refused_on)} you refused {dollars(letter.refused)} of our claim for {letter.patient}, whom "
        f"{letter.provider} treated {when}. We ask you to review that decision and to pay for {those}:"
    )


def _in_time(letter: AppealLetter) -> str:
    if letter.last_day is None:
        return ""
    if letter.on <= letter.last_day:
        return f"This appeal comes in time: the last day for it is {_day(letter.last_day)}."
    return f"This appeal comes after {_day(letter.last_day)}, and we ask you to accept it: {letter.good_cause}"


def _references(letter: AppealLetter) -> list[list[str]]:
    first, last = letter.services
    rows = [
        ("Patient", letter.patient),
        ("Member number", letter.member_id),
        ("Date of birth", _day(letter.birth_date) if letter.birth_date else ""),
        ("Your claim number", letter.claim_number),
        ("Our claim number", letter.our_number),
        ("Date of service", _day(first) if first == last else f"{_day(first)} to {_day(last)}"),
        ("Provider", letter.provider),
        ("Amount in dispute", dollars(letter.refused)),
    ]
    return [[name, value] for name, value in rows if value]


def _party(party: Any) -> dict[str, Any]:
    return {
        "name": party.name,
        "address": list(party.address),
        "phone": _phone(party.phone),
        "email": party.email,
        "numbers": list(party.numbers),
    }


def _phone(digits: str) -> str:
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}" if len(digits) == 10 and digits.isdigit() else digits


def _day(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
