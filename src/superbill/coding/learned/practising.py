"""What a practice's own decisions teach: trained on the visits that its coders decided on, measured on held-out ones,
kept as a file. Bytes in and out; others read and write."""

from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.coding.learned.acceptance import Acceptance, Described, Example, train
from superbill.coding.learned.model import NotAModel
from superbill.coding.learned.ranker import Ranker
from superbill.coding.reading.model import Mention

FORMAT = 1
"""Counts up with every change of what a file holds or of how features are named."""
FOLDS = 5
_KIND: Literal["superbill.coding.acceptance"] = "superbill.coding.acceptance"


class Taught(Struct, frozen=True, kw_only=True):
    """One visit of the past: its mentions that lead to codes, described; those that the rules report; and the
    categories (three characters) of the diagnoses that a person decided on. `name` tells it from others."""

    name: str
    known: tuple[Described, ...]
    reported: tuple[Mention, ...]
    decided: frozenset[str]


class Measured(Struct, frozen=True, kw_only=True):
    """How the categories reported agree with those decided on: right ones, those reported, those decided on."""

    right: int
    reported: int
    decided: int

    @property
    def f(self) -> float:
        """The harmonic mean of precision and recall, 0 to 1."""
        return 2 * self.right / (self.reported + self.decided) if self.reported + self.decided else 0.0


class Trial(Struct, frozen=True, kw_only=True):
    """The rules alone, and with what was learned from other visits, over the same held-out ones."""

    visits: int
    before: Measured
    after: Measured


class _File(Struct, frozen=True, kw_only=True):
    kind: Literal["superbill.coding.acceptance"] = _KIND
    format: int = FORMAT
    visits: int
    accepted: int
    refused: int
    before: Measured
    after: Measured
    weights: dict[str, float]


def examples(taught: Iterable[Taught]) -> Iterator[Example]:
    """Every mention as a decision: accepted when the person coded its category, refused when they left it out."""
    for visit in taught:
        for mention, features in visit.known:
            category = mention.codes[0][:3]
            yield Example(features=features, code=mention.codes[0], accepted=category in visit.decided)


def trial(taught: Sequence[Taught]) -> Trial:
    """Cross-validation over whole visits in FOLDS parts: no visit is measured by what it taught itself.

    Raises ValueError where a part has nothing to learn from (nothing accepted, or nothing refused).
    """
    ordered = sorted(taught, key=lambda each: sha256(each.name.encode()).digest())
    before, after = Measured(right=0, reported=0, decided=0), Measured(right=0, reported=0, decided=0)
    for fold in range(FOLDS):
        model = train(examples(each for at, each in enumerate(ordered) if at % FOLDS != fold))
        for visit in ordered[fold::FOLDS]:
            before = _added(before, visit, visit.reported)
            after = _added(after, visit, model.kept(visit.reported, visit.known))
    return Trial(visits=len(ordered), before=before, after=after)


def _added(sum_: Measured, visit: Taught, mentions: Iterable[Mention]) -> Measured:
    said = {each.codes[0][:3] for each in mentions if each.codes}
    return Measured(
        right=sum_.right + len(said & visit.decided), reported=sum_.reported + len(said),
        decided=sum_.decided + len(visit.decided),
    )  # fmt: skip


def encoded(model: Acceptance, measured: Trial) -> bytes:
    """The model's file; the same decisions give the same bytes."""
    ranker = dict(sorted(model.ranker.weights.items()))
    file = _File(
        visits=measured.visits, accepted=model.accepted, refused=model.refused, before=measured.before,
        after=measured.after, weights=ranker,
    )  # fmt: skip
    return msgspec.json.format(msgspec.json.encode(file), indent=1) + b"\n"


def decoded(data: bytes) -> Acceptance:
    """The model of a file. Raises NotAModel."""
    try:
        file = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as reason:
        raise NotAModel(f"not a model of decisions, or a damaged one ({reason}): superbill coding train") from None
    if file.format != FORMAT:
        raise NotAModel(f"a model of format {file.format}; this program reads {FORMAT}: superbill coding train")
    return Acceptance(Ranker(file.weights), file.accepted, file.refused)
