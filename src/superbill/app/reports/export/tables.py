"""Which tables a practice has, and what their columns are, as data that travels with an export."""

from typing import Any, Literal

from django.apps import apps
from django.db import models
from msgspec import Struct

from superbill.app.base import PracticeRow
from superbill.app.reports.models import DaySum, Spell, SpellsThrough, SumsThrough

Type = Literal["integer", "text", "boolean", "date", "time", "bytes"]
# Made anew from the rest whenever it is wanted, as big as the journal, and of no use without this program.
LEFT_OUT = frozenset({DaySum, Spell, SpellsThrough, SumsThrough})
_TYPES: "tuple[tuple[type[models.Field[Any, Any]], Type], ...]" = (
    (models.BooleanField, "boolean"),
    (models.DateTimeField, "time"),
    (models.DateField, "date"),
    (models.BinaryField, "bytes"),
    (models.IntegerField, "integer"),
    (models.AutoField, "integer"),
    (models.CharField, "text"),
    (models.TextField, "text"),
)
_CENTS = frozenset({
    "amount", "charge", "paid", "patient_paid", "adjusted", "insurance", "denied", "patient", "payment_amount", "fee",
    "difference", "unapplied",
})  # fmt: skip


class Column(Struct, frozen=True, omit_defaults=True):
    """One column. `unit` "cents" is money; `references` the table and column that a value is found in."""

    name: str
    type: Type
    nullable: bool = False
    unit: str = ""
    references: str = ""


class Table(Struct, frozen=True, omit_defaults=True):
    """One table in the order of its `key`. `about` says what a row is. `derived`: the rest says it again."""

    name: str
    key: str
    about: str
    columns: tuple[Column, ...]
    derived: bool = False


def models_of_a_practice() -> list[type[PracticeRow]]:
    """Every table with rows of a practice, by name, but those that are left out."""
    every = (model for model in apps.get_models() if issubclass(model, PracticeRow) and model not in LEFT_OUT)
    return sorted(every, key=lambda model: model._meta.db_table)


def described(model: type[PracticeRow]) -> Table:
    """The table of `model`, its columns in their order."""
    about = (model.__doc__ or "").strip().split("\n\n")[0]
    return Table(
        name=model._meta.db_table,
        key=model._meta.pk.attname,
        about=" ".join(about.split()),
        columns=tuple(_column(field) for field in model._meta.concrete_fields),
        derived=model._meta.db_table == "billing_linebalance",
    )


def _column(field: Any) -> Column:
    target = field.target_field if field.is_relation else field
    kind = next(kind for known, kind in _TYPES if isinstance(target, known))
    related = field.related_model._meta if field.is_relation else None
    return Column(
        name=field.attname,
        type=kind,
        nullable=field.null,
        unit="cents" if field.name in _CENTS and kind == "integer" and not field.is_relation else "",
        references=f"{related.db_table}.{related.pk.attname}" if related else "",
    )
