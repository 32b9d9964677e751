"""An optional second look at suggested codes by a language model of the user's own.

Any endpoint that speaks the OpenAI chat completions protocol will do, on this machine or elsewhere. It may verify,
rank and explain what was suggested; a code that it adds is left out and reported. It is off until `Settings.url` is
given, and sends the evidence sentences only, with identifiers redacted, unless told to send whole notes.
"""

from superbill.connectors.language_model.answer import Opinion, Verdict
from superbill.connectors.language_model.review import review
from superbill.connectors.language_model.settings import Settings

__all__ = ["Opinion", "Settings", "Verdict", "review"]
