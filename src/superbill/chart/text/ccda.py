"""Reads the narrative of a C-CDA document (HL7 CDA R2, Consolidated CDA): each section's title and its text.

The narrative block is what its author signed (CDA R2, 4.3.5); the coded entries beside it are not read here.
"""

import re
from xml.etree import ElementTree

from superbill.chart.text.html import lines
from superbill.chart.text.report import Trouble

_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(r"""(<\?xml[^>]{0,200}?)\s+encoding\s*=\s*["'][^"']{0,40}["']""")
_LINES = frozenset(
    ("paragraph", "list", "table", "tr", "thead", "tbody", "tfoot", "caption", "renderMultiMedia", "title")
)
_INNER = frozenset(("thead", "tbody", "tfoot", "tr"))
_OUTER = frozenset(("thead", "tbody", "tfoot"))
_MOST_DEEP = 200


def ccda_text(text: str) -> str:
    """The titles and narrative of a document. Raises Trouble for XML that is broken or declares entities."""
    said: list[str] = []
    _sections(parsed(text), said)
    return lines(said)


def parsed(text: str) -> ElementTree.Element:
    """The document's root. Raises Trouble for XML that is broken or declares entities."""
    if _DECLARED.search(text[:100_000]) or "<!ENTITY" in text:
        raise Trouble("chart.document-type", "The document declares a DOCTYPE, which could pull in other files.")
    try:
        bare = _ENCODING.sub(r"\1", text.lstrip("\ufeff \r\n\t"), count=1)
        return ElementTree.fromstring(bare)  # noqa: S314 - declarations were refused above, so no entity can expand
    except ElementTree.ParseError as reason:
        raise Trouble("chart.broken-xml", f"The XML is broken: {reason}.") from reason
    except ValueError as reason:
        raise Trouble("chart.broken-xml", f"The XML has characters that XML can't hold: {reason}.") from reason


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _sections(root: ElementTree.Element, said: list[str]) -> None:
    """Every section in the order of the document, sections within sections too."""
    todo = [root]
    while todo:
        element = todo.pop()
        if _name(element) == "section":
            for part in element:
                if _name(part) == "title":
                    said.append("\n\n" + " ".join("".join(part.itertext()).split()) + "\n\n")
                elif _name(part) == "text":
                    _narrative(part, said, 0, [])
                    said.append("\n")
        todo.extend(reversed([child for child in element if _name(child) not in ("text", "entry")]))


def _narrative(element: ElementTree.Element, said: list[str], deep: int, numbers: list[int | None]) -> None:
    if deep > _MOST_DEEP:
        return
    said.append(_words(element.text))
    cells = 0
    for child in element:
        name = _name(child)
        if name == "br":
            said.append("\n")
        elif name in ("td", "th"):
            said.append(" | " if cells else "")
            cells += 1
        elif name == "item":
            number = numbers[-1] if numbers else None
            said.append("\n" + "  " * (len(numbers) - 1) + (f"{number}. " if number else "- "))
            if number:
                numbers[-1] = number + 1
        elif name in _LINES and name not in _INNER:
            said.append("\n")
        ordered = child.get("listType") == "ordered"
        inner = [*numbers, 1 if ordered else None] if name == "list" else numbers
        _narrative(child, said, deep + 1, inner)
        if name in _LINES and name not in _OUTER:
            said.append("\n")
        said.append(_words(child.tail))


def _words(text: str | None) -> str:
    if not text:
        return ""
    bare = " ".join(text.split())
    return " " * text[:1].isspace() + bare + " " * (text[-1:].isspace() and bool(bare))
