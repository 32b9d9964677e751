"""Finding what a FHIR reference names, in every way that R4 allows to name it."""

from collections.abc import Iterable
from typing import Any, TypeVar, overload
from urllib.parse import unquote

from msgspec import Raw

from superbill.chart.fhir import decode
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Reference
from superbill.chart.fhir.resources import RESOURCES, Practitioner, PractitionerRole, Resource

R = TypeVar("R", bound=Resource)
Q = TypeVar("Q", bound=Resource)

_ROLE = "role of "


def key_of(reference: Reference) -> str:
    """One string for what a reference names: "Type/id", "urn:uuid:…", "Type?system|value", "?system|value", "#id".

    "" for a reference that names nothing (display only). Server addresses and versions are cut off.
    """
    text = reference.reference
    if text:
        if text[0] == "#" or text.startswith("urn:"):
            return text
        if "?" in text:
            kind, _, query = text.partition("?")
            parameter, _, token = query.partition("=")
            return f"{kind.rsplit('/', 1)[-1]}?{unquote(token)}" if parameter == "identifier" else text
        parts = text.split("/_history/", 1)[0].split("/")
        return "/".join(parts[-2:])
    identifier = reference.identifier
    return f"?{identifier.system}|{identifier.value}" if identifier and identifier.value else ""


class Index:
    """Resources by everything that may name them. What is not here is looked for in `parent`."""

    def __init__(self, parent: "Index | None" = None) -> None:
        self._items: dict[str, Item] = {}
        self._parent = parent

    def add(self, item: Item) -> None:
        """Make `item` known. The first of two with the same name stays."""
        names = [f"{item.kind}/{item.id}"]
        if item.full_url:
            names.append(item.full_url)
        for identifier in getattr(item.resource, "identifier", ()):
            if identifier.value:
                names.append(f"{item.kind}?{identifier.system}|{identifier.value}")
                names.append(f"{item.kind}?|{identifier.value}")
        if isinstance(item.resource, PractitionerRole):
            who = key_of(item.resource.practitioner)
            names.append(_ROLE + who.removeprefix("Practitioner?").removeprefix("?"))
        for name in names:
            self._items.setdefault(name, item)

    def role_of(self, id_: str, person: Practitioner) -> PractitionerRole | None:
        """The first role in which a practitioner is known, by any of the practitioner's names."""
        names = [f"Practitioner/{id_}", f"urn:uuid:{id_}"]
        names += [f"{one.system}|{one.value}" for one in person.identifier if one.value]
        for name in names:
            item = self._items.get(_ROLE + name)
            if item is not None and isinstance(item.resource, PractitionerRole):
                return item.resource
        return self._parent.role_of(id_, person) if self._parent else None

    def named(self, key: str, kinds: Iterable[str]) -> Item | None:
        """The item of one of `kinds` that `key` (of `key_of`) names."""
        keys = [f"{kind}{key}" for kind in kinds] if key.startswith("?") else [key]
        # A token without "|" is a value in whatever system.
        keys += [
            f"{kind}?|{value}" for kind, _, value in (k.partition("?") for k in keys) if value and "|" not in value
        ]
        for name in keys:
            item = self._items.get(name)
            if item is not None and item.kind in kinds:
                return item
        return self._parent.named(key, kinds) if self._parent else None

    @overload
    def find(
        self, reference: Reference, kind: type[R], /, *, contained: tuple[Raw, ...] = ()
    ) -> tuple[str, R] | None: ...

    @overload
    def find(
        self, reference: Reference, kind: type[R], other: type[Q], /, *, contained: tuple[Raw, ...] = ()
    ) -> tuple[str, R | Q] | None: ...

    def find(self, reference: Reference, *kinds: type[Resource], contained: tuple[Raw, ...] = ()) -> Any:
        """Id and resource, of one of the types `kinds`, that a reference names; `contained` serves "#id"."""
        key = key_of(reference)
        if not key:
            return None
        names = tuple(kind.__name__ for kind in kinds)
        if key[0] == "#":
            inner = _contained(key[1:], names, contained)
            return (key, inner) if isinstance(inner, kinds) else None
        item = self.named(key, names)
        return (item.id, item.resource) if item is not None and isinstance(item.resource, kinds) else None


def _contained(wanted: str, kinds: tuple[str, ...], contained: tuple[Raw, ...]) -> Resource | None:
    """The contained resource of that id; a broken one counts as absent."""
    for raw in contained:
        try:
            kind = decode.resource_type(raw)
            if kind in kinds and kind in RESOURCES:
                inner = decode.resource(kind, raw)
                if inner.id.lstrip("#") == wanted:
                    return inner
        except decode.BROKEN:
            continue
    return None
