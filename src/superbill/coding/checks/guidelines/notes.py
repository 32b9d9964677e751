"""What the note says against what is coded: uncertain diagnoses, a side that is named, words for a better code.

Only plain words are read, and only where every mention agrees; the note is never taken for more than a hint.
"""

import re
from collections.abc import Iterator
from functools import lru_cache, partial

from superbill.codesets.tables import rows
from superbill.coding.checks.guidelines.codes import Codes, codes
from superbill.coding.checks.guidelines.rule import WARNING, Facts, Problem, Rule, named
from superbill.coding.checks.guidelines.sides import sibling

_DISEASES = codes("A-Q S T U !U099")
# Sections of chapters that make an exception to II.H: their codes, and the word that the note would doubt.
_CONFIRMED = {
    "I.C.1.a.1": (codes("B20 Z21"), "hiv"),
    "I.C.1.f.1": (codes("A925"), "zika"),
    "I.C.1.g.1.a": (codes("U071"), "covid"),
    "I.C.10.c": (codes("J09 J10"), "influenza"),
}
_CONFIRMED_ONLY = codes("B20 Z21 A925 U071 J09 J10")
_DOUBT = (
    r"(?:probabl[ey]|suspect(?:ed|s)?|suspicious for|questionable|possibl[ey]|likely|rule out|rule-out|r/o|"
    r"compatible with|consistent with|concern(?:ing)? for|working diagnosis(?: of)?|versus|vs\.?)"
)
_BETWEEN = r"(?:[^.;:,\n]{0,30}?\b)?"  # words between the doubt and the disease, within its phrase
_WORD = re.compile(r"[a-z][a-z-]{5,}")
# Words of titles that tell no disease from another.
_COMMON_WORDS = """
    unspecified specified disease diseases disorder disorders syndrome chronic without complications complication
    uncomplicated essential primary secondary classified elsewhere encounter initial subsequent sequela bilateral
    infection malignant neoplasm benign injury fracture displaced nondisplaced closed unilateral organism episode
    intermittent persistent recurrent generalized localized superficial region disturbance associated underlying
    including excluding history personal mellitus vessel native artery coronary cervical lumbar thoracic abdominal
    finger shoulder muscle tendon fascia pelvis forearm effect adverse accidental poisoning"""
_COMMON = frozenset(_COMMON_WORDS.split())
_NO_SIDE = ("9", "0")
_UNSPECIFIED_SITE = re.compile(r"\bunspecified ([a-z]+)(?: ([a-z]+))?")
_CHARACTER = {"right": "1", "left": "2", "bilateral": "3"}
_NEGATED = re.compile(r"\b(?:no|not|denies|denied|without|negative for|family history of|history of)\b[^.;]{0,25}$")
_PAIN_SYNDROME = codes("G894")


@lru_cache(maxsize=4096)
def _key(title: str) -> str:
    """The word of a title that names the disease: the first long one that isn't common; "" when there is none."""
    return next((word for word in _WORD.findall(title.split(" due to ")[0]) if word not in _COMMON), "")


@lru_cache(maxsize=1024)
def _mentions(word: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    stem = re.escape(word)
    return re.compile(rf"\b{stem}"), re.compile(rf"\b{_DOUBT}\s+{_BETWEEN}{stem}")


def _doubted(note: str, word: str) -> bool:
    """Whether the note names the disease, and each time in doubt."""
    every, doubtful = _mentions(word)
    told = len(every.findall(note))
    return 0 < told == len(doubtful.findall(note))


def _uncertain(facts: Facts) -> Iterator[Problem]:
    for position in facts.where(_DISEASES):
        code = facts.codes[position - 1]
        word = _key(facts.title(code))
        if word and not _CONFIRMED_ONLY.matches(code) and _doubted(facts.note, word):
            message = f"The note names {word} in doubt only; {named(code)} codes it as established."
            yield Problem(position, message, "Code the symptoms or findings instead.")


def _unconfirmed(wanted: Codes, word: str, facts: Facts) -> Iterator[Problem]:
    if _doubted(facts.note, word):
        position = facts.where(wanted)[0]
        code = named(facts.codes[position - 1])
        message = f"The note names {word} in doubt only; {code} is for confirmed cases, in hospital too."
        yield Problem(position, message, "Code the symptoms, the exposure, or unidentified influenza (J11.-).")


def _sites(title: str) -> Iterator[str]:
    """The sites that a title leaves without a side, in two words where it has them, then in one."""
    for first, second in _UNSPECIFIED_SITE.findall(title):
        yield from (f"{first} {second}", first) if second else (first,)


def _side(facts: Facts) -> Iterator[Problem]:
    for position, code in enumerate(facts.codes, 1):
        for site in _sites(facts.title(code)):
            told = set(re.findall(rf"\b(right|left|bilateral) {site}s?\b", facts.note))
            better = _with_side(facts, code, told.pop()) if len(told) == 1 else []
            if better:
                message = f"The note names the side of the {site}; {named(code)} leaves it open."
                yield Problem(position, message, f"Use {' and '.join(map(named, better))}.")
                break


def _with_side(facts: Facts, code: str, word: str) -> list[str]:
    """The code for the side, or those for each side where none says both; none when the code has no sides."""
    for place in range(3, len(code)):
        if code[place] in _NO_SIDE:
            found = {each: sibling(facts, code, place, _CHARACTER[each], each) for each in _CHARACTER}
            if found[word]:
                return [found[word]]
            if word == "bilateral" and found["right"] and found["left"]:
                return [found["right"], found["left"]]
    return []


class _Hint:
    """A row of note_words.csv: what the note must say beside the code, and the code that it then means."""

    def __init__(self, row: dict[str, str]) -> None:
        self.code, self.means = row["code"], row["means"]
        self.words = re.compile(rf"\b(?:{row['words']})")


_HINTS = tuple(_Hint(row) for row in rows(__package__, "note_words.csv"))


def _said(words: re.Pattern[str], note: str) -> str:
    """The words as the note has them, where it doesn't deny them; "" when it hasn't."""
    for found in words.finditer(note):
        if not _NEGATED.search(note[max(0, found.start() - 40) : found.start()]):
            return found[0]
    return ""


def _better(facts: Facts) -> Iterator[Problem]:
    for position, code in enumerate(facts.codes, 1):
        for hint in _HINTS:
            said = _said(hint.words, facts.note) if code.startswith(hint.code) else ""
            if said:
                message = f'The note says "{said}"; {named(code)} says less.'
                yield Problem(position, message, f"Use {hint.means}.")
                break


def _pain_syndrome(facts: Facts) -> Iterator[Problem]:
    if "pain syndrome" not in facts.note:
        position = facts.where(_PAIN_SYNDROME)[0]
        message = f"{named(facts.codes[position - 1])} is for a documented chronic pain syndrome; the note has none."
        yield Problem(position, message, "Use G89.2- for chronic pain.")


RULES = (
    Rule(
        section="I.B.13", name="side-in-the-note", title="A side that is documented is coded",
        severity=WARNING, on=codes("A-T Z"), check=_side, needs_note=True,
    ),
    Rule(
        section="I.B.18", name="more-in-the-note", title="An unspecified code is for what the note doesn't specify",
        severity=WARNING, on=codes(" ".join(hint.code for hint in _HINTS)), check=_better, needs_note=True,
    ),
    Rule(
        section="I.C.6.b.6", name="pain-syndrome-undocumented", title="Chronic pain is not chronic pain syndrome",
        severity=WARNING, on=_PAIN_SYNDROME, check=_pain_syndrome, needs_note=True,
    ),
    *(
        Rule(
            section=section, name="confirmed-only", title="Coded only when confirmed, in every setting",
            severity=WARNING, on=wanted, check=partial(_unconfirmed, wanted, word), needs_note=True,
        )
        for section, (wanted, word) in _CONFIRMED.items()
    ),
    Rule(
        section="IV.H", name="uncertain-diagnosis", title="An outpatient's uncertain diagnosis isn't coded",
        severity=WARNING, setting="outpatient", on=_DISEASES, check=_uncertain, needs_note=True,
    ),
)  # fmt: skip
