"""Reads the XML of the official ICD-10-CM books, with the line where it is broken."""

from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from superbill.codesets.release import Refused
from superbill.codesets.sources import Source


def parsed(source: Source, tag: str) -> Element:
    """The root element. Raises Refused for XML that is not whole, or whose root is another."""
    parser = XMLParser(target=TreeBuilder())  # noqa: S314 - expat since 2.4.1 stops entity floods; none is resolved
    try:
        parser.feed(source.data)
        root: Element = parser.close()
    except ParseError as problem:
        line = problem.position[0]
        raise Refused("is not whole XML.", place=f"{source.name}:{line:,}", fix="Download it again.") from problem
    if root.tag != tag:
        raise Refused(f"begins with {root.tag}, not {tag}.", place=source.name, fix="Take the official XML.")
    return root


def text_of(element: Element | None) -> str:
    """All text within the element, blanks made one; "" for none."""
    return "" if element is None else " ".join("".join(element.itertext()).split())
