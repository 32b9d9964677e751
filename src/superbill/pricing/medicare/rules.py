"""Medicare's payment rules as data: rules.yaml and practitioners.yaml beside this module, each number by its day."""

from datetime import date
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import msgspec
import yaml
from msgspec import Struct

from superbill.effective import Dated

# libyaml reads ten times faster than the Python of the same parser, where the wheel has it; both are the safe one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Rule(Struct, frozen=True):
    """A payment rule: its slug, what it is, where it is written, and its numbers by the first day of each."""

    id: str
    title: str
    source: str
    numbers: Dated[tuple[Decimal, ...]]

    def on(self, day: date) -> tuple[Decimal, ...]:
        """The numbers on the day of service; () before the first and after the last."""
        return self.numbers.on(day) or ()


class Practitioner(Struct, frozen=True):
    """A kind of practitioner who is paid a share of the physician's fee."""

    kind: str
    taxonomies: tuple[str, ...]
    source: str
    share: Dated[Decimal]


class _Told(Struct, forbid_unknown_fields=True):
    source: str
    title: str = ""
    values: dict[date, str | tuple[str, ...] | None] = {}


class _Kind(Struct, forbid_unknown_fields=True):
    taxonomies: tuple[str, ...]
    source: str
    share: dict[date, str]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its slug."""
    told = msgspec.convert(_document("rules.yaml"), dict[str, _Told])
    return {slug: Rule(slug, each.title, each.source, Dated(_steps(each.values))) for slug, each in told.items()}


@cache
def practitioners() -> tuple[Practitioner, ...]:
    """The kinds of practitioner who are paid less than a physician."""
    told = msgspec.convert(_document("practitioners.yaml"), dict[str, _Kind])
    return tuple(
        Practitioner(
            kind, each.taxonomies, each.source,
            Dated((day, Decimal(share)) for day, share in each.share.items()),
        )
        for kind, each in told.items()
    )  # fmt: skip


@cache
def practitioner(provider: str) -> Practitioner | None:
    """The kind that a slug ("physician-assistant") or a taxonomy code names; None for one who is paid in full."""
    for each in practitioners():
        if provider == each.kind or provider.startswith(each.taxonomies):
            return each
    return None


def _steps(values: dict[date, str | tuple[str, ...] | None]) -> list[tuple[date, tuple[Decimal, ...] | None]]:
    return [
        (day, None if value is None else tuple(Decimal(each) for each in _several(value)))
        for day, value in values.items()
    ]


def _several(value: str | tuple[str, ...]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value


def _document(name: str) -> dict[str, object]:
    text = resources.files(__package__).joinpath(name).read_text(encoding="utf-8")
    document = yaml.load(text, Loader=_LOADER)  # noqa: S506  # both of _LOADER are safe loaders
    assert isinstance(document, dict)
    return document
