"""The notes of one place of the Tabular List as instructions: which items belong together, and what is a headline.

"Code first underlying disease, such as:" introduces the items behind it; each of those names codes that meet the
instruction. An item that names codes only in words is kept as such: what no program can read is never a pass.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from msgspec import Struct

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.lookup import CodeBook, Note
from superbill.codesets.icd10cm.targets import Target, introduces, scope

Reading = Literal["readable", "roughly", "headline", "words only"]
Wish = Literal["always", "any", "if applicable", "in its case"]
EXCLUDES = (schema.EXCLUDES1, schema.EXCLUDES2)
ORDERS = (schema.CODE_FIRST, schema.USE_ADDITIONAL, schema.CODE_ALSO)
KINDS = (*EXCLUDES, *ORDERS)

# How the first item of a further instruction begins, in a list of "use additional" items.
_BEGINS = re.compile(r"(external cause )?codes?\b|from categor|to identify\b|\(")
_CONDITION = re.compile(r"\b(if|where) (applicable|known|present|desired|necessary)\b|\bif [a-z]+-induced\b")
_ANY = re.compile(
    r"\bany\b|\bwhen (specified|associated)\b|\bpresence of\b|\binfectious (agent|organism)\b|\bcontrol using\b|"
    r"\badverse effect\b|\borganism\b"
)
# Items that speak of one case among others: heart failure alone needs none of "heart failure due to hypertension".
_CASE = re.compile(r"\bcomplicating\b|\bdue to\b|^any (?!associated|current)|\bassociated AIDS\b")
_CAUSE = re.compile(r"^(the )?underlying cause\b")
_EXTERNAL = frozenset("VWXY")
_OPEN = re.compile(r"\bsuch as\b|\bincluding\b")


class Item(Struct, frozen=True):
    """One item of an instruction, and how it is read: by its codes ("readable"), by codes among which the one meant
    stands ("roughly"), as a headline, or not at all ("words only")."""

    text: str
    reading: Reading
    targets: tuple[Target, ...] = ()


class Instruction(Struct, frozen=True, kw_only=True):
    """What one place of the Tabular List asks: items that are alternatives to each other, under a headline or none.

    `node` and `kind` as of `Note`. `wish`: how it asks: always, for any that there is, if it applies or is known, or
    only in the case of which it speaks. `open`: the items are examples.
    `scope`: the codes of the place for which it holds, () all.
    """

    node: str
    kind: str
    headline: str
    items: tuple[Item, ...]
    wish: Wish
    open: bool
    scope: tuple[Target, ...] = ()

    @property
    def targets(self) -> tuple[Target, ...]:
        """The codes that meet the instruction, of all items."""
        return tuple(target for item in self.items for target in item.targets)

    @property
    def text(self) -> str:
        """The instruction as the book has it, on one line."""
        listed = "; ".join(item.text for item in self.items).replace(":; ", ": ")
        return f"{self.headline} {listed}".lstrip(", ")


def instructions(notes: Sequence[Note]) -> tuple[Instruction, ...]:
    """The instructions of the notes of one node, in the order of the book. Notes that instruct nothing are left out."""
    found: list[Instruction] = []
    for kind in KINDS:
        own = [note for note in notes if note.kind == kind]
        found += _excluding(own) if kind in EXCLUDES else _ordering(own)
    return tuple(found)


def _item(note: Note, *, followed: bool) -> Item:
    if note.targets:
        return Item(note.text, "readable" if all(t.proves for t in note.targets) else "roughly", note.targets)
    return Item(note.text, "headline" if followed and introduces(note.text) else "words only")


def _items(notes: Sequence[Note]) -> list[Item]:
    return [_item(note, followed=place + 1 < len(notes)) for place, note in enumerate(notes)]


def _excluding(notes: Sequence[Note]) -> Iterator[Instruction]:
    """Each item for itself, its headline with it."""
    headline = ""
    for note, item in zip(notes, _items(notes), strict=True):
        if item.reading == "headline":
            headline = item.text
        else:
            yield _instruction(note, headline, [item])


def _ordering(notes: Sequence[Note]) -> Iterator[Instruction]:
    """Items that follow each other are alternatives, until a headline or another beginning."""
    headline, gathered, single = "", list[Item](), False
    for note, item in zip(notes, _items(notes), strict=True):
        begins = note.kind == schema.USE_ADDITIONAL and bool(_BEGINS.match(note.text))
        apart = item.reading == "headline" or begins or (single and not note.text.startswith("or "))
        if gathered and apart:
            yield _instruction(note, headline, gathered)
            headline, gathered = "", []
        if item.reading == "headline":
            headline, single = item.text, False
        else:
            gathered.append(item)
            single = begins and not introduces(note.text)
    if gathered:
        yield _instruction(notes[-1], headline, gathered)


def _instruction(note: Note, headline: str, items: list[Item]) -> Instruction:
    first = headline or items[0].text
    return Instruction(
        node=note.node,
        kind=note.kind,
        headline=headline,
        items=tuple(items),
        wish=_wish(note, headline, items),
        open=bool(_OPEN.search(first)) or any(item.reading == "words only" for item in items),
        scope=scope(headline),
    )


def _wish(note: Note, headline: str, items: list[Item]) -> Wish:
    first = headline or items[0].text
    if note.kind in EXCLUDES or scope(first):
        return "always"
    if _CONDITION.search(first) or all(_CONDITION.search(item.text) for item in items):
        return "if applicable"
    if note.kind == schema.CODE_FIRST and _CASE.search(first):
        return "in its case"
    if _ANY.search(first) or all(_ANY.search(item.text) for item in items) or _CAUSE.search(first):
        return "any"
    return "any" if note.kind == schema.USE_ADDITIONAL and _circumstances(note, headline, items) else "always"


def _circumstances(note: Note, headline: str, items: list[Item]) -> bool:
    """Whether it lists circumstances of which a patient may have none.

    Under a headline it does; a chapter's note can't be for every code; external causes are reported where somebody
    asks for them (guideline I.C.20).
    """
    letters = {target.first[0] for item in items for target in item.targets}
    listed = bool(headline) or not _BEGINS.match(items[0].text) or note.node.isdigit() or "-" in note.node
    return listed or (bool(letters) and letters <= _EXTERNAL)


class Coverage(Struct, frozen=True, kw_only=True):
    """How many items of one kind of note a program reads.

    `readable`: their codes are known. `roughly`: the codes among which the one meant stands are known, so that their
    absence is found and their presence proves nothing. `words_only`: reported as not checked.
    """

    kind: str
    items: int
    headlines: int
    readable: int
    roughly: int
    words_only: int

    @property
    def enforced(self) -> float:
        """The share of items, headlines apart, that a check can find broken."""
        return (self.readable + self.roughly) / max(self.items - self.headlines, 1)

    @property
    def read(self) -> float:
        """The share of items, headlines apart, that a check decides both ways."""
        return self.readable / max(self.items - self.headlines, 1)


def coverage(book: CodeBook) -> tuple[Coverage, ...]:
    """How much of the Tabular List in force is enforced, one row for each kind of instruction."""
    counts = {kind: dict.fromkeys(("readable", "roughly", "headline", "words only"), 0) for kind in KINDS}
    for kind, item in every_item(book):
        counts[kind][item.reading] += 1
    return tuple(
        Coverage(
            kind=kind,
            items=sum(count.values()),
            headlines=count["headline"],
            readable=count["readable"],
            roughly=count["roughly"],
            words_only=count["words only"],
        )
        for kind, count in counts.items()
    )


def table(rows: Sequence[Coverage]) -> str:
    """The coverage as the reference shows it, a table in Markdown."""
    head = (
        "| note | items | headlines | read by codes | read roughly | in words only | enforced |\n"
        "|---|---:|---:|---:|---:|---:|---:|\n"
    )
    return head + "".join(
        f"| {row.kind.replace('_', ' ')} | {row.items:,} | {row.headlines:,} | {row.readable:,} | {row.roughly:,} "
        f"| {row.words_only:,} | {row.enforced:.1%} |\n"
        for row in rows
    )


def every_item(book: CodeBook) -> Iterator[tuple[str, Item]]:
    """Every item of every instruction of the book, headlines too, with its kind."""
    nodes = book.notes_file.execute("SELECT DISTINCT node FROM note ORDER BY id").fetchall()
    for (node,) in nodes:
        notes = book.notes(node)
        for kind in KINDS:
            for item in _items([note for note in notes if note.kind == kind]):
                yield kind, item
