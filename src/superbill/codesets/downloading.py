"""Gets official downloads: from their publishers, or from any base address that keeps the same files."""

import hashlib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote, urlsplit

from msgspec import Struct

from superbill.codesets.importing import Outcome, import_file
from superbill.codesets.official import Edition, editions
from superbill.codesets.release import Refused
from superbill.codesets.sources import LIMIT
from superbill.codesets.store import Store

_WAIT = 60  # seconds without a byte
_BLOCK = 1 << 16
_AGENT = {"User-Agent": "superbill (code set update)"}


class Update(Struct, frozen=True):
    """What became of one edition: `outcome` when it came in, else `problem` why not ("" both: it was there)."""

    edition: Edition
    outcome: Outcome | None = None
    problem: str = ""


def wanted(store: Store, on: date) -> list[Edition]:
    """The editions in force or announced on the day, and any newer, of which the store lacks a release."""
    have = {(release.system, release.effective) for release in store.releases()}
    return [
        edition
        for edition in editions()
        if edition.effective.year >= on.year - 1
        and any((each, edition.effective) not in have for each in edition.systems)
    ]


def update(
    folder: Path, chosen: list[Edition], base: str = "", say: Callable[[str], None] = lambda _: None
) -> Iterator[Update]:
    """Downloads each edition and imports it. `base`: an address that keeps the files, else their publisher's.

    One that can't be had or is refused is told and the others go on. Raises Refused for a base that is no http address.
    """
    if base and urlsplit(base).scheme not in ("http", "https"):
        raise Refused(f"{base} is no http or https address.")
    for edition in chosen:
        say(edition.title)
        with TemporaryDirectory(prefix="superbill-") as scratch:
            try:
                path = _download(edition, base, Path(scratch))
                yield Update(edition, import_file(path, folder))
            except Refused as problem:
                yield Update(edition, problem=str(problem))


def _download(edition: Edition, base: str, folder: Path) -> Path:
    addresses = [f"{base.rstrip('/')}/{quote(name)}" for name in edition.names] if base else [edition.address]
    problems = []
    for address in addresses:
        path = folder / address.rpartition("/")[2]
        try:
            _fetch(address, path)
        except (urllib.error.URLError, OSError) as problem:
            problems.append(f"{address}: {getattr(problem, 'reason', problem)}")
            continue
        if edition.sha256 and hashlib.sha256(path.read_bytes()).hexdigest() != edition.sha256:
            raise Refused("has other bytes than were published.", place=address, fix="Try again, or get it by hand.")
        return path
    raise Refused("can't be downloaded.", place="; ".join(problems), fix="Get it by hand and import the file.")


def _fetch(address: str, path: Path) -> None:
    request = urllib.request.Request(address, headers=_AGENT)  # noqa: S310 - http(s): official.toml, or checked base
    with urllib.request.urlopen(request, timeout=_WAIT) as answer, path.open("wb") as target:  # noqa: S310 - as above
        size = 0
        while block := answer.read(_BLOCK):
            size += len(block)
            if size > LIMIT:
                raise Refused(f"is larger than {LIMIT:,} bytes.", place=address)
            target.write(block)
