"""JSON as `jsonform.to_json` makes it, read back into trees."""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import msgspec
from msgspec import Struct

from superbill.x12.lexer import Delimiters, elements
from superbill.x12.library import compiled, guides_of
from superbill.x12.nodes import Compiled, Node
from superbill.x12.standard.base import Segment
from superbill.x12.standard.control import GE, GS, IEA, ISA, TA1
from superbill.x12.tools.jsonvalues import Json, struct_of
from superbill.x12.tools.words import ToolError, count_segments
from superbill.x12.tree import UNPLACED, Group, Interchange, Loop, Transaction, Unplaced

_ENVELOPE: dict[str, type[Segment]] = {"ISA": ISA, "TA1": TA1, "GS": GS, "GE": GE, "IEA": IEA}


class _Document(Struct, forbid_unknown_fields=True):
    delimiters: Delimiters = Delimiters()
    line_ending: str = ""
    body: list[Json] = []
    blanks: dict[str, str] = {}


class _File(Struct, forbid_unknown_fields=True):
    interchanges: list[_Document]


def _no(what: str) -> NoReturn:
    raise ToolError(f"Not X12 as JSON: {what}")


class _Reader:
    """JSON to trees under the delimiters of one interchange."""

    def __init__(self, delimiters: Delimiters) -> None:
        self.delimiters = delimiters

    def unplaced(self, text: Any) -> Unplaced:
        if not isinstance(text, str):
            _no("a segment of $unplaced has to be its text.")
        return Unplaced(text, tuple(elements(text, self.delimiters)))

    def segment(self, cls: type[Segment], value: Any) -> Segment:
        if not isinstance(value, dict):
            _no(f"a segment {cls.__name__} has to be an object.")
        raw = value.get("$raw", "")
        if not isinstance(raw, str):
            _no("$raw has to be a text.")
        made = struct_of(cls, value, raw)
        assert isinstance(made, Segment)
        return made

    def loop(self, node: Node, value: Any) -> Loop:
        """A loop from its names, in `$order` or else in the guide's."""
        if not isinstance(value, dict):
            _no(f"a loop {node.rule.id} has to be an object.")
        left: dict[str, Iterator[Any]] = {}
        ordered: list[tuple[int, str]] = []
        for name, given in value.items():
            if name.startswith("$") and name != "$unplaced":
                continue
            if name != "$unplaced" and name not in node.names:
                raise ToolError(f"Loop {node.rule.id} has no {name!r}; it has {', '.join(node.names)}.")
            several = given if isinstance(given, list) else [given]
            left[name] = iter(several)
            ordered += [(UNPLACED if name == "$unplaced" else node.names[name][0], name)] * len(several)
        order = value.get("$order")
        if order is None:
            ordered.sort()
        elif not isinstance(order, list) or sorted(map(str, order)) != sorted(name for _, name in ordered):
            _no(f"$order of a loop {node.rule.id} has to have each name as often as the loop has it.")
        else:
            ordered = [(UNPLACED if name == "$unplaced" else node.names[name][0], name) for name in order]
        body = [self._part(node, index, next(left[name])) for index, name in ordered]
        return node.cls(tuple(body), bytes([index for index, _ in ordered]))

    def _part(self, node: Node, index: int, value: Any) -> Segment | Loop:
        if index == UNPLACED:
            return self.unplaced(value)
        part = node.parts[index]
        return self.loop(part, value) if isinstance(part, Node) else self.segment(part.cls, value)

    def item(self, value: Json) -> Any:
        """A part of an interchange or group."""
        if "$group" in value:
            inner = value["$group"]
            if not isinstance(inner, list) or not all(isinstance(each, dict) for each in inner):
                _no("$group has to be a list of objects.")
            return Group(body=[self.item(each) for each in inner])
        if "$transaction" in value:
            guide = _guide(value["$transaction"])
            root = self.loop(guide.root, value)
            if not root.body or root.shape[0] != 0:
                _no("a transaction set has to begin with its header.")
            return Transaction(compiled=guide, root=root, position=0)
        if "$unplaced" in value and isinstance(value["$unplaced"], list) and len(value["$unplaced"]) == 1:
            return self.unplaced(value["$unplaced"][0])
        cls = _ENVELOPE.get(str(value.get("$segment")))
        if cls is None:
            _no("what is in an interchange needs $group, $transaction, $unplaced or $segment.")
        return self.segment(cls, value)


def _guide(key: Any) -> Compiled:
    if key == "unknown":
        return guides_of(["ST"], "-", [])[0]
    try:
        return compiled(str(key))
    except KeyError as error:
        raise ToolError(f"Not X12 as JSON: {error.args[0]}.") from None


def _interchange(document: _Document, position: int) -> Interchange:
    reader = _Reader(document.delimiters)
    body = [reader.item(part) for part in document.body]
    if not body or not isinstance(body[0], ISA):
        _no("an interchange has to begin with its ISA.")
    blanks = {}
    for place, text in document.blanks.items():
        if not re.fullmatch(r"-?[0-9]{1,9}", place):
            _no(f"{place!r} of blanks is no number of a segment.")
        number = int(place)
        blanks[(abs(number) + position - 1) * (1 if number > 0 else -1)] = text
    return Interchange(
        delimiters=document.delimiters, ending=document.line_ending, body=body, position=position, blanks=blanks
    )


def from_json(data: bytes | str) -> list[Interchange]:
    """The interchanges of a document that `to_json` made, or that was written like one; `render` makes the file.

    Raises ToolError for what is no such document, with the place where that is told.
    """
    try:
        documents: list[_Document] = msgspec.json.decode(data, type=_File).interchanges
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ToolError(f"Not X12 as JSON: {error}.") from None
    made: list[Interchange] = []
    position = 1
    for document in documents:
        made.append(_interchange(document, position))
        position += count_segments(made[-1])
    return made
