"""What finding services passes from step to step."""

from msgspec import Struct

from superbill.coding.reading.model import Kind, Token


class Said(Struct, frozen=True):
    """One sentence with the label that introduces it: span, section, words, and its text in lower case.

    Offsets into `lower` are those of the note less `start`. `forms` are its words without the ending of a plural,
    `stems` the different ones; `around` those of the whole description when it is part of a procedure's, else its own
    and its neighbours'."""

    start: int
    end: int
    place: int
    section: int
    kind: Kind
    lower: str
    words: tuple[Token, ...]
    forms: tuple[str, ...]
    stems: frozenset[str]
    around: tuple[frozenset[str], ...] = ()


class Entry(Struct, frozen=True):
    """One thing that the tables name: its table and group, its key there (a code, a site, a drug), a label."""

    table: str
    group: str
    key: str
    label: str


class Hit(Struct, frozen=True):
    """Words of a sentence that name an entry: places of its words, the last one included."""

    entry: Entry
    said: Said
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.said.words[self.first].start

    @property
    def end(self) -> int:
        return self.said.words[self.last].end


class Done(Struct, frozen=True, kw_only=True):
    """A service that may have been done: `score` from 0 to 1 how surely, `why` in words.

    `what` names the thing whatever its code, so that two mentions of it are known as one: an ECG, the right knee's
    x-ray. `area` are words of the body part for pointing to diagnoses. `adds`: a second mention adds its units
    (lesions, drugs) instead of repeating the first. `size`: the length of a repaired wound in centimetres.
    """

    code: str
    label: str
    start: int
    end: int
    score: float
    why: str
    what: str
    modifiers: tuple[str, ...] = ()
    units: int = 1
    group: str = ""
    area: str = ""
    side: str = ""
    adds: bool = False
    rule: str = ""
    size: float = 0.0
