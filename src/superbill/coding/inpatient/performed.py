"""Was an operation that a note names performed in this stay? Planned, past, refused and merely discussed ones are not.

UHDDS, item 18, and ICD-10-PCS guidelines: procedures performed during the stay are reported. A note's plans, lists of
earlier surgery and instructions name others.
"""

import re

from superbill.coding.reading.model import Kind, Mention, Reading

_NEVER = frozenset((
    Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY, Kind.FAMILY_HISTORY, Kind.SOCIAL_HISTORY, Kind.OBSTETRIC_HISTORY,
    Kind.MEDICATIONS, Kind.ALLERGIES, Kind.REVIEW, Kind.INSTRUCTIONS, Kind.INDICATION, Kind.VITALS, Kind.IMMUNIZATIONS,
    Kind.CHIEF_COMPLAINT, Kind.PROBLEM_LIST,
))  # fmt: skip
_DONE = re.compile(
    r"\b(?:underwent|undergone|performed|received|done|placed|inserted|implanted|taken (?:back )?to|completed|given|"
    r"transfused|required|requiring|needed|treated|initiated|started|had (?:an?|the|two|three|emergent|urgent|his|her)|"
    r"successful(?:ly)?|tolerated|showed|revealed|demonstrated|converted|repaired|removed|obtained|"
    r"proceeded|carried out|"
    r"drained|excised|yielded|yielding|administered|managed with|placement|ventilated|supported|intubated|delivered|"
    r"status post|s/p|pod|post-?op(?:erative)? day|dialyzed|reduced|fixed|for (?:\d+|two|three|four|"
    r"five) (?:days|hours)|"
    r"was (?:brought|admitted for)|extubated|via)\b",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:will (?:undergo|have|need|require|be|get|receive|likely|return)|planned?(?: for| to)?|plans? (?:for|to)|"
    r"scheduled|consider(?:ed|ing)?|recommend(?:ed|s)?|candidate|awaiting|pending|referred?|referral|"
    r"may (?:need|require)|"
    r"might|would (?:need|require|benefit)|if (?:he|she|the|they|no|symptoms|not|there)|declin\w+|refus\w+|defer\w+|"
    r"cancel\w*|postpon\w+|contraindicat\w+|avoid(?:ing)?\b|against|discuss\w+|offered|without (?:the )?need|no need|"
    r"(?:did|does|do) not|didn't|not (?:require|need|undergo|a|perform\w*|done)|never|outpatient|elected not|"
    r"evaluat(?:ed|ion) for|consult(?:ed)? for|should|possible|for consideration|do not|dnr|dni|next (?:week|month)|"
    r"to be (?:done|performed|scheduled)|unable to|listed for|eventual)\b",
    re.IGNORECASE,
)
_NOT_AFTER = re.compile(
    r"\b(?:(?:was|were|is|has been|had been|being|be) (?:not |initially )?"
    r"(?:avoided|declined|deferred|cancell?ed|postponed|"
    r"considered|recommended|planned|discussed|offered|scheduled|contraindicated|refused|not|never|aborted before)|"
    r"as an outpatient|in \d+(?:-\d+)? (?:weeks|months)|next (?:week|month)|in the future|not (?:done|performed)|"
    r"declined|deferred|refused)\b",
    re.IGNORECASE,
)
_OVERRIDE = re.compile(r"\b(?:underwent|was performed|were performed|and received|was done|was then)\b", re.IGNORECASE)
_EARLIER = re.compile(
    r"\b(?:history of|hx of|h/o|prior|previous(?:ly)?|remote|years? (?:ago|prior|earlier)|"
    r"months? (?:ago|prior|earlier)|"
    r"weeks? (?:ago|prior|earlier)|last (?:year|month|spring|summer|fall|winter)|"
    r"childhood|at an outside|in the past|had had|before (?:this )?admission|chronic|long-?standing|"
    r"end-?stage renal disease on|esrd on|home|at baseline|maintenance|usual)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    r"\b(?:years?|months?|weeks?) (?:ago|prior|earlier)\b|\bas a child\b|\bin childhood\b|\bin the past\b|"
    r"\bat baseline\b|"
    r"\bat home\b",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_STATUS = re.compile(r"\b(?:s/p|status post|post)\b", re.IGNORECASE)
_REMOVED = re.compile(
    r"\b(?:removal of|removed|discontinued|existing|in place|indwelling|chronic|change of|exchange of|history)\s*"
    r"(?:the|his|her|a|an)?\s*$",
    re.IGNORECASE,
)
_SHORT = 9


def performed(mention: Mention, reading: Reading, year: int) -> bool:
    """Whether the words say that it was performed in this stay, which ended in `year`."""
    sentence = reading.sentence_of(mention)
    kind = reading.outline.kind_of(sentence)
    if kind in _NEVER or mention.negated or mention.experiencer != "patient":
        return False
    text = reading.text
    before, after = text[sentence.start : mention.start], text[mention.end : sentence.end]
    clause = re.split(r";|\bbut\b|\bhowever\b", before)[-1]
    if _REMOVED.search(before) or (_NOT_YET.search(clause) and not _OVERRIDE.search(clause)):
        return False
    if _NOT_AFTER.search(re.split(r";|\bbut\b|\band then\b|\bhowever\b", after)[0]):
        return False
    if _earlier(before, after, year):
        return False
    if mention.time in ("planned", "hypothetical"):
        return False
    if kind is Kind.PROCEDURE:
        return True
    whole = text[sentence.start : sentence.end]
    if kind is Kind.PLAN:
        return bool(_OVERRIDE.search(whole) or _STATUS.search(before))
    if kind in (Kind.OTHER, Kind.HOSPITAL_COURSE) and len(whole.split()) <= _SHORT:
        return True
    begins = kind is Kind.HOSPITAL_COURSE and len(before.split()) <= 1
    return begins or bool(_DONE.search(whole))


def _earlier(before: str, after: str, year: int) -> bool:
    """Is it told as done before this stay?"""
    near = re.split(r";|\bbut\b|, (?:who|and) (?:under|was|is|now)|\bnow\b|\bpresent\w*\b|\badmitted\b", before)[-1]
    if _EARLIER.search(near[-90:]) or _past_year(near[-90:], year):
        return True
    follows = re.split(r"[;.]|\bwho\b|\bnow\b|\bpresent\w*\b|\bunderwent\b", after)[0][:50]
    return bool(_AGO.search(follows)) or _past_year(follows, year)


def _past_year(text: str, year: int) -> bool:
    """Is a year named that was over before the stay?"""
    return any(int(match[0]) < year for match in _YEAR.finditer(text))
