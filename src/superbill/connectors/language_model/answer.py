"""What the language model may answer, and how an answer is read: strictly, and about known codes only."""

from collections.abc import Collection
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

Verdict = Literal["supported", "unsupported", "unclear"]
_MOST_OPINIONS = 200
Reason = Annotated[str, Meta(max_length=600)]


class Opinion(Struct, frozen=True, forbid_unknown_fields=True):
    """What the model thinks of one suggested code: whether the evidence supports it, how sure (0 to 1), and why."""

    code: Annotated[str, Meta(max_length=12)]
    verdict: Verdict
    confidence: Annotated[float, Meta(ge=0, le=1)]
    reason: Reason = ""

    @property
    def words(self) -> str:
        """The reason as one line without control characters, whatever the model wrote."""
        return " ".join("".join(mark if mark.isprintable() else " " for mark in self.reason).split())


class Answer(Struct, frozen=True, forbid_unknown_fields=True):
    """The whole answer: an opinion for each code, in the order in which the model would report them."""

    codes: Annotated[tuple[Opinion, ...], Meta(max_length=_MOST_OPINIONS)]


class _Message(Struct, frozen=True):
    content: str


class _Choice(Struct, frozen=True):
    message: _Message


class _Completion(Struct, frozen=True):
    choices: Annotated[tuple[_Choice, ...], Meta(min_length=1)]


class Unreadable(ValueError):
    """An answer that isn't what was asked for. The message never holds a part of it: it may repeat the chart."""


SCHEMA = msgspec.json.schema(Answer)
"""The JSON Schema of an answer, as it is sent with the question."""


def read(body: bytes) -> Answer:
    """The answer in the body of a response. Raises Unreadable."""
    try:
        content = msgspec.json.decode(body, type=_Completion).choices[0].message.content
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable("its response is no chat completion") from None
    try:
        return msgspec.json.decode(_unfenced(content).encode(), type=Answer)
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        raise Unreadable("its answer doesn't keep to the schema that it was given") from None


def _unfenced(content: str) -> str:
    """The JSON without the fence that many models put around it."""
    content = content.strip()
    if content.startswith("```") and content.endswith("```") and len(content) >= 6:
        content = content[3:-3].removeprefix("json")
    return content


def parted(answer: Answer, known: Collection[str]) -> tuple[tuple[Opinion, ...], tuple[str, ...]]:
    """Opinions on known codes, the first on each; and the codes that weren't asked about, in a printable form."""
    kept: dict[str, Opinion] = {}
    unknown: dict[str, None] = {}
    for each in answer.codes:
        if each.code in known:
            kept.setdefault(each.code, each)
        else:
            unknown["".join(mark for mark in each.code if mark.isascii() and (mark.isalnum() or mark == "."))] = None
    return tuple(kept.values()), tuple(unknown)
