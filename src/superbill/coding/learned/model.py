"""A learned model as a file: all that was learned, and where it comes from. Bytes in and out; others read and write."""

from datetime import date
from hashlib import sha256
from typing import Literal

import msgspec
from msgspec import Struct

from superbill.coding.learned.dictionary import Dictionary, Phrase
from superbill.coding.learned.features import Known
from superbill.coding.learned.ranker import Ranker
from superbill.coding.learned.training import Learned

FORMAT = 1
"""Counts up with every change of what a file holds or of how features are named."""
MOST_BYTES = 20_000_000


class NotAModel(ValueError):
    """Bytes that aren't a model of this format. The message says why and what to do."""


class Provenance(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Where a model comes from: what it was trained on, under which licence and with whose attribution, the day, its
    inputs with the SHA-256 of each, and what it was measured to do."""

    trained_on: str
    licence: str
    attribution: str
    on: date
    inputs: dict[str, str]
    figures: dict[str, float] = {}


class _File(Struct, frozen=True, kw_only=True):
    kind: Literal["superbill.coding.learned"] = "superbill.coding.learned"
    format: int = FORMAT
    language: str
    provenance: Provenance
    table: dict[str, str] = {}
    phrases: tuple[Phrase, ...]
    known: Known
    weights: dict[str, float]
    threshold: float


class _Mark(Struct):
    kind: Literal["superbill.coding.learned"]
    format: int


class Model(Struct, frozen=True):
    """What was learned of codes in one language ("en", "es"), with its provenance. `table` crosses its words to English
    ones, for a language in which we have no dictionary of our own (crossing.Crossing)."""

    language: str
    learned: Learned
    provenance: Provenance
    table: dict[str, str] = {}


def checksum(data: bytes) -> str:
    """As `Provenance.inputs` has it."""
    return sha256(data).hexdigest()


def encoded(model: Model) -> bytes:
    """The model's file; the same model gives the same bytes. Raises ValueError for one larger than MOST_BYTES."""
    learned = model.learned
    data = msgspec.msgpack.encode(
        _File(
            language=model.language,
            provenance=model.provenance,
            table=dict(sorted(model.table.items())),
            phrases=learned.dictionary.phrases,
            known=learned.known,
            weights=learned.ranker.weights,
            threshold=learned.threshold,
        )
    )
    if len(data) > MOST_BYTES:
        raise ValueError(f"a model of {len(data):,} bytes is more than the {MOST_BYTES:,} it may have")
    return data


def decoded(data: bytes) -> Model:
    """The model of a file. Raises NotAModel."""
    try:
        mark = msgspec.msgpack.decode(data, type=_Mark)
        if mark.format != FORMAT:
            raise NotAModel(f"a model of format {mark.format}; this program reads {FORMAT}: train it again")
        file = msgspec.msgpack.decode(data, type=_File)
    except msgspec.DecodeError as reason:
        raise NotAModel(f"not a learned model, or a damaged one ({reason}): train it again") from reason
    learned = Learned(Dictionary(file.phrases), file.known, Ranker(file.weights), file.threshold)
    return Model(file.language, learned, file.provenance, file.table)
