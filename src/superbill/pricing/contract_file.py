"""Contracts as files: a TOML file with the clauses, and CSV files beside it with fees and weights.

The engine sees no folder: whoever reads gives the text of a file by its name. What is wrong is told all at once, each
with the file and the key or the line.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import PurePath
from typing import Any, TypeVar

import msgspec

from superbill.effective import Dated
from superbill.money import Cents, parse_dollars
from superbill.pricing.clause_import import read_clauses
from superbill.pricing.code_ranges import code_ranges
from superbill.pricing.contract import Contract
from superbill.pricing.contract_methods import MedicarePrices, Tools
from superbill.pricing.contract_model import (
    OF_CLAIMS,
    Agreement,
    AnesthesiaUnits,
    ContractError,
    OwnSchedule,
    PerDiem,
)
from superbill.pricing.contract_scope import problems
from superbill.pricing.fee_schedule import FeeSchedule, Weights
from superbill.pricing.table_import import read_csv

FEE_COLUMNS = ("code", "modifier", "start", "amount")
WEIGHT_COLUMNS = ("drg", "start", "weight")
_LARGEST_PART = 20
_RANGED = frozenset({"codes", "revenue_codes", "drgs"})
_SHAPES = {
    "codes": (re.compile(r"[A-Z0-9]{3,8}"), "a code has capitals and digits"),
    "revenue_codes": (re.compile(r"\d{4}"), "a revenue code has four digits"),
    "drgs": (re.compile(r"\d{3}"), "a DRG has three digits"),
    "modifiers": (re.compile(r"[A-Z0-9]{2}"), "a modifier has two capitals or digits"),
    "places": (re.compile(r"\d{2}"), "a place of service has two digits"),
}
_BILL = re.compile(r"[0-9A-Z]{4}")
T = TypeVar("T")
Open = Callable[[str], str]


def read_agreement(text: str, name: str, beside: Open | None = None) -> Agreement:
    """The clauses of a contract file, with those of the CSV that it names. Raises ContractError with every mistake."""
    try:
        agreement = msgspec.convert(tomllib.loads(text), Agreement)
    except tomllib.TOMLDecodeError as error:
        raise ContractError([f"{name}: not TOML: {error}"]) from None
    except msgspec.ValidationError as error:
        raise ContractError([f"{name}: {_placed(str(error))}"]) from None
    if agreement.clauses:
        more = _opened(name, "clauses", agreement.clauses, beside, read_clauses)
        agreement = msgspec.structs.replace(agreement, terms=(*agreement.terms, *more))
    check_agreement(agreement, name)
    return agreement


def _opened(name: str, key: str, file: str, beside: Open | None, read: Callable[[list[str], str], T]) -> T:
    """What a file beside the contract's says. Raises ContractError."""
    if PurePath(file).name != file:
        raise ContractError([f"{name}: {key}: {file!r}: name a file beside the contract's, no folder."])
    try:
        if beside is None:
            raise FileNotFoundError(file)
        return read(beside(file).splitlines(), file)
    except OSError:
        fix = "there is no such file beside it. Put it there, or mend the name."
        raise ContractError([f"{name}: {key} = {file!r}: {fix}"]) from None
    except UnicodeDecodeError:
        raise ContractError([f"{file}: is not UTF-8 text. Save it as UTF-8."]) from None


def check_agreement(agreement: Agreement, name: str) -> None:
    """Raises ContractError with everything wrong in the clauses, alone and among each other."""
    wrong = [f"{name}: {place}: {what}." for place, what in _mistakes(agreement)]
    if wrong:
        raise ContractError(wrong)


def read_contract(text: str, name: str, beside: Open, medicare: MedicarePrices | None = None) -> Contract:
    """The contract of a file with its tables. `beside` gives the text of a file in the same folder (OSError: none).

    Raises ContractError with every mistake in the file, or in its tables.
    """
    agreement = read_agreement(text, name, beside)
    wrong: list[str] = []
    schedules: dict[str, FeeSchedule] = {}
    weights: dict[str, Weights] = {}
    for key, file in agreement.schedules.items():
        try:
            schedules[key] = _opened(name, key, file, beside, partial(read_fees, name=key))
        except ContractError as error:
            wrong += error.told
    for key, file in agreement.weights.items():
        try:
            weights[key] = _opened(name, key, file, beside, partial(read_weights, name=key))
        except ContractError as error:
            wrong += error.told
    if wrong:
        raise ContractError(wrong)
    return Contract(agreement, Tools(schedules=schedules, weights=weights, medicare=medicare))


def _placed(message: str) -> str:
    """msgspec's place in the words of the file: "Object missing … - at `$.terms[0].pays`" → "terms[0].pays: …"."""
    what, found, place = message.rpartition(" - at `$")
    if not found:
        return message
    where = place.rstrip("`").lstrip(".")
    return f"{where}: {what}" if where else what


def _mistakes(agreement: Agreement) -> Iterator[tuple[str, str]]:
    """What the types can't say: ranges, parts, table names, tiers, and how the clauses stand to each other."""
    if agreement.end and agreement.end < agreement.start:
        yield "end", f"{agreement.end} is before start {agreement.start}"
    if not agreement.terms:
        yield "terms", "a contract has at least one"
    broken = False
    for table_name, clause in agreement.all_clauses():
        for place, what in _in_clause(clause, agreement):
            broken = True
            yield f"{table_name}: {clause.id!r}: {place}", what
    if not broken:
        yield from problems(agreement)


def _in_clause(clause: Any, agreement: Agreement) -> Iterator[tuple[str, str]]:
    if not clause.id.strip():
        yield "id", "give the clause an id, as the contract numbers it"
    if clause.start and clause.end and clause.end < clause.start:
        yield "end", f"{clause.end} is before start {clause.start}"
    for field, (shape, fix) in _SHAPES.items():
        for entry in getattr(clause.scope, field):
            parts = entry.split("-") if field in _RANGED else [entry]
            if not all(shape.fullmatch(part) for part in parts):
                yield f"scope.{field}", f"{entry!r}: {fix}"
                continue
            try:
                code_ranges((entry,))
            except ValueError as error:
                yield f"scope.{field}", f"{error}. Write a code, or first and last of a range"
    for pattern in clause.scope.bills:
        if not _BILL.fullmatch(pattern):
            yield "scope.bills", f"{pattern!r}: a type of bill has four characters, X for any (011X)"
    if getattr(clause, "pays", None) is not None:
        yield from _in_pays(clause.pays, clause, agreement)
    if hasattr(clause, "percents") and not clause.percents:
        yield "percents", "name at least one part"
    for part in getattr(clause, "percents", ()):
        if not part.is_finite() or not 0 <= part <= 1:
            yield "percents", f"{part}: a reduction is a part between 0 and 1"
    if hasattr(clause, "percent"):
        yield from _part("percent", clause.percent)
    if hasattr(clause, "percent") and not hasattr(clause, "threshold") and not clause.scope.modifiers:
        yield "scope.modifiers", "name the modifiers that it is for"


def _part(place: str, part: Decimal) -> Iterator[tuple[str, str]]:
    """A percentage where a part is meant would pay a hundredfold."""
    if not part.is_finite() or part < 0:
        yield place, f"{part}: a part is a number, and not negative"
    elif part > _LARGEST_PART:
        yield place, f"{part}: write a part, 0.62 for 62 %"


def _in_pays(pays: Any, clause: Any, agreement: Agreement) -> Iterator[tuple[str, str]]:
    if any(getattr(pays, field, 0) < 0 for field in ("amount", "base_rate", "factor")):
        yield "pays", "no amount is negative"
    if hasattr(pays, "percent"):
        yield from _part("pays.percent", pays.percent)
    if isinstance(pays, OwnSchedule) and pays.schedule not in agreement.schedules:
        yield "pays.schedule", f"{pays.schedule!r} is none of {sorted(agreement.schedules)} under [schedules]"
    for field in ("weights", "base_units"):
        table = getattr(pays, field, None)
        if table is not None and table not in agreement.weights:
            yield f"pays.{field}", f"{table!r} is none of {sorted(agreement.weights)} under [weights]"
    if isinstance(pays, AnesthesiaUnits) and pays.minutes < 1:
        yield "pays.minutes", "a time unit has at least a minute"
    if isinstance(pays, PerDiem):
        if not clause.scope.revenue_codes:
            yield "scope.revenue_codes", "a per diem names the revenue codes whose units are its days"
        passed = 0
        for place, tier in enumerate(pays.days):
            last = place == len(pays.days) - 1
            if tier.rate < 0 or (tier.through is None) != last or (tier.through is not None and tier.through <= passed):
                yield "pays.days", "tiers rise by `through`, and only the last has none"
            passed = tier.through or passed
        if not pays.days:
            yield "pays.days", "name at least one rate"
    if clause.carve_out and isinstance(pays, OF_CLAIMS):
        yield "carve_out", "a case rate, per diem or DRG covers the claim; lines are carved out by clauses for lines"


# --- tables ---------------------------------------------------------------------------------------------------------


def read_fees(lines: Iterable[str], file: str, name: str = "") -> FeeSchedule:
    """A fee schedule of a CSV with the columns code, modifier, start (ISO day), amount (dollars; empty ends it).

    Raises ContractError with each line that can't be meant, and why.
    """
    fees = _dated(
        lines, file, FEE_COLUMNS, lambda row: ("-".join(part for part in row[:2] if part), row[2], row[3]), _fee
    )
    return FeeSchedule(name or PurePath(file).stem, fees)


def read_weights(lines: Iterable[str], file: str, name: str = "") -> Weights:
    """Relative weights of a CSV with the columns drg, start (ISO day), weight (empty ends it). Raises ContractError."""
    weights = _dated(lines, file, WEIGHT_COLUMNS, lambda row: (row[0].zfill(3), row[1], row[2]), _weight)
    return Weights(name or PurePath(file).stem, weights)


def _fee(text: str) -> Cents:
    amount = parse_dollars(text)
    if amount < 0:
        raise ValueError(f"a fee is not negative: {text!r}")
    return amount


def _weight(text: str) -> Decimal:
    try:
        weight = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"weight is not a number: {text!r}") from None
    if not weight.is_finite() or weight <= 0:
        raise ValueError(f"a weight is more than zero: {text!r}")
    return weight


def _dated(
    lines: Iterable[str],
    file: str,
    columns: tuple[str, ...],
    parts: Callable[[list[str]], tuple[str, str, str]],
    value: Callable[[str], T],
) -> Mapping[str, Dated[T]]:
    rows = read_csv(lines, file)
    header = [column.strip().lstrip("\ufeff") for column in next(rows, (0, []))[1]]
    if tuple(header) != columns:
        raise ContractError([f"{file}:1: the columns must be {','.join(columns)}"])
    found: dict[str, dict[date, T | None]] = {}
    wrong: list[str] = []
    for number, row in rows:
        fields = [field.strip() for field in row]
        if not any(fields):
            continue
        try:
            if len(fields) != len(columns):
                raise ValueError(f"a row has {len(columns)} fields, this one {len(fields)}")
            key, start, text = parts(fields)
            if not fields[0]:
                raise ValueError(f"no {columns[0]}")
            day = _day(start)
            steps = found.setdefault(key, {})
            if day in steps:
                raise ValueError(f"{key} has two values from {start}")
            steps[day] = value(text) if text else None
        except ValueError as error:
            wrong.append(f"{file}:{number}: {error}")
    if wrong:
        raise ContractError(wrong)
    return {key: Dated(steps.items()) for key, steps in found.items()}


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"start is not a day like 2026-01-31: {text!r}") from None
