"""What a refusal means and what mends it: each CARC, made sharper by the remark codes that came with it.

The words, the chances and the routes are ours, from the meaning of the codes; no payer's rule stands in them.
"""

from collections.abc import Sequence
from functools import cache, cached_property
from typing import Literal, cast

from msgspec import Struct

from superbill.codesets import tables
from superbill.codesets.carc.lookup import reason as carc
from superbill.codesets.rarc.lookup import remark as rarc

Task = Literal["front_desk", "coder", "biller", "provider", "nobody"]
Route = Literal[
    "corrected_claim", "appeal", "reopening", "documents", "other_payer", "patient", "write_off", "wait", "none"
]
# What a CARC of these categories says is only that something is wrong: a remark may name any other cause.
_OPEN = frozenset({"missing_information", "unclear", "non_covered", "documentation"})


class Category(Struct, frozen=True, kw_only=True):
    """A kind of cause, with what is usual for it. `chance`: of a hundred such refusals, how many are paid in the end
    when they are worked; our estimate, until a practice has a history of its own."""

    key: str
    title: str
    task: Task
    route: Route
    chance: int
    mend: str
    patient_text: str


class Cause(Struct, frozen=True, kw_only=True, dict=True):
    """Why an amount was refused (group, CARC, remarks), in plain words, and the way on.

    `task`: whose work it is; `route`: what is recommended; `mend`: what usually mends it. `remark`: the remark code
    that decided these, "" where the CARC alone did. `code_says` is what the CARC means, `patient_text` what a patient
    is told.
    """

    group: str
    code: str
    remarks: tuple[str, ...] = ()
    category: Category
    task: Task
    route: Route
    cause: str
    mend: str
    code_says: str
    patient_text: str
    remark: str = ""

    @cached_property
    def name(self) -> str:
        """Group and CARC as people say them: "CO-50"."""
        return "-".join(part for part in (self.group, self.code) if part)


class _Entry(Struct, frozen=True):
    category: str
    task: str
    route: str
    cause: str
    mend: str


@cache
def categories() -> dict[str, Category]:
    """Every category by its key."""
    return {
        row["key"]: Category(
            key=row["key"],
            title=row["title"],
            task=cast("Task", row["task"]),
            route=cast("Route", row["route"]),
            chance=int(row["chance"]),
            mend=row["mend"],
            patient_text=row["patient_text"],
        )
        for row in tables.rows(__package__, "categories.csv")
    }


@cache
def _causes() -> dict[str, _Entry]:
    return {
        row["code"]: _Entry(row["category"], row["task"], row["route"], row["cause"], row["mend"])
        for row in tables.rows(__package__, "causes.csv")
    }


@cache
def _remarks() -> dict[str, _Entry]:
    return {
        row["code"]: _Entry(row["category"], row["task"], row["route"], "", row["mend"])
        for row in tables.rows(__package__, "remarks.csv")
    }


def known_codes() -> tuple[str, ...]:
    """Every CARC in the handbook."""
    return tuple(_causes())


def refining_remarks() -> tuple[str, ...]:
    """Every RARC that sharpens a cause."""
    return tuple(_remarks())


def cause_of(group: str, code: str, remarks: Sequence[str] = ()) -> Cause:
    """The cause of an adjustment. A CARC that is not on file is of the category "unclear".

    A remark sharpens the cause where the CARC leaves it open (16, 96, A1 …) or says the same in general; one that
    speaks of something else does not overrule a CARC that is clear. Of group PR, the route is the patient.
    """
    entry = _causes().get(code) or _Entry("unclear", "", "", "The payer used a code that is not on file.", "")
    for remark in remarks:
        sharper = _remarks().get(remark)
        if sharper and (sharper.category == entry.category or entry.category in _OPEN):
            return _told(group, code, tuple(remarks), entry, sharper, remark)
    return _told(group, code, tuple(remarks), entry, entry, "")


def _told(group: str, code: str, remarks: tuple[str, ...], entry: _Entry, sharper: _Entry, remark: str) -> Cause:
    category = categories()[sharper.category]
    same = sharper.category == entry.category
    known, says = carc(code), rarc(remark) if remark else None
    return Cause(
        group=group,
        code=code,
        remarks=remarks,
        category=category,
        task=cast("Task", sharper.task or (entry.task if same else "") or category.task),
        route="patient" if group == "PR" else _route(entry, sharper, category, same=same),
        cause=f"{entry.cause} {says.meaning}." if says else entry.cause,
        mend=sharper.mend or (entry.mend if same else "") or category.mend,
        code_says=known.meaning if known else "Not on file",
        patient_text=known.patient_text if known and same else category.patient_text,
        remark=remark,
    )


def _route(entry: _Entry, sharper: _Entry, category: Category, *, same: bool) -> Route:
    return cast("Route", sharper.route or (entry.route if same else "") or category.route)
