"""Groups of CPT and HCPCS codes that claims treat alike. Code numbers only; their sources: code_groups.toml."""

from importlib.resources import files

import msgspec
from msgspec import Struct

from superbill.claims.model import ServiceLine


class _Group(Struct):
    source: str
    codes: str


def _groups() -> dict[str, frozenset[str]]:
    text = files("superbill.claims").joinpath("code_groups.toml").read_text("utf-8")
    read = msgspec.toml.decode(text, type=dict[str, _Group])
    return {name: frozenset(group.codes.split()) for name, group in read.items()}


_GROUPS = _groups()
WAIVED_WITH_QW = _GROUPS["waived_with_qw"]
WAIVED_WITHOUT_QW = _GROUPS["waived_without_qw"]


def _in(code: str, first: str, last: str) -> bool:
    return len(code) == 5 and code.isdigit() and first <= code <= last


def is_anesthesia(code: str) -> bool:
    """CPT 00100–01999: billed in minutes (837P TR3, SV103 MJ)."""
    return _in(code, "00100", "01999")


def is_evaluation(code: str) -> bool:
    """An evaluation and management visit, to which modifier 25 may be put."""
    return _in(code, "99202", "99499") or _in(code, "92002", "92014") or code in _GROUPS["evaluation_level_two"]


def is_lab(code: str) -> bool:
    """A laboratory test for which a claim needs the CLIA number (42 CFR 493; Claims Processing Manual ch. 16 §70)."""
    if code in _GROUPS["laboratory_level_two"]:
        return True
    return (
        _in(code, "80047", "89398")
        and code not in _GROUPS["laboratory_without_clia"]
        and not _in(code, "88000", "88099")
    )


def is_vaccine(code: str) -> bool:
    """A vaccine or immune globulin product (CPT 90281–90399, 90476–90759, 91300–91399): one unit is one dose."""
    return _in(code, "90281", "90399") or _in(code, "90476", "90759") or _in(code, "91300", "91399")


def is_drug(code: str) -> bool:
    """A drug that HCPCS bills by dose units (J codes, and the Q and S ranges of drugs)."""
    return len(code) == 5 and (code[0] == "J" or code.startswith(("Q51", "Q50", "Q01", "Q02")))


def is_unlisted(code: str) -> bool:
    """A code without a service of its own: needs a description (837P TR3, SV101-7 for non-specific codes)."""
    if code in _GROUPS["unlisted"]:
        return True
    return len(code) == 5 and code.isdigit() and code.endswith("99") and "10000" <= code <= "99999"


def is_quality(code: str) -> bool:
    """A code that reports quality or status and is billed at zero: CPT category II, HCPCS G8/G9/M1 measures."""
    if len(code) != 5:
        return False
    return (code[:4].isdigit() and code[4] == "F") or code.startswith(("G8", "G9", "M1"))


def needs_clia(lines: tuple[ServiceLine, ...]) -> bool:
    """Whether any line is a laboratory test performed by the biller (modifier 90 marks one that was sent out)."""
    return any(is_lab(line.procedure.code) and "90" not in line.procedure.modifiers for line in lines)
