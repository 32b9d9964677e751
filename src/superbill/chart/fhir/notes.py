"""Clinical documents of FHIR, decoded to text."""

import base64
import binascii
from datetime import date
from email.message import Message
from urllib.parse import unquote, urlsplit

from superbill.chart.fhir.context import Context, label
from superbill.chart.fhir.decode import Item
from superbill.chart.fhir.elements import Attachment
from superbill.chart.fhir.people import practitioner
from superbill.chart.fhir.resources import DocumentReference
from superbill.chart.model import Note

_CHARSETS = frozenset({"utf-8", "us-ascii", "ascii", "iso-8859-1", "latin-1", "iso-8859-15", "windows-1252", "utf-16"})
_TEXT = frozenset({"", "text/plain", "text/markdown"})


def note_of(item: Item, document: DocumentReference, context: Context) -> Note | None:
    """The first content that is plain text; None, counted or with a finding, when there is none to be had."""
    contents = [one.attachment for one in document.content if _media_type(one.attachment)[0] in _TEXT]
    if not contents:
        kinds = sorted({_media_type(one.attachment)[0] for one in document.content})
        context.report.skipped[f"DocumentReference {', '.join(kinds) or 'without content'}"] += 1
        return None
    text = _text(contents[0], item, context)
    if text is None:
        return None
    author = practitioner(document.author[0], context, document.contained) if document.author else None
    return Note(
        id=item.id,
        text=text,
        kind=label(document.type),
        written=written_on(document, item, context),
        author=" ".join((*author.name.given, author.name.family)) if author else "",
        source=item.source,
    )


def written_on(document: DocumentReference, item: Item, context: Context) -> date | None:
    """The day of the document, else the first that it is about."""
    return context.day(document.date or document.context.period.start, item, "date")


def _media_type(attachment: Attachment) -> tuple[str, str]:
    """Media type and charset of a content type."""
    if attachment.content_type in ("", "text/plain"):
        return attachment.content_type, ""
    message = Message()
    message["content-type"] = " ".join(attachment.content_type.split())
    return message.get_content_type(), str(message.get_param("charset", "")).casefold()


def _text(attachment: Attachment, item: Item, context: Context) -> str | None:
    data = _bytes(attachment, item, context)
    if data is None:
        return None
    charset = _media_type(attachment)[1] or "utf-8"
    try:
        return data.decode(charset if charset in _CHARSETS else "utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError:
        context.report.add(
            "chart.wrong-encoding", item.place, f"The note's text is not {charset}; it was read as Latin-1."
        )
        return data.decode("latin-1")


def _bytes(attachment: Attachment, item: Item, context: Context) -> bytes | None:
    if attachment.data:
        try:
            return base64.b64decode("".join(attachment.data.split()), validate=True)
        except (binascii.Error, ValueError):
            context.report.add("chart.bad-base64", item.place, "The note's data is not base64.")
            return None
    if not attachment.url:
        context.report.skipped["DocumentReference without content"] += 1
        return None
    if context.resolve_url is None:
        context.report.skipped["DocumentReference behind a url"] += 1
        return None
    data = context.resolve_url(item.source.file, attachment.url) if is_beside(attachment.url) else None
    if data is None:
        context.report.add("chart.note-not-found", item.place, f"The note's file {attachment.url!r} is not to be had.")
    return data


def is_beside(url: str) -> bool:
    """Whether a url names a file beside or below its bundle: relative, and never upwards."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    path = unquote(parts.path).replace("\\", "/")
    plain = not (parts.scheme or parts.netloc or parts.query or parts.fragment)
    return plain and bool(path) and "\0" not in path and not path.startswith("/") and ".." not in path.split("/")
