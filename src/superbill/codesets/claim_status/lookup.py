"""Claim status categories (source 507) and statuses (source 508) of the 277 and 277CA, in our own words."""

from functools import cache
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables

Kind = Literal["acknowledged", "rejected", "pending", "finalized", "request", "error", "not_found"]


class Category(Struct, frozen=True):
    """One category (STC01-1). `rejects`: the claim or request must be mended and sent again."""

    code: str
    meaning: str
    kind: Kind
    rejects: bool


class Status(Struct, frozen=True):
    """One status (STC01-2). "Entity" in its meaning is the one that STC01-3 names."""

    code: str
    meaning: str


@cache
def all_categories() -> dict[str, Category]:
    """Every category on file, by code."""
    return {
        row["code"]: Category(row["code"], row["meaning"], cast("Kind", row["kind"]), row["rejects"] == "yes")
        for row in tables.rows(__package__, "categories.csv")
    }


@cache
def all_statuses() -> dict[str, Status]:
    """Every status on file, by code."""
    return {row["code"]: Status(row["code"], row["meaning"]) for row in tables.rows(__package__, "statuses.csv")}


def category(code: str) -> Category | None:
    """The category with this code, or None when it is not on file."""
    return all_categories().get(code)


def status(code: str) -> Status | None:
    """The status with this code, or None when it is not on file."""
    return all_statuses().get(code)
