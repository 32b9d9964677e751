"""A history of what stays is a present condition: "history of gout" is gout.

The Alphabetic Index leads "history, personal, of" to Z85 to Z87, which are for conditions that no longer exist and are
not treated (ICD-10-CM Official Guidelines I.C.21.c.4); notes say "history of" of what the patient lives with, and "a
3-day history of" of what has begun, too.
"""

import re
from collections.abc import Iterable

from msgspec.structs import replace

from superbill.codesets.terms.forms import form
from superbill.codesets.terms.lookup import Terms
from superbill.coding.reading.context import chronic
from superbill.coding.reading.model import Mention

_HISTORY = re.compile(
    r"(?:an?\s|personal\s|past\s|known\s)*(?:history|hx)\s(?:of\s)?|h/o\s|hx\s(?:of\s)?", re.IGNORECASE
)
_RECENT = re.compile(
    r"(?:\b(?:recent|current|acute|present|short|brief)|\b\w+[\s-](?:day|week|month|year|hour)s?)\s$", re.IGNORECASE
)
_PERSONAL = ("Z86", "Z87")


def unlisted(text: str, mentions: Iterable[Mention], terms: Terms) -> list[Mention]:
    """The mentions, those of a history of a chronic condition as the condition itself."""
    return [_unlisted(text, mention, terms) for mention in mentions]


def _unlisted(text: str, mention: Mention, terms: Terms) -> Mention:
    if not mention.codes or not mention.codes[0].startswith(_PERSONAL):
        return mention
    opening = _HISTORY.match(text, mention.start, mention.end)
    if opening is None:
        return mention
    term = terms.known.get(form(text[opening.end() : mention.end]))
    if term is None:
        return mention
    condition = replace(mention, start=opening.end(), name=term.text, codes=term.codes)
    recent = _RECENT.search(text, max(0, mention.start - 20), mention.start) is not None
    return condition if recent or chronic(condition) else mention
