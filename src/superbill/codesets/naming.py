"""What people call the codes of a system: names, eponyms, abbreviations and brands, written by us, read from YAML.

A code here is a place to start, not a coding decision: search ranks it.
"""

import re
from importlib import resources
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

Text = Annotated[str, Meta(min_length=1, max_length=160, pattern=r"^\S(.*\S)?$")]
Code = Annotated[str, Meta(pattern=r"^[0-9A-Z]{3,7}$")]


class Naming(Struct, frozen=True, forbid_unknown_fields=True):
    """Names of one thing. `means` is in the words of the system's titles. `codes`: whole codes, the most usual first,
    then the beginnings of what else it may be; () for a word that only helps to say something (an approach)."""

    terms: Annotated[tuple[Text, ...], Meta(min_length=1)]
    means: Text
    codes: tuple[Code, ...] = ()


def read(package: str, name: str) -> tuple[Naming, ...]:
    """The entries of the files beside `package` whose names match, file by file.

    Raises msgspec.ValidationError naming the file for one that departs from the schema.
    """
    folder = resources.files(package)
    files = sorted(file.name for file in folder.iterdir() if re.fullmatch(name, file.name))
    return tuple(entry for file in files for entry in _file(file, folder.joinpath(file).read_bytes()))


def _file(name: str, text: bytes) -> tuple[Naming, ...]:
    try:
        return msgspec.yaml.decode(text, type=tuple[Naming, ...])
    except msgspec.DecodeError as reason:
        raise msgspec.ValidationError(f"{name}: {reason}") from reason
