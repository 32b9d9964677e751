"""The X12 guides as tables: every loop and segment that is read, written and validated."""

from collections.abc import Iterator

from tools.docs_tables import code, table

from superbill.x12.grammar import MANY, Guide, Loop, Segment
from superbill.x12.guides import claim_acknowledgement, functional, professional, remittance

GUIDES = {
    "837P: professional claim": professional.GUIDE,
    "835: payment and remittance advice": remittance.GUIDE,
    "999: implementation acknowledgement": functional.GUIDE,
    "277CA: claim acknowledgement": claim_acknowledgement.GUIDE,
}
_USAGE = {"R": "required", "S": "situational"}


def guides() -> str:
    """A section per transaction set."""
    return "\n".join(_section(title, guide) for title, guide in GUIDES.items())


def _section(title: str, guide: Guide) -> str:
    rows = list(_rows(guide.root))
    heads = ("loop", "segment", "for", "usage", "times", "elements carried")
    return (
        f"## {title}\n\nWritten as {code(guide.version)}; read as {', '.join(map(code, guide.versions))}.\n\n"
        f"{table(heads, rows)}\n"
    )


def _rows(loop: Loop) -> Iterator[tuple[str, ...]]:
    for part in loop.parts:
        if isinstance(part, Loop):
            yield from _rows(part)
        else:
            yield _row(loop, part)


def _row(loop: Loop, segment: Segment) -> tuple[str, ...]:
    opens = segment is loop.opener
    name = f"{segment.id} {'/'.join(segment.qualifiers)}".strip()
    times = loop.repeat if opens else segment.repeat
    carried = [f"{segment.id}{each.position:02d}" for each in segment.elements if each.name or each.beside]
    usage = _USAGE[loop.usage] + " loop" if opens else _USAGE[segment.usage]
    shown = ", ".join(carried) or ("all" if segment.many else "")
    return code(loop.id), code(name), segment.title, usage, "any" if times >= MANY else str(times), shown
