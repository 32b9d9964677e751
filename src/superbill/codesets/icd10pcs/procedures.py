"""The names of procedures: what surgeons and coders say, and the words and tables of ICD-10-PCS that they mean.

Written by us, read from procedures*.yaml. A code here is a place to start, not a coding decision.
"""

import re
from functools import cache
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

LENGTH = 7
_NAME = re.compile(r"procedures\w*\.yaml")
Text = Annotated[str, Meta(min_length=1, max_length=120, pattern=r"^\S(.*\S)?$")]
Code = Annotated[str, Meta(pattern=r"^[0-9A-HJ-NP-Z]{3,7}$")]


class Procedure(Struct, frozen=True, forbid_unknown_fields=True):
    """Names of one procedure. `means` is in the words of the titles. `codes`: whole codes, the most usual first, then
    the beginnings of what else it may be; () for a word that only helps to say something (an approach)."""

    terms: Annotated[tuple[Text, ...], Meta(min_length=1)]
    means: Text
    codes: tuple[Code, ...] = ()


@cache
def entries() -> tuple[Procedure, ...]:
    """Every entry, file by file. Raises msgspec.ValidationError for one that departs from the schema."""
    folder = resources.files(__package__)
    names = sorted(file.name for file in folder.iterdir() if _NAME.fullmatch(file.name))
    return tuple(
        entry
        for name in names
        for entry in msgspec.yaml.decode(folder.joinpath(name).read_bytes(), type=tuple[Procedure, ...])
    )
