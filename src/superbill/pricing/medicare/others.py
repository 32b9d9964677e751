"""What is not on the physician fee schedule: laboratory tests, drugs, anesthesia."""

from decimal import ROUND_HALF_UP, Decimal

from superbill.pricing.medicare.fee import cents
from superbill.pricing.medicare.model import Setting
from superbill.pricing.medicare.rules import rules
from superbill.pricing.medicare.tables import Tables
from superbill.pricing.medicare.work import Work

_TENTH = Decimal("0.1")
_NO_TIME = frozenset(["01953", "01995", "01996"])
"""Codes whose time is not counted: a further area of burns is in the time of the first, the others are by the day."""
_DIRECTED = frozenset(["QK", "QX", "QY"])


def laboratory(work: Work, tables: Tables) -> bool:
    """Prices a test by the laboratory fee schedule; whether it has one. The patient owes no coinsurance for it."""
    line = work.line
    found = tables.laboratory.test(line.code, line.modifiers, line.day)
    if found is None:
        return False
    if found.rate is None:
        work.end("by-report", "laboratory", "The contractor prices this test.", "Ask the contractor for its price.")
        return True
    work.outcome, work.coinsurance = "priced", Decimal(0)
    scope = "national" if found.national else "local"
    text = f"Laboratory fee schedule {found.release.version}, {scope} rate ${found.rate} × {_count(line.units)}"
    work.step("laboratory", text, cents(found.rate * line.units))
    if not found.exact:
        work.notes.append(f"By the release of {found.release.version}: that of {line.day} is not here.")
    return True


def drug(work: Work, tables: Tables) -> bool:
    """Prices a drug by its payment limit; whether it has one."""
    line = work.line
    found = tables.drugs.limit(line.code, line.day)
    if found is None:
        return False
    if found.limit is None:
        work.end("by-report", "drug", "The quarter's file has no payment limit for this drug.",
                 "The contractor prices it, from the invoice as a rule.")  # fmt: skip
        return True
    work.outcome = "priced"
    if found.coinsurance is not None:
        work.coinsurance = found.coinsurance / 100
    text = f"Payment limit {found.release.version}: ${found.limit} for {found.dosage} × {_count(line.units)}"
    work.step("drug", text, cents(found.limit * line.units))
    return True


def is_anesthesia(code: str) -> bool:
    """Whether it is a code of the anesthesia section, 00100-01999."""
    return code.isdecimal() and "00100" <= code <= "01999"


def anesthesia(work: Work, tables: Tables, setting: Setting) -> None:
    """(Base units + minutes ÷ 15, to a tenth) × factor; half when directed; three base units when supervised (AD)."""
    line = work.line
    factor = tables.localities.anesthesia_factor(setting.locality, line.day, qualifying=tables.qualifying)
    base = tables.localities.base_units(line.code, line.day)
    if factor is None or base is None:
        missing = "conversion factor for this locality" if factor is None else f"base units for {line.code}"
        work.end("unpriced", "anesthesia", f"No anesthesia {missing} on {line.day}.",
                 "Import CMS's files of anesthesia conversion factors and base units of the year.")  # fmt: skip
        return
    modifiers = frozenset(line.modifiers)
    work.outcome = "priced"
    if "AD" in modifiers:
        (supervised,) = rules()["anesthesia-supervised"].on(line.day)
        work.step(
            "anesthesia-supervised", f"Supervised (AD): {supervised} units × ${factor}", cents(supervised * factor)
        )
        work.notes.append("One unit more where the physician was present at induction and says so.")
        return
    if line.code in _NO_TIME:
        text = f"{base} base units, no time for {line.code}, × ${factor} × {_count(line.units)}"
        work.step("anesthesia", text, cents(base * factor * line.units))
        return
    if line.minutes is None or line.minutes <= 0:
        work.end("unpriced", "anesthesia", "Anesthesia without its minutes.", "Give the minutes of anesthesia.")
        return
    (minutes_each,) = rules()["anesthesia"].on(line.day)
    time = (line.minutes / minutes_each).quantize(_TENTH, rounding=ROUND_HALF_UP)
    text = f"({base} base units + {_count(line.minutes)} minutes ÷ {minutes_each} = {time} time units) × ${factor}"
    work.step("anesthesia", text, cents((base + time) * factor))
    if modifiers & _DIRECTED:
        (share,) = rules()["anesthesia-directed"].on(line.day)
        which = ", ".join(sorted(modifiers & _DIRECTED))
        work.step("anesthesia-directed", f"Medically directed ({which}): {share * 100:.0f} %",
                  cents((base + time) * factor * share))  # fmt: skip
    elif not modifiers & {"AA", "QZ"}:
        work.notes.append("No modifier says who gave it (AA, QZ, QK, QX, QY, AD): priced as personally performed.")


def _count(units: Decimal) -> str:
    return f"{units.normalize():f}"
