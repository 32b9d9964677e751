"""Patients by whatever somebody knows of them: names as they sound, days, numbers, in any order, misspelt or not."""

import json
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from heapq import nsmallest
from typing import Any

from django.db import connection
from django.db.models import Count, QuerySet
from msgspec import Struct
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from superbill.app.accounts.actors import Scope
from superbill.app.patients.keys import BORN, MEMBER, NAME, PHONE, RECORD, number
from superbill.app.patients.models import PatientKey, PatientRow, PatientWord
from superbill.app.patients.names import SHORT_FORMS, short_forms, sound, words
from superbill.app.rows import asked, found

_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m-%d-%Y", "%m.%d.%Y", "%m/%d/%y", "%m-%d-%y", "%m%d%Y", "%Y%m%d", "%d %b %Y",
            "%d %B %Y", "%b %d %Y", "%B %d %Y", "%d%b%Y")  # fmt: skip
_DAY = re.compile(
    r"\b(\d{4}-\d{2}-\d{2}|\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}|\d{8}"
    r"|\d{1,2} ?[a-z]{3,9},? ?\d{4}|[a-z]{3,9} \d{1,2},? \d{4})\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b|\b\d{3}-\d{4}\b")
_WORDS = 60  # words of the practice's names that one word asked for may stand for
_CANDIDATES = 3000  # patients whom one part of several may name
_ALIKE = 400  # patients who fit one thing alone equally well
_NAMES = 5  # words of a name that are looked at


Wanted = dict[str, list[tuple[int, float, str]]]  # key -> (which part of the question, how well it fits, why)


class Match(Struct, frozen=True, kw_only=True):
    """A patient who may be meant, how well it fits (0 to 100), and by what. `why` never tells more than the row."""

    id: int
    family: str
    given: str
    birth_date: date | None
    score: float
    why: tuple[str, ...]


class Asked(Struct, frozen=True, kw_only=True):
    """What somebody typed, taken apart."""

    born: date | None = None
    phone: str = ""
    numbers: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


def understood(text: str, today: date) -> Asked:
    """Take apart what was typed: first a birth date and a phone number, then numbers, then words of a name."""
    rest, born = text, None
    for told in _DAY.finditer(text):
        if (day := _day(told[0], today)) is not None:
            born, rest = day, rest.replace(told[0], " ", 1)
            break
    phone = ""
    if dialled := _PHONE.search(rest):
        phone, rest = "".join(c for c in dialled[0] if c.isdigit())[-10:], rest.replace(dialled[0], " ", 1)
    parts = rest.replace(",", " ").split()
    numbers = tuple(number(one)[:80] for one in parts if any(c.isdigit() for c in one))
    names = tuple(one for part in parts if not any(c.isdigit() for c in part) for one in words(part))
    return Asked(born=born, phone=phone, numbers=numbers, names=names[:_NAMES])


def find_patients(scope: Scope, text: str, *, today: date, limit: int = 20) -> list[Match]:
    """The patients who may be meant, the likeliest first. Four statements, however many patients there are."""
    told = understood(text, today)
    wanted: Wanted = {}
    part = 0
    for meant in _words(scope, told.names).values():
        for name, score, why in meant:
            wanted.setdefault(NAME + name, []).append((part, score, why))
        part += 1
    for keys, why in _plain_keys(told):
        for key in keys:
            wanted.setdefault(key, []).append((part, 100.0, why))
        part += 1
    if not wanted:
        return []
    return _ranked(scope, wanted, part, limit)


def _plain_keys(told: Asked) -> Iterable[tuple[Sequence[str], str]]:
    if told.born:
        yield (f"{BORN}{told.born:%Y%m%d}",), "birth date"
    if told.phone:
        yield (PHONE + told.phone,), "phone"
    for one in told.numbers:
        yield (MEMBER + one, RECORD + one, *((PHONE + one,) if len(one) == 4 and one.isdigit() else ())), "number"


def _words(scope: Scope, wanted: Sequence[str]) -> dict[str, list[tuple[str, float, str]]]:
    """For each word asked for, the words of names that it may stand for, with how well and why. One statement."""
    if not any(len(word) > 1 for word in wanted):
        return {}
    there = dict(asked(scope, PatientWord, _every_word))
    known = list(there)
    return {word: _like(word, known, there) for word in wanted if len(word) > 1}


def _every_word(scope: Scope) -> QuerySet[PatientWord, Any]:
    return scope.rows(PatientWord).values_list("word", "sound")


def _like(word: str, known: Sequence[str], sounds: dict[str, str]) -> list[tuple[str, float, str]]:
    made: dict[str, tuple[float, str]] = {}

    def add(name: str, score: float, why: str) -> None:
        if name not in made or made[name][0] < score:
            made[name] = (score, why)

    if word in sounds:
        add(word, 100.0, "name")
    for form in short_forms(word):
        if form in sounds:
            add(form, 88.0, "short form")
    if word not in sounds and len(word) > 2 and not short_forms(word):
        meant = process.extractOne(word, SHORT_FORMS, scorer=DamerauLevenshtein.distance, score_cutoff=1)
        for form in short_forms(meant[0]) if meant else ():
            if form in sounds:
                add(form, 76.0, "short form")
    said = sound(word)
    allowed = 1 if len(word) < 6 else 2
    if len(word) > 2:
        near = process.extract(
            word, known, scorer=DamerauLevenshtein.distance, score_cutoff=allowed, limit=_WORDS, processor=None
        )
        for name, distance, _ in near:
            if distance:
                add(name, 100.0 - 12.0 * distance - (0 if name[0] == word[0] else 6), "spelling")
    for name, alike in sounds.items():
        if name.startswith(word):
            add(name, 100.0 - min(len(name) - len(word), 8), "beginning")
        elif alike == said and len(said) > 1 and abs(len(name) - len(word)) < 4:
            add(name, 80.0, "sound")
    best = sorted(((name, *told) for name, told in made.items()), key=lambda one: (-one[1], one[0]))
    return best[:_WORDS]


def _ranked(scope: Scope, wanted: Wanted, parts: int, limit: int) -> list[Match]:
    best: dict[int, dict[int, tuple[float, str]]] = {}
    for key, patient in found(scope, PatientKey, "key", _few(scope, wanted, parts), "key", "patient_id"):
        mine = best.setdefault(patient, {})
        for part, score, why in wanted[key]:
            if part not in mine or mine[part][0] < score:
                mine[part] = (score, why)
    total = {patient: sum(score for score, _ in mine.values()) / parts for patient, mine in best.items()}
    top = max(total.values(), default=0.0)
    # Somebody who fits in every part leaves out those who share one of them only.
    enough = top * 0.75 if parts > 1 else 0.0
    first = nsmallest(limit * 10, (one for one in total if total[one] >= enough), key=lambda one: (-total[one], one))
    rows = found(scope, PatientRow, "id", first, "id", "family", "given", "birth_date")
    made = [
        Match(
            id=row_id, family=family, given=given, birth_date=born, score=round(total[row_id], 1),
            why=tuple(dict.fromkeys(why for _, (_, why) in sorted(best[row_id].items()))),
        )
        for row_id, family, given, born in rows
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.score, one.family, one.given, one.id))[:limit]


def _few(scope: Scope, wanted: Wanted, parts: int) -> list[str]:
    """The keys worth reading: of each part those that fit best, until they name enough patients."""
    rows = scope.rows(PatientKey).filter(key__among=_array(sorted(wanted))).order_by().values_list("key")
    counts = dict(rows.annotate(count=Count("id")))
    kept: set[str] = set()
    most = _CANDIDATES if parts > 1 else _ALIKE
    for part in range(parts):
        fits = [(-score, key) for key in counts for of, score, _ in wanted[key] if of == part]
        named = 0
        for _, key in sorted(fits):
            if named > most:
                break
            kept.add(key)
            named += counts[key]
    return sorted(kept)


def _array(keys: list[str]) -> Any:
    return json.dumps(keys) if connection.vendor == "sqlite" else keys


def _day(text: str, today: date) -> date | None:
    plain = text.replace(",", " ")
    plain = " ".join(plain.split())
    for form in _FORMATS:
        try:
            day = datetime.strptime(plain, form).date()  # noqa: DTZ007  # a day has no zone
        except ValueError:
            continue
        if day > today and form.endswith("%y"):
            day = day.replace(year=day.year - 100)
        return day if day.year >= 1880 and day <= today else None
    return None
