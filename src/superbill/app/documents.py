"""Documents in the database: JSON text of the frozen structs, read back strictly."""

import hashlib
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")

_encoder = msgspec.json.Encoder(order="deterministic")
_decoders: dict[Any, msgspec.json.Decoder[Any]] = {}


class BadDocument(ValueError):
    """Stored text that is not the document it should be; the message says which row."""


def encoded(document: object) -> str:
    """The document as JSON text; the same document gives the same text."""
    return _encoder.encode(document).decode()


def decoded(text: str, kind: type[T], where: str = "") -> T:
    """The document that `text` holds. Raises BadDocument naming `where`."""
    decoder = _decoders.get(kind)
    if decoder is None:
        decoder = _decoders[kind] = msgspec.json.Decoder(kind)
    try:
        return decoder.decode(text)  # type: ignore[no-any-return]  # the decoder of `kind`
    except (msgspec.DecodeError, msgspec.ValidationError) as error:
        raise BadDocument(f"{where}: the stored {getattr(kind, '__name__', kind)} can't be read: {error}") from None


def content_key(text: str | bytes) -> str:
    """SHA-256 of a document's text, for telling the same from another."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode()).hexdigest()


def same_but_for_source(one: str, other: str) -> bool:
    """Whether two documents differ only in where they were read from (`source`: file and position)."""
    return one == other or _sourceless(msgspec.json.decode(one)) == _sourceless(msgspec.json.decode(other))


def _sourceless(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sourceless(item) for key, item in value.items() if key != "source"}
    return [_sourceless(item) for item in value] if isinstance(value, list) else value
