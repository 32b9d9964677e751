"""X12 files as people read them: every segment by name with its fields, as it was sent, and the boxes it comes from."""

import csv
import re
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

from msgspec import Struct

from superbill.x12 import X12ReadError
from superbill.x12.tools.show import show

_FORMS = {"837P": ("cms1500", "box"), "837I": ("ub04", "FL"), "837D": ("ada", "item")}
_QUALIFIED = re.compile(r"^(?P<loop>\S+) (?P<segment>[A-Z]{2,3}[0-9]?)\*(?P<qualifier>\S+)$")
_LEVEL_CODE = 3
_ELEMENT = re.compile(r"^(?P<loop>\S+) (?P<segment>[A-Z0-9]{2,3}?)(?P<element>[0-9]{2})?(?:-[0-9])?$")


class Shown(Struct, frozen=True, kw_only=True):
    """One line of a file: a loop's head or a segment. `raw` is the segment as sent without its terminator; `boxes` say
    where on the form it stands ("box 1a, 11")."""

    depth: int
    position: int
    kind: str
    id: str
    title: str
    fields: tuple[tuple[str, str], ...] = ()
    raw: str = ""
    boxes: str = ""

    def says(self, asked: str) -> bool:
        """Whether a search for `asked` finds this line."""
        wanted = asked.casefold()
        told = (self.id, self.title, self.raw, self.boxes, *(f"{name} {value}" for name, value in self.fields))
        return any(wanted in one.casefold() for one in told)


def shown_lines(data: bytes, claim: str = "") -> Iterator[Shown]:
    """The lines of a file in their order; with `claim` those of the claim (or answer) of that control number, with the
    levels above it. A file that is no X12 gives its lines of text."""
    if claim and claim.encode() not in data:
        return
    raw = _raw(data)
    loop, guide = "", ""
    try:
        for line in show(data, claim=claim):
            if line.kind == "transaction":
                guide = line.id
            if line.kind == "loop":
                loop = line.id
            sent = raw[line.position - 1] if line.kind != "loop" and line.position <= len(raw) else ""
            if line.kind == "transaction":
                sent = ""
            told = _boxes(guide, loop, sent) if line.kind == "segment" else ""
            yield Shown(
                depth=line.depth, position=line.position, kind=line.kind, id=line.id, title=line.title,
                fields=line.fields, raw=sent, boxes=told,
            )  # fmt: skip
    except X12ReadError:
        text = data[:200_000].decode("utf-8", "replace")
        for number, row in enumerate(text.splitlines(), 1):
            yield Shown(depth=0, position=number, kind="unknown", id="", title="", raw=row[:2000])


def claim_slice(interchange: bytes, control_number: str) -> bytes:
    """An 837 with this claim alone: the envelope, the levels above it (billing provider, subscriber, patient), the
    claim. Empty when it is not there.

    Reads the delimiters from the ISA; expects levels in the order in which an 837 has them.
    """
    raw = _raw(interchange)
    if not raw:
        return b""
    element = raw[0][3]
    head: list[str] = []
    above: dict[str, list[str]] = {}
    current: list[str] = head
    taking = False
    for number, sent in enumerate(raw, 1):
        segment = sent.split(element)
        tag = segment[0]
        if taking and tag in ("HL", "CLM", "SE"):
            return _wrapped(interchange, head, above, raw[number - 1 :])
        if tag == "HL" and len(segment) > _LEVEL_CODE:
            level = segment[_LEVEL_CODE]
            above = {key: rows for key, rows in above.items() if key < level}
            current = above[level] = []
        elif tag == "CLM":
            taking = len(segment) > 1 and segment[1] == control_number
            current = above["claim"] = []
        elif tag in ("SE", "GE", "IEA"):
            current = []
        elif tag in ("ST", "GS"):
            head = [one for one in head if not one.startswith((tag + element, "ST" + element, "BHT", "NM1", "PER"))]
            above, current = {}, head
        current.append(sent)
    return b""


def _wrapped(interchange: bytes, head: list[str], above: dict[str, list[str]], rest: list[str]) -> bytes:
    """The slice closed by the first SE, GE and IEA of what comes after it."""
    ends = [next((one for one in rest if one.startswith(tag)), "") for tag in ("SE", "GE", "IEA")]
    text = interchange.decode("utf-8", "replace")
    terminator = text[text.find("ISA") + 105]
    parts = [*head, *(sent for rows in above.values() for sent in rows), *ends]
    return "".join(f"{part}{terminator}" for part in parts if part).encode()


def _raw(data: bytes) -> list[str]:
    text = data.decode("utf-8", "replace")
    start = text.find("ISA")
    if start < 0 or len(text) < start + 106:
        return []
    return [part.strip("\r\n ") for part in text[start:].split(text[start + 105])]


@lru_cache(8)
def _places(guide: str) -> dict[tuple[str, str], list[tuple[str, int, str]]]:
    """By loop and segment of a guide: (qualifier, element, box) of every field that has a box."""
    form = _FORMS.get(guide)
    if form is None:
        return {}
    text = files("superbill.claims").joinpath("positions.csv").read_text("utf-8")
    made: dict[tuple[str, str], list[tuple[str, int, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        place, box = row[guide], row[form[0]]
        found = _QUALIFIED.match(place) or _ELEMENT.match(place)
        if box and found:
            parts = found.groupdict()
            element = int(parts.get("element") or 0)
            made.setdefault((parts["loop"], parts["segment"]), []).append((parts.get("qualifier") or "", element, box))
    return made


@lru_cache(4096)
def _boxes(guide: str, loop: str, sent: str) -> str:
    if not sent:
        return ""
    separator = sent[len(sent.partition("*")[0])] if "*" in sent else "*"
    segment, first, *_rest = [*sent.split(separator), "", ""]
    qualifier = first.partition(":")[0]
    told = ["", first, *_rest]
    boxes = [
        box
        for wanted, element, box in _places(guide).get((loop, segment), ())
        if wanted in ("", qualifier) and (not element or "".join(told[element : element + 1]))
    ]
    word = _FORMS[guide][1] if guide in _FORMS else ""
    return f"{word} {', '.join(dict.fromkeys(boxes))}" if boxes else ""
