"""What is published where: official.toml beside this module, as data. Addresses to get files from, hashes to expect."""

import tomllib
from datetime import date
from functools import cache
from importlib import resources

import msgspec
from msgspec import Struct


class Edition(Struct, frozen=True, kw_only=True):
    """One published download.

    `address` is the publisher's; `names` are the names under which a mirror may keep it, tried in turn; `sha256` is
    of the download, `members` maps the files that are imported from it to theirs (unpacked), where we have seen them.
    """

    title: str
    systems: tuple[str, ...]
    effective: date
    address: str
    names: tuple[str, ...]
    sha256: str = ""
    members: dict[str, str] = {}


@cache
def editions() -> tuple[Edition, ...]:
    """Every download that we know, oldest first."""
    text = resources.files(__package__).joinpath("official.toml").read_text(encoding="utf-8")
    found = msgspec.convert(tomllib.loads(text)["edition"], type=tuple[Edition, ...])
    return tuple(sorted(found, key=lambda edition: (edition.effective, edition.title)))


def pinned(name: str) -> frozenset[str]:
    """The hashes that a file of this name may have; empty when we know none."""
    return frozenset(edition.members[name] for edition in editions() if name in edition.members)
