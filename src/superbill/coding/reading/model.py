"""What reading a note gives: outline (sections, problems, sentences) and mentions. Offsets count characters."""

from enum import StrEnum
from functools import cached_property
from typing import Literal

from msgspec import Struct

from superbill.coding.reading.letters import Letters


class Kind(StrEnum):
    """The kind of a section, whatever its heading says."""

    CHIEF_COMPLAINT = "chief complaint"
    HISTORY = "history of present illness"
    INTERVAL = "interval history"
    REVIEW = "review of systems"
    MEDICAL_HISTORY = "medical history"
    SURGICAL_HISTORY = "surgical history"
    FAMILY_HISTORY = "family history"
    SOCIAL_HISTORY = "social history"
    OBSTETRIC_HISTORY = "obstetric history"
    PROBLEM_LIST = "problem list"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    IMMUNIZATIONS = "immunizations"
    VITALS = "vitals"
    EXAM = "examination"
    RESULTS = "results"
    PROCEDURE = "procedure"
    HOSPITAL_COURSE = "hospital course"
    INDICATION = "indication"
    FINDINGS = "findings"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    ASSESSMENT_AND_PLAN = "assessment and plan"
    DIAGNOSES = "diagnoses"
    INSTRUCTIONS = "instructions"
    TIME = "time"
    OTHER = "other"


ASSESSING = frozenset((Kind.ASSESSMENT, Kind.ASSESSMENT_AND_PLAN, Kind.DIAGNOSES))
"""Sections in which the provider says what the patient has."""
PLANNING = frozenset((Kind.PLAN, Kind.ASSESSMENT_AND_PLAN, Kind.INSTRUCTIONS))


class Section(Struct, frozen=True, gc=False):
    """One section: its heading from `start` (both ends equal when it has none), its text from `body` to `end`."""

    kind: Kind
    title: str
    start: int
    body: int
    end: int


class Problem(Struct, frozen=True, gc=False):
    """One entry of a problem-oriented assessment: its title as a span, and all that is said under it up to `end`.

    The same problem may be named in the assessment and discussed under a heading of its own in the plan: then
    `discussed` gives the span of that discussion.
    """

    start: int
    title_end: int
    end: int
    section: int
    discussed: tuple[int, int] | None = None


class Sentence(Struct, frozen=True, gc=False):
    """One sentence, list item, heading of a problem, or row. `section` and `problem` are places in the outline's
    tuples (`problem` -1: none). `label` is what introduces it in its line ("Medical Reasoning", "Right knee")."""

    start: int
    end: int
    section: int
    problem: int = -1
    label: str = ""


class Outline(Struct, frozen=True, dict=True):
    """A note taken apart. Sections follow each other without gap from 0 to the end of the text."""

    text: str
    sections: tuple[Section, ...]
    problems: tuple[Problem, ...]
    sentences: tuple[Sentence, ...]

    @cached_property
    def letters(self) -> Letters:
        """Which patterns can match in the note at all."""
        return Letters(self.text)

    def kind_of(self, sentence: Sentence) -> Kind:
        return self.sections[sentence.section].kind


class Token(Struct, frozen=True, gc=False):
    """One word: its span, its canonical form in lower case, its stem (codesets/search/words)."""

    start: int
    end: int
    word: str
    stem: str


class Respelt(Struct, frozen=True, gc=False):
    """A misspelt word of the note: its span, and the word of the terms that it is read as."""

    start: int
    end: int
    word: str


class Attribute(Struct, frozen=True, gc=False):
    """Something said of a mention. `axis` is one of AXES, `value` one of the axis's values in
    reading/data/attributes.yaml; the span is where it is said."""

    axis: str
    value: str
    start: int
    end: int


AXES = (
    "side", "site", "acuity", "severity", "stage", "type", "control", "course", "cause", "encounter", "trimester",
    "pattern", "duration", "with", "without", "status",
)  # fmt: skip

Time = Literal["current", "past", "planned", "hypothetical"]
Experiencer = Literal["patient", "family", "other"]
What = Literal["problem", "drug", "procedure", "test", "device", "vaccine", "site", "mechanism", "measurement", "word"]


class Mention(Struct, frozen=True, kw_only=True, gc=False):
    """Words of the note that name something.

    `codes`: dotted ICD-10-CM codes or categories from which the words start, the most usual first, () for what has
    none. `name`: the term of the dictionary that matched. `negated`: denied, ruled out or absent. `uncertain`:
    suspected, possible, probable, likely, versus. `time`: past when resolved or history of. `sentence`: place in the
    outline's sentences. `cues`: the spans of the words that made it negated, uncertain, past, planned or another's.
    """

    start: int
    end: int
    what: What
    name: str
    codes: tuple[str, ...] = ()
    sentence: int
    negated: bool = False
    uncertain: bool = False
    time: Time = "current"
    experiencer: Experiencer = "patient"
    attributes: tuple[Attribute, ...] = ()
    cues: tuple[tuple[int, int], ...] = ()

    @property
    def asserted(self) -> bool:
        """The patient has it now, plainly said."""
        return not self.negated and not self.uncertain and self.time == "current" and self.experiencer == "patient"

    def value(self, axis: str) -> str:
        """What is said on an axis, "" when nothing is."""
        return next((each.value for each in self.attributes if each.axis == axis), "")


class Reading(Struct, frozen=True):
    """A note that was read: `tokens` lists each sentence's words, in the order of the outline's sentences; `respelt`
    those that were misspelt."""

    outline: Outline
    tokens: tuple[tuple[Token, ...], ...]
    mentions: tuple[Mention, ...]
    respelt: tuple[Respelt, ...] = ()

    @property
    def text(self) -> str:
        return self.outline.text

    def sentence_of(self, mention: Mention) -> Sentence:
        return self.outline.sentences[mention.sentence]

    def kind_of(self, mention: Mention) -> Kind:
        """The kind of section in which the mention stands."""
        return self.outline.kind_of(self.outline.sentences[mention.sentence])
