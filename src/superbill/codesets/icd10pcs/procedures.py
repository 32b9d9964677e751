"""The names of procedures: what surgeons and coders say, and the words and tables of ICD-10-PCS that they mean.

Written by us, read from procedures.yaml. A code here is a place to start, not a coding decision.
"""

from functools import cache
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

LENGTH = 7
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
    """Every entry in the order of the file. Raises msgspec.ValidationError for one that departs from the schema."""
    text = resources.files(__package__).joinpath("procedures.yaml").read_bytes()
    return msgspec.yaml.decode(text, type=tuple[Procedure, ...])
