"""Groups of ICD-10-CM codes that coding asks about: may it come first, is it chronic, is it a symptom."""

from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

# libyaml reads ten times faster than the Python of the same parser, where the wheel has it; both are the safe one.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(name: str) -> Any:
    """One of the YAML tables beside this module."""
    text = resources.files("superbill.coding.data").joinpath(name).read_text(encoding="utf-8")
    return yaml.load(text, Loader=_LOADER)  # noqa: S506  # both of _LOADER are safe loaders


@cache
def _prefixes(group: str) -> tuple[str, ...]:
    return tuple(str(prefix) for prefix in load("groups.yaml")[group])


@lru_cache(maxsize=65_536)
def belongs(code: str, group: str) -> bool:
    """Does `code` begin with one of the prefixes of `group`?"""
    return code.startswith(_prefixes(group))
