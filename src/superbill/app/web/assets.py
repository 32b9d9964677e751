"""Static files, from the package itself; their address carries their content, so that browsers may keep them."""

from functools import cache
from importlib.resources import files

from msgspec import Struct

from superbill.app.documents import content_key

KINDS = {"css": "text/css; charset=utf-8", "svg": "image/svg+xml"}


class Asset(Struct, frozen=True):
    """One file: its bytes, its media type and the start of its hash."""

    content: bytes
    kind: str
    mark: str


@cache
def assets() -> dict[str, Asset]:
    """Every static file, by name."""
    found = {}
    for file in files("superbill.app.web").joinpath("static").iterdir():
        kind = KINDS.get(file.name.rpartition(".")[2])
        if kind:
            content = file.read_bytes()
            found[file.name] = Asset(content, kind, content_key(content)[:12])
    return found


def address(name: str) -> str:
    """Where a browser finds the file."""
    return f"/static/{assets()[name].mark}/{name}"
