"""Static files, from the packages themselves. Their address carries a mark of all their content, so that browsers may
keep them for good; modules of JavaScript find each other beside themselves."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from whitenoise import WhiteNoise

SOURCES = {"": "superbill.app.web", "htmx/": "django_htmx"}  # by their place under /static/<mark>/


@cache
def folders() -> dict[str, Path]:
    """The folders of static files, by their place."""
    inside = {"": "static", "htmx/": "static/django_htmx"}
    return {place: Path(str(files(package).joinpath(inside[place]))) for place, package in SOURCES.items()}


@cache
def mark() -> str:
    """Changes when any static file does."""
    digest = hashlib.sha256()
    for place, folder in folders().items():
        for file in sorted(folder.rglob("*.*")):
            digest.update(f"{place}{file.relative_to(folder)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:12]


def address(name: str) -> str:
    """Where a browser finds the file. Raises FileNotFoundError for a name that no folder has."""
    place = max((one for one in folders() if name.startswith(one)), key=len)
    if not (folders()[place] / name.removeprefix(place)).is_file():
        raise FileNotFoundError(f"no static file {name}")
    return f"/static/{mark()}/{name}"


def with_assets(application: Any, headers: dict[str, str]) -> WhiteNoise:
    """The application, with the static files in front of it; every file carries `headers`."""

    def put(found: Any, _path: str, _url: str) -> None:
        for name, value in headers.items():
            found[name] = value

    served = WhiteNoise(application, add_headers_function=put, immutable_file_test=lambda _path, _url: True)
    for place, folder in folders().items():
        served.add_files(str(folder), prefix=f"static/{mark()}/{place}")
    return served
