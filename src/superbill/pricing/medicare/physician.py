"""A line by the physician fee schedule, on its own: status, component, setting, share of the global package, sides.

CMS 100-04 ch. 12 §§ 20-40 and the record layout of PPRRVU. What other lines of the day change comes after.
"""

from datetime import date
from decimal import Decimal
from functools import lru_cache

from superbill.codesets.mpfs.lookup import PAYABLE, SPLIT, Indicators
from superbill.codesets.place_of_service.lookup import place
from superbill.money import dollars, portion, times
from superbill.pricing.medicare.fee import Fees
from superbill.pricing.medicare.model import Outcome, Setting
from superbill.pricing.medicare.rules import rules
from superbill.pricing.medicare.tables import Tables
from superbill.pricing.medicare.work import Work

HOSPITAL = frozenset(["19", "21", "22", "23"])
"""Places where the patient is a hospital's: inpatient, outpatient on and off campus, emergency."""
_ONE = Decimal(1)
_STATUS: dict[str, tuple[Outcome, str, str]] = {
    "B": ("bundled", "Status B: always part of another service, never paid by itself.", ""),
    "C": ("by-report", "Status C: the contractor sets the price.", "Ask the contractor, or enter its price."),
    "E": ("unpriced", "Status E: left out of the fee schedule by regulation.", "See the drug or supply schedules."),
    "I": ("not-payable", "Status I: not valid for Medicare.", "Bill the code that Medicare uses instead."),
    "J": ("unpriced", "Status J: anesthesia, paid by base units and time.", ""),
    "M": ("not-payable", "Status M: a measurement code, reported and not paid.", ""),
    "N": ("not-payable", "Status N: not covered by Medicare.", ""),
    "P": ("bundled", "Status P: part of another service, or excluded from this schedule.", ""),
    "X": ("unpriced", "Status X: no physician's service by statute.", "Import the laboratory or drug files."),
}
_ONE_SIDE = frozenset(
    ["RT", "LT", "59", "XE", "XS", "XP", "XU", "76", "77", "FA", "TA", "LC", "LD", "LM", "RC", "RI"]
    + [f"{letter}{digit}" for letter, last in (("E", 4), ("F", 9), ("T", 9)) for digit in range(1, last + 1)]
)
"""With one of these, two units are not the two sides of one procedure."""


def start(work: Work, tables: Tables, fees: Fees, setting: Setting) -> None:
    """Prices the line as if it stood alone, or ends it."""
    line = work.line
    row = tables.schedule.of_line(line.code, line.modifiers, line.day)
    if row is None:
        _not_there(work, tables)
        return
    work.row = row
    gpci = tables.localities.gpci(setting.locality, line.day)
    if gpci is None:
        work.end(
            "unpriced", "fee", f"No geographic indices for locality {setting.locality} on {line.day}.",
            "Import the GPCI file of the year, or name a locality that it has.",
        )  # fmt: skip
        return
    work.gpci = gpci
    where = line.place_of_service or setting.place_of_service
    work.facility = facility(where, line.day)
    if _ended(work, row, where, setting.institution):
        return
    fee = fees.fee(row, gpci, work.facility)
    work.unit = fee.amount
    work.amount = fee.amount
    work.steps.extend(fee.steps)
    work.outcome = "priced"
    if not row.exact:
        work.notes.append(f"By the release of {row.release.version}: that of {line.day} is not here.")
    if row.facility_na if work.facility else row.nonfacility_na:
        work.notes.append(
            f"{row.code} is hardly ever performed {'in a facility' if work.facility else 'in an office'}."
        )
    if line.modifiers:
        _split(work, row)
    _sides(work, row)


@lru_cache(maxsize=4096)
def facility(code: str, day: date) -> bool:
    """Whether Medicare pays the facility rate in the place of service on the day (ch. 12 § 20.4.2); unknown: no."""
    found = place(code, day)
    return found is not None and found.facility


def _not_there(work: Work, tables: Tables) -> None:
    line = work.line
    if tables.schedule.answer(line.day) is None:
        work.end(
            "unpriced", "fee", f"No physician fee schedule of {line.day.year} is here.",
            "Import PPRRVU of the year: superbill codesets import FILE.",
        )  # fmt: skip
        return
    whole = tables.schedule.indicators(line.code, "", line.day)
    component = next((modifier for modifier in line.modifiers if modifier in SPLIT), "")
    if whole is not None and component:
        why = f"{line.code} has no part for modifier {component} (PC/TC indicator {whole.components})."
        work.end("not-payable", "components", why, f"Bill {line.code} without {component}.")
        return
    work.end("unpriced", "fee", f"{line.code} is not on the physician fee schedule.", "Check the code and its day.")


def _ended(work: Work, row: Indicators, where: str, institution: bool) -> bool:
    """Whether status, place or modifiers leave nothing to compute."""
    if row.status not in PAYABLE or not row.payable:
        outcome, why, fix = _STATUS.get(row.status, ("by-report", f"Status {row.status} without relative values.", ""))
        work.end(outcome, "status" if outcome != "by-report" else "by-report", why, fix)
    elif where in HOSPITAL and not institution and _hospital_bills(row):
        fix = "Bill the professional component (26)." if row.components == "1" and not row.modifier else ""
        work.end(
            "not-payable", "hospital-technical", f"In a hospital (place {where}) the hospital bills for this.", fix
        )
    elif "52" in work.line.modifiers or ("53" in work.line.modifiers and row.modifier != "53"):
        work.end("by-report", "by-report", "Reduced or discontinued: the contractor prices it from the report.",
                 "Send the report with the claim.")  # fmt: skip
    elif "56" in work.line.modifiers:
        work.end("by-report", "by-report", "Preoperative care alone: the contractor decides.", "")
    elif "66" in work.line.modifiers:
        _team(work, row)
    return work.outcome != "unpriced" or bool(work.why)


def _team(work: Work, row: Indicators) -> None:
    if row.team in {"1", "2"}:
        work.end("by-report", "by-report", f"A team of surgeons (indicator {row.team}): priced from the report.",
                 "Send the report with the claim.")  # fmt: skip
    else:
        work.end("not-payable", "by-report", f"No team is paid for this operation (indicator {row.team}).")


def _hospital_bills(row: Indicators) -> bool:
    """Technical components and tests, services incident to a physician's, independent therapists' services."""
    return row.modifier == "TC" or row.components in {"3", "5", "7"} or (row.components == "1" and not row.modifier)


def _split(work: Work, row: Indicators) -> None:
    """The share of the global package for surgery alone (54), care after it (55), a return to theater (78)."""
    modifiers = work.line.modifiers
    shares = {"54": row.pre + row.intra, "55": row.post, "78": row.intra}
    wanted = [modifier for modifier in modifiers if modifier in shares]
    if not wanted:
        if "22" in modifiers:
            work.notes.append("Modifier 22: the contractor may pay more on the report of what was unusual.")
        return
    share = sum((shares[modifier] for modifier in wanted), Decimal(0))
    if not share:
        if wanted != ["78"]:
            work.notes.append(f"{row.code} has no shares of a global package (global days {row.global_days}).")
        return
    if share < 1:
        work.unit = portion(work.unit, share)
        text = f"Modifier {' and '.join(wanted)}: {share * 100:.0f} % of the global package"
        work.step("global-split", text, work.unit)


def _sides(work: Work, row: Indicators) -> None:
    """Both sides by the bilateral indicator; else the units."""
    line, units = work.line, work.line.units
    modifiers = line.modifiers
    paired = "50" in modifiers or ("RT" in modifiers and "LT" in modifiers)
    if not paired:
        paired = units == 2 and row.bilateral in {"1", "2"} and _ONE_SIDE.isdisjoint(modifiers)
    if not paired:
        if units != _ONE:
            work.whole = int(units) if units == int(units) and units > 0 else 1
            work.step("units", f"{units} units of {dollars(work.unit)}", times(work.unit, units))
        return
    if "50" in modifiers and units != _ONE:
        work.notes.append(f"Modifier 50 with {units} units: priced as one pair.")
    if row.bilateral == "1":
        rate = rules()["bilateral"].on(line.day)
        if rate:
            text = f"Both sides (indicator 1): {rate[0] * 100:.0f} % of {dollars(work.unit)}"
            work.step("bilateral", text, portion(work.unit, rate[0]))
    elif row.bilateral == "3":
        work.step("bilateral", "Both sides (indicator 3): 100 % for each", 2 * work.unit)
    else:
        work.step("bilateral", f"Both sides (indicator {row.bilateral}): one fee for the two", work.unit)
