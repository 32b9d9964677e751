"""A disease named for its vaccine: "flu HD left arm", "rubella immune", "hepatitis B-polio" are no diseases.

Only diseases that vaccines prevent, and only where words around the name speak of a vaccine or of immunity.
"""

import re
from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from superbill.coding.reading.model import Mention, Outline

_PREVENTED = (
    "J09", "J10", "J11", "U07.1", "A80", "A36", "A37", "A33", "A34", "A35", "B01", "B02", "B05", "B06", "B15", "B16",
    "B17.9", "B18.1", "B19", "B26", "A08.0", "A39", "A40.3", "B95.3", "J13", "J12.1", "B97.4", "B97.7", "A82", "A01.0",
    "A95", "A41.3", "B96.3", "J14", "A92.0",
)  # fmt: skip
_GIVEN = (
    r"shots?|vax\w*|vaccin\w*|immuni\w*|imm|boosters?|series|doses?|high[- ]dose|HD|PF|MMRV?|#\s?\d|titers?|declined|"
    r"deltoid|delt|IM|thighs?|L arm|R arm|left arm|right arm|VIS|UTD|up to date"
)
_AFTER = re.compile(
    rf"(?:[ /,-]+(?:and|&|A|B|or|covid|flu|rsv|polio|hib|[\w-]+))?(?:[ /,-]+[\w#-]+){{0,1}}?[ /,()#-]*(?:{_GIVEN})\b"
    r"|[ /]{1,2}(?:(?:&|and)? ?\w+ )?(?:at|from) (?:the )?(?:pharmacy|school|work|drug ?store)|s? next (?:visit|time)"
    r"|[ ]?(?:today|later|every fall|in (?:the )?(?:fall|sept\w*|oct\w*|nov\w*))\b(?=[ ]*[.,;(]|[ ]*$| [LR]\b)"
    r"|[ ]#\d|[ ][LR](?=[.,; ]|$)(?! (?:ear|eye|lung))",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"(?:\b(?:vax|vaccines?|vaccinat\w+|immuni[sz]\w+|imm|shots?|boosters?|high[- ]dose|series|DTaP|Tdap|MMR|Hib|IPV|"
    r"PCV\d*|against|declines?|declined)\b|\bgave)[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_ILL = re.compile(
    r"\b(?:ill|sick|has|had|with|recent|acute|positive|pos|symptoms?|exposed|exposure)\s*$", re.IGNORECASE
)


def vaccinated(mentions: Iterable[Mention], outline: Outline) -> Iterator[Mention]:
    """The mentions, those of a disease that stand for its vaccine as such, without codes."""
    for mention in mentions:
        if mention.codes and mention.codes[0].startswith(_PREVENTED) and _vaccine(mention, outline):
            yield replace(mention, what="vaccine", codes=())
        else:
            yield mention


def _vaccine(mention: Mention, outline: Outline) -> bool:
    text, sentence = outline.text, outline.sentences[mention.sentence]
    if _ILL.search(text, max(sentence.start, mention.start - 14), mention.start):
        return False
    if _AFTER.match(text, mention.end, sentence.end):
        return True
    return _BEFORE.search(text, max(sentence.start, mention.start - 70), mention.start) is not None
