"""Filters in an address: only known values count, and they stay from page to page."""

from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlencode

from django.http import HttpRequest


def chosen(request: HttpRequest, name: str, known: Collection[str]) -> str:
    """The filter's value when it is a known one, else ""."""
    value = request.GET.get(name, "")
    return value if value in known else ""


def query(**filters: str) -> str:
    """The filters that are set, as the end of an address ("&state=denied")."""
    kept = {name: value for name, value in filters.items() if value}
    return f"&{urlencode(kept)}" if kept else ""


def states_of(state: str, groups: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The states that a filter stands for: a group's, its own, or none for all."""
    return groups.get(state) or ((state,) if state else ())
