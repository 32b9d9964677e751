"""The appeal letter: the facts of a refusal as a person would write them, as a tagged PDF.

Facts → `AppealLetter` → `missing` names what is lacking → `render`.
"""

from superbill.forms.letter.model import AppealLetter, LetterLine, LetterParty, Quote, missing
from superbill.forms.letter.pdf import LetterIncomplete, render

__all__ = ["AppealLetter", "LetterIncomplete", "LetterLine", "LetterParty", "Quote", "missing", "render"]
