"""Was it done here today? A score from the words around a service and the section in which it stands.

CPT asks for what was performed and documented on the day of service; what was ordered, planned, offered, refused,
done elsewhere or on another day is not on today's claim. A bare result ("X-ray of the knee is unremarkable") tells
nothing of where: its score is the table's for that kind of service, near the middle.
"""

import re

from msgspec import Struct

from superbill.coding.performed.model import Said
from superbill.coding.reading.model import Kind

_VERB = (
    r"obtain(?:ed)?|taken|perform(?:ed)?|done|completed?|acquired|administered|given|injected|placed|applied|collected|"
    r"checked|run|ran|repeated|made|shot|inserted|removed|drawn|measured|conducted|carried out|tested|swabbed"
)
_HERE = (
    r"(?:here |today )?(?:in|at|during|on)[- ](?:the |our |my |this |today['’]s )?(?:\w+ )?(?:office|clinic|visit|"
    r"practice|encounter|appointment|exam room|bedside)(?! (?:next|in|of|at) )"
)
NOW = re.compile(
    rf"\b(?:{_VERB})\b(?:,? (?:and|&) (?:independently |personally )?(?:{_VERB}|review))?(?: \w+){{0,6}}?,? "
    rf"(?:today\b|{_HERE})|"
    rf"\breceived (?:an?|the|his|her|their) [^.;]{{0,60}}\btoday\b|\btoday['’]s\b|"
    rf"\b(?:{_VERB}) here\b|\bviews?,? here\b|\bviews?,? (?:from )?today\b|\b(?:i|we) gave [^.;]{{0,80}}\btoday\b|"
    rf"\b(?:{_HERE})\b|\bin[- ](?:office|clinic|house)\b|\bthis (?:morning|afternoon|visit)\b|"
    r"\bpoint[- ]of[- ]care\b|\bpoct?\b"
)
TODAY = re.compile(r"\btoday\b")
_PAST_DESCRIBED = re.compile(
    r"\b(?:\d+ (?:days?|weeks?|months?|years?) ago|last (?:week|"
    r"month|year|visit)|previously|(?:in|on) (?:19|20)\d\d|outside|"
    r"emergency (?:room|department)|(?:at|from) the hospital|urgent care|history of)\b"
)
_STRICT = re.compile(
    rf"\b(?:in|at) (?:our|my|the) (?:office|clinic)\b|\b(?:{_VERB})\b[^.;]{{0,60}}\btoday\b|\btoday['’]s\b"
)
_OFFICE = re.compile(r"\b(?:office|clinic)(?:[- ]based)? (?:\w+ )?$")
_TODAY_WE = re.compile(r"\btoday,? (?:(?:we|i|she|he|the patient|they|an?|the|right|left) )*(?:\w+ ){0,2}$")
_PRESENTS = re.compile(
    r"\b(?:presents?|presented|presenting|returns?|seen|here|comes?|arrives?|visit|follow[- ]?up|evaluat\w+|"
    r"examination findings?|clinic|complain\w*|feel\w*|reports?)\b[^.;]{0,80}?\btoday\b"
)
DONE = re.compile(
    rf"\b(?:was|were|has been|have been|is|are|been|being|i|we|"
    rf"then) (?:\w+ ){{0,3}}?(?:{_VERB}|excised|drained|incised|"
    r"repaired|sutured|closed|debrided|frozen|treated|destroyed|irrigated|biopsied|aspirated|shaved|trimmed|pared|"
    r"cauterized|splinted|casted|reduced|prepped|inserted|introduced|advanced|instilled|passed|vaccinated|immunized|"
    r"avulsed|evacuated|anesthetized|sent|provided|dispensed|fitted|issued|spent|discussed and completed|counseled)\b|"
    r"\b(?:i|we) gave\b|\b(?:was|were) carried out\b|\btolerated\b|\binformed consent\b|\bconsent (?:was "
    r")?(?:obtained|signed)|\bafter (?:obtaining )?(?:verbal |written "
    r"|informed )*consent|\bsterile|\bprepped\b|\btime[- ]?out\b|"
    r"\bwithout (?:any )?complications?\b|\bsuccessful(?:ly)?\b|"
    r"\bunder (?:direct|ultrasound|sterile)\b|\bhemostasis\b|\bspecimen|\belected to proceed\b|\bproceeded with\b|"
    r"\bgiven (?:today|here|im|in|iv|x ?1|sub\w*|intra\w+|to|by)\b|"
    r"\b(?:performed|administered|injected|excised|removed|placed|"
    r"applied|obtained|completed|repaired|incised|drained|debrided|"
    r"pared|trimmed|irrigated|aspirated|cauterized|lanced|snipped|"
    r"shaved|biopsied|curetted|banded|splinted|casted|sutured)\b"
)
PLANNED = re.compile(
    r"\b(?:will|would|going to|gonna|plan(?:s|ned|ning)?(?: to| for| on)?|order(?:ed|s|ing)?|recommend\w*|schedul\w*|"
    r"consider\w*|discuss\w*|if|may|might|could|should|needs?|refer\w*|request\w*|suggest\w*|"
    r"offer(?:ed|s)?|options?|advis\w+|want(?:s|ed)?|would like|next|upcoming|future|follow[- ]?up|candidate|pending|"
    r"await\w*|due for|due|proceed with|return|arrang\w+|to be|set (?:\w+ )?up|obtain an?|get an?|send (?:\w+ )?for|"
    r"prescri\w+|unless|once|until|when|bring|try|trial|continue|repeat|recheck|evaluate|indicated|authoriz\w+|"
    r"approv\w+|in case|instructed|encouraged?|interested)\b"
)
_ORDERED_DONE = re.compile(
    r"\border(?:ed|s)?,? (?:and|&|, )+ ?(?:\w+ )?(?:" + _VERB + r")|"
    r"\b(?:as|per|when) (?:planned|scheduled|discussed|recommended|indicated)\b|\bdiscussed and (?:performed|completed)"
)
_WILL_TODAY = re.compile(
    r"\b(?:will|going to|gonna|elect(?:ed|s)? to|would like to|wish(?:es)? to|want(?:s|ed)? to|agree[ds]? to|let['’]s|"
    r"proceed(?:ed)? with|complete|recommended)\b(?! (?:order|schedule|"
    r"refer|send))[^.;]{0,90}?\b(?:today|now|in (?:the )?(?:office|clinic))\b"
)
_ORDER = re.compile(r"\b(?:order(?:ed|s|ing)?|refer(?:red|ral)?|schedul\w+|send|sent (?:her|him|them|out))\b")
REFUSED = re.compile(
    r"\b(?:declin\w+|refus\w+|defer\w*|cancel\w+|postpon\w+|not "
    r"(?:been )?(?:\w+ )?(?:done|performed|obtained|completed|"
    r"indicated|needed|necessary|required|given|administered|applied|placed|taken|available|warranted|received)|"
    r"did ?(?:not|n['’]t)|do(?:es)? ?(?:not|n['’]t)|was ?n['’]t|were ?n['’]t|has ?(?:not|n['’]t)|have ?(?:not|n['’]t)|"
    r"no need|unable|hold(?:ing)? off|held off|never|rather than|instead of|"
    r"contraindicated|abort\w*|attempted but|unsuccessful|without (?:need|any need)|not interested|in lieu of|"
    r"would prefer|will not|won['’]t|against|avoid\w*)\b"
)
PAST = re.compile(
    r"\b(?:previous(?:ly)?|prior|ago|last|history of|h/o|status "
    r"post|s/p|past|earlier this (?:week|month|year)|yesterday|"
    r"recent(?:ly)?|old|since|already|years?|(?:19|20)\d\d|\d{1,2}/\d{1,2}(?:/\d{2,4})?|"
    r"(?:jan|febr)uary|march|april|june|july|august|(?:sept|nov|dec)ember|october|most recent|"
    r"(?:days?|weeks?|months?) (?:post|after|before|prior)|subsequently|originally|initial(?:ly)?|"
    r"had (?:an?|his|her|their|the|two|three|several|multiple|received|undergone|been)|used to|every|monthly|weekly|"
    r"childhood|up to date|stable in comparison|unchanged (?:from|since)|at home|home)\b"
)
ELSEWHERE = re.compile(
    r"\b(?:outside|emergency (?:room|department)|\ber\b|\bed\b|"
    r"hospital|urgent care|elsewhere|another|other (?:provider|"
    r"facility|doctor)|pcp|primary care|dr\.?|referr(?:ed|ing)|radiology|imaging center|facility|brought|"
    r"outpatient|downstairs|school|pharmacy|walgreens|cvs|health department|dermatologist|cardiologist|"
    r"orthopedist|specialist|urologist|gynecologist|ophthalmologist|optometrist|surgeon|patient reports?|"
    r"by (?:another|the|his|her|their) (?:\w+ )?(?:physician|doctor|provider|surgeon|office)|states?|reports that)\b"
)
_EARLIER = re.compile(
    r"\b(?:previous|prior|recent|most recent|last|old|outside|past|earlier|initial|yesterday['’]s|(?:last|previous) "
    r"(?:year|month|week)['’]s)(?: \w+){0,3} $"
)
_OTHERS_TODAY = re.compile(
    r"\b(?:today|this morning|this afternoon|yesterday),? (?:at|in|by|from) (?:the |an? |his |her |their )?(?:\w+ )?"
    r"(?:urgent care|emergency (?:room|department)|er|ed|hospital|pcp|dr|school|pharmacy|outside \w+)\b"
)
_COMPARED = re.compile(
    r"[,;]?\s*(?:when |as )?compar(?:ed|ing|ison)\b.*|\bin comparison\b.*|\bunchanged (?:from|since)\b.*"
)
_CLAUSE = re.compile(
    r"[;]|,? (?:but|however|although|though|whereas|while)\b|, (?:which|who|and (?:i|we|she|he|will))\b|\.\s"
)

HISTORY = frozenset(
    (Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.REVIEW, Kind.MEDICAL_HISTORY, Kind.SURGICAL_HISTORY,
     Kind.FAMILY_HISTORY, Kind.SOCIAL_HISTORY, Kind.OBSTETRIC_HISTORY, Kind.PROBLEM_LIST, Kind.MEDICATIONS,
     Kind.ALLERGIES, Kind.IMMUNIZATIONS, Kind.HOSPITAL_COURSE, Kind.INDICATION)
)  # fmt: skip
_NEVER = frozenset((Kind.FAMILY_HISTORY, Kind.ALLERGIES, Kind.REVIEW, Kind.PROBLEM_LIST))
_SHOWN = frozenset((Kind.RESULTS, Kind.FINDINGS, Kind.EXAM, Kind.VITALS))


_FAR = 300
"""Characters of a clause that are looked at on either side."""


class Manner(Struct, frozen=True):
    """How a kind of service is spoken of. `alone`: the score of a bare result; `act`: done by somebody's hands (told
    in the past tense in a plan) rather than a test; `always`: naming it in a result is having done it."""

    alone: float = 0.2
    act: bool = False


def clause(said: Said, start: int, end: int) -> tuple[str, int, int]:
    """The clause around a span of the note, and the span's place in it."""
    at, after = start - said.start, end - said.start
    begin, stop = 0, len(said.lower)
    for cut in _CLAUSE.finditer(said.lower):
        if cut.end() <= at:
            begin = cut.end()
        elif cut.start() >= after:
            stop = cut.start()
            break
    begin, stop = max(begin, at - _FAR), min(stop, after + _FAR)
    return said.lower[begin:stop], at - begin, after - begin


def judged(said: Said, start: int, end: int, manner: Manner) -> tuple[float, str]:
    """How surely the service named in a span of a sentence was done here today, and why."""
    part, at, after = clause(said, start, end)
    compared = _COMPARED.search(part, after)
    whole = part[: compared.start()] if compared else part
    before, behind = whole[:at], whole[after:]
    if said.kind in _NEVER:
        return 0.05, f"named in the {said.kind}"
    if REFUSED.search(whole) or re.search(r"\b(?:no|without)(?: \w+){0,2} $", before):
        return 0.05, "refused, deferred or not done"
    now = _now(whole, at, after)
    if _WILL_TODAY.search(whole) and not _ORDER.search(whole):
        if said.kind in HISTORY:
            return 0.2, "wished for"
        return (0.6 if manner.act else 0.55), "to be done today, in this visit"
    if not now and said.kind is not Kind.PROCEDURE and _EARLIER.search(before[-40:]):
        return 0.1, "of another day or place: named as earlier"
    ordered_done = bool(_ORDERED_DONE.search(whole))
    planned = not ordered_done and (PLANNED.search(before) or _LATER.search(behind))
    if planned and (not (now and DONE.search(whole)) or _ORDER.search(before)):
        return 0.1, "ordered, planned or discussed"
    described = said.kind is Kind.PROCEDURE
    past = _PAST_DESCRIBED.search(whole) if described else PAST.search(whole) or ELSEWHERE.search(whole)
    if past and not now:
        return 0.1, f"of another day or place: {past[0]}"
    done = bool(DONE.search(whole)) or ordered_done
    if compared and not now and manner.alone > 0.4:
        manner = Manner(manner.alone - 0.1, manner.act)  # a study with one before it is more often a radiologist's
    return _scored(said.kind, now, done, manner)


def _scored(kind: Kind, now: bool, done: bool, manner: Manner) -> tuple[float, str]:
    if kind in HISTORY:
        return (0.8, "done at this visit") if now and done else (0.25 if now or done else 0.1, f"told in the {kind}")
    if now and done:
        return 0.95, "done at this visit"
    if now:
        return 0.8, "of today or in the office"
    if kind is Kind.PROCEDURE:
        return (0.95 if done else 0.85), "described under its own heading"
    if manner.act:
        return (0.8, "told as done") if done else (manner.alone, "named only")
    if kind in _SHOWN:
        return (
            max(manner.alone, 0.58) if done and manner.alone >= 0.4 else manner.alone
        ), "a result without its source"
    return (min(manner.alone + 0.1, 0.5) if done and manner.alone >= 0.4 else min(manner.alone, 0.3)), "named only"


_LATER = re.compile(
    r"\b(?:will be|(?:is|are|needs?|ought|has|have|yet) to be|is "
    r"(?:scheduled|planned|recommended|ordered|pending|due|needed|indicated)|"
    r"(?:was|were|is|are|has been|have been|been|being) (?:also )?(?:ordered|recommended|scheduled|discussed|offered|"
    r"considered|requested|planned|advised|suggested|prescribed|"
    r"referred)|ordered|recommended|scheduled|discussed|pending|"
    r"if (?:needed|necessary|symptoms|pain|no)|in the future|next "
    r"(?:week|month|visit)|in (?:\d+|a|one|two|three|four|six|"
    r"a few|several) (?:days?|weeks?|months?)|as an option|could be|may be|should be|can be|would be|tomorrow|"
    r"(?:referral|order|authorization|options?|candidate))\b"
)


def _now(whole: str, at: int, after: int) -> bool:
    """Is it said to be of this visit? "Presents today with" says nothing of the service."""
    if _OFFICE.search(whole[:at]):
        return True
    if ELSEWHERE.search(whole):
        if _OTHERS_TODAY.search(whole):
            return False
        return bool(_STRICT.search(whole))
    if NOW.search(whole) and not (_PRESENTS.search(whole[:at]) and not NOW.search(whole[max(0, at - 30) :])):
        return True
    if _TODAY_WE.search(whole[:at]) and not _PRESENTS.search(whole[:at]):
        return True
    near = whole[max(0, at - 12) : after + 22]
    return bool(TODAY.search(near)) and not (_PRESENTS.search(whole) or ELSEWHERE.search(whole))
