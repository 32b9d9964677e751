"""Neoplasms: active or history, primary and secondary, visits for treatment and for follow-up.

ICD-10-CM Official Guidelines FY2026 I.C.2: a malignancy under treatment is coded, one excised without further
treatment or evidence is history, Z85 (d, m); metastases beside their primary or its history (b, d); admission for
chemotherapy, immunotherapy or radiation goes first (e.2); an unknown primary is C80.1.
"""

import re

from superbill.coding.reading.model import ASSESSING, Mention
from superbill.coding.suggest.becomes import history_of, sites
from superbill.coding.suggest.candidates import Candidate, Case, considered
from superbill.coding.suggest.model import Step

SOURCE = "ICD-10-CM Official Guidelines I.C.2"
_OVER = re.compile(
    r"\bhistory of\b|\bh/o\b|\bstatus post\b|\bs/p\b|\bno evidence of (?:disease|recurrence|recurrent)|\bNED\b|"
    r"\bno recurrence\b|"
    r"\bcompleted (?:\w+ ){0,3}(?:treatment|therapy|chemo\w*|radiation)|\bcompleted treatment\b|\bdisease[- ]free\b|"
    r"\bcancer[- ]free\b|\b(?:resected|excised|removed|treated) (?:\w+ ){0,2}(?:\d+ )?(?:years?|months?) ago|"
    r"\bin (?:19|20)\d\d\b",
    re.IGNORECASE,
)
_ACTIVE = re.compile(
    r"\b(?:currently|ongoing|undergoing|receiving|continues?|continue|start(?:ed|ing)?|on|scheduled for|planned|"
    r"next cycle of) "
    r"(?:\w+ ){0,3}(?:chemo\w*|radiation|immunotherapy|tamoxifen|anastrozole|arimidex|letrozole|femara|"
    r"exemestane|aromasin|"
    r"lupron|leuprolide|androgen deprivation|hormon(?:e|al) therapy|herceptin|trastuzumab|pembrolizumab|keytruda)|"
    r"\bactive surveillance\b|\bmetasta|\brecurrent\b|\bprogress(?:ive|ion)\b|\bnewly diagnosed\b|"
    r"\bbiopsy[- ]proven\b",
    re.IGNORECASE,
)
_BLOOD = ("C81", "C82", "C83", "C84", "C85", "C86", "C88", "C90", "C91", "C92", "C93", "C94", "C95", "C96")
_SECONDARY = (
    ("C79.51", r"(?:bones?|spine|skeletal|vertebra\w*|"
               r"osseous)"), ("C78.7", r"(?:liver|hepatic)"), ("C79.31", r"(?:brain|cerebral)"),
    ("C78.00", r"(?:lungs?|pulmonary)"), ("C77.9", r"(?:lymph nodes?|nodes?|nodal)"), ("C79.70", r"adrenals?"),
    ("C78.6", r"(?:peritone\w+|omentum)"), ("C78.2", r"pleura\w*"),
)  # fmt: skip
_SPREAD = tuple(
    (code, re.compile(rf"\b(?:metasta\w+|spread) "
                      rf"(?:(?:\w+ ){{0,3}}(?:disease|cancer|carcinoma|adenocarcinoma|melanoma) )?"
                      rf"(?:to|in|of|involving) (?:the |her |his )?(?:\w+(?:,| and) ){{0,2}}{site}\b|"
                      rf"\b{site} metasta(?:s[ie]s|tic)", re.IGNORECASE))
    for code, site in _SECONDARY
)  # fmt: skip
_UNKNOWN = re.compile(r"\b(?:unknown|occult) primary\b|\bprimary (?:site )?(?:is )?unknown\b", re.IGNORECASE)
_VISITS = (
    ("Z51.11", re.compile(r"\b(?:encounter|here|presents?|admitted|admission|"
                          r"visit) (?:today )?for (?:\w+ ){0,4}chemo", re.IGNORECASE)),
    ("Z51.12", re.compile(r"\b(?:encounter|here|presents?|admitted|admission|"
                          r"visit) (?:today )?for (?:\w+ ){0,4}immunotherapy", re.IGNORECASE)),
    ("Z51.0", re.compile(r"\b(?:encounter|here|presents?|admitted|admission|"
                         r"visit) (?:today )?for (?:\w+ ){0,3}radiation", re.IGNORECASE)),
)  # fmt: skip
_FOLLOW = re.compile(r"\b(?:follow[- ]?up|surveillance|monitoring|cancer check)\b", re.IGNORECASE)


_HEAD = re.compile(
    r"\b(?:adeno)?carcinomas?\b(?! in situ)|\bcancers?\b|\bmalignan(?:t|cy)\b|\b(?:lympho|osteo|lipo|"
    r"leiomyo)?sarcomas?\b",
    re.IGNORECASE,
)
_HEDGED = re.compile(
    r"\b(?:screen\w*|family|history of|h/o|risk|rule out|r/o|possible|probable|suspect\w*|likely|concern\w*|"
    r"worried|negative|mother|father|"
    r"sister|brother|aunt|uncle|grand\w+)\b",
    re.IGNORECASE,
)


def staged(case: Case) -> None:
    """Tells active malignancies from history, adds metastases, visits for treatment and follow-up."""
    _sited(case)
    _told_as_past(case)
    _unspecified(case)
    cancers = [each for each in case.candidates if each.name.startswith(("C", "D05", "D06"))]
    if not cancers:
        _receptors(case)
        _follow_up(case)
        return
    _spread(case, cancers[0])
    _past(case)
    _visits(case)
    _fractures(case)
    if case.having("C77", "C78", "C79") and not _primaries(case):
        _primary_of(case)
    _receptors(case)
    _follow_up(case)


def _receptors(case: Case) -> None:
    """Receptor status goes with a malignancy that is coded (Z17, code first C50; Z19, code first C61)."""
    if not case.having("C50", "C61", "C56", "C54"):
        for one in case.having("Z17", "Z19"):
            case.drop(
                one, Step("coding.neoplasm.receptors", "receptor status without an active neoplasm", f"{SOURCE}.m")
            )


def _sited(case: Case) -> None:
    """A malignancy whose site stands apart: "carcinoma of the upper-outer quadrant of the breast"."""
    note = case.note
    for place, sentence in enumerate(note.reading.outline.sentences):
        if note.kind(place) not in ASSESSING or any(
            _within(each, sentence.start, sentence.end)
            for each in case.having("C", "D")
            if not each.name.startswith(("C77", "C78", "C79"))
        ):
            continue
        found = note.find(_HEAD, sentence.start, sentence.end)
        if found is None or note.named(*found) or _HEDGED.search(note.text, sentence.start, found[0]):
            continue
        for code, pattern in sites():
            site = note.find(pattern, max(sentence.start, found[0] - 40), min(sentence.end, found[1] + 80))
            if site is None:
                continue
            start, end = min(found[0], site[0]), max(found[1], site[1])
            mention = Mention(
                start=start, end=end, what="problem", name="malignant neoplasm", codes=(code,), sentence=place
            )
            step = Step("coding.neoplasm.site", "a malignancy and its site", f"{SOURCE}; Table of Neoplasms")
            beside = [each.place for each in case.candidates if _within(each, sentence.start, sentence.end)]
            at = min(beside) if beside else len(case.candidates)
            case.candidates = [*considered(mention, note, at, step), *case.candidates]
            break


def _told_as_past(case: Case) -> None:
    """A malignancy that the assessment tells as past."""
    note = case.note
    for mention in note.reading.mentions:
        if mention.time != "past" or mention.negated or mention.uncertain or mention.experiencer != "patient":
            continue
        code = history_of(mention.codes[0]) if mention.codes else ""
        if not code or note.reading.kind_of(mention) not in ASSESSING or case.having(mention.codes[0][:3], code):
            continue
        sentence = note.reading.sentence_of(mention)
        if note.find(_ACTIVE, sentence.start, sentence.end):
            continue
        step = Step("coding.neoplasm.history", "treated, no evidence of it: history", f"{SOURCE}.m")
        case.add(code, ((mention.start, mention.end),), step)


def _within(one: Candidate, start: int, end: int) -> bool:
    return any(start <= first < end for first, _ in one.spans)


def _unspecified(case: Case) -> None:
    """A neoplasm of unsaid site or behavior beside one that is specified."""
    if [each for each in case.having("C", "D0") if not each.name.startswith(("C77", "C78", "C79", "C80"))]:
        for one in case.having("C80", "D49"):
            case.drop(one, Step("coding.neoplasm.specified", "the site is specified", f"{SOURCE}"))


def _primaries(case: Case) -> list[Candidate]:
    return [each for each in case.having("C", "Z85") if not each.name.startswith(("C77", "C78", "C79"))]


def _spread(case: Case, cancer: Candidate) -> None:
    for code, pattern in _SPREAD:
        found = case.note.find(pattern)
        if found and not case.having(code[:5] if code.startswith("C78.0") else code):
            case.add(
                code, (found,), Step("coding.neoplasm.secondary", "spread to another site", f"{SOURCE}.b"), like=cancer
            )


def _past(case: Case) -> None:
    """A malignancy that the note tells as treated and gone is history."""
    note = case.note
    for one in [each for each in case.candidates if each.name.startswith(("C", "D05", "D06"))]:
        if one.name.startswith(("C77", "C78", "C79", "C80", *_BLOOD)) or one.mention is None:
            continue
        sentence = note.reading.sentence_of(one.mention)
        title = (sentence.start, sentence.end)
        problem = note.reading.outline.problems[one.problem] if one.problem >= 0 else None
        over = _OVER.search(note.text, *title) or (problem and _OVER.search(note.text, problem.start, problem.end))
        active = note.find(_ACTIVE, *title) or (problem and note.find(_ACTIVE, problem.start, problem.end))
        if over and not active:
            code = history_of(one.name)
            case.put(one, code, Step("coding.neoplasm.history", "treated, no evidence of it: history", f"{SOURCE}.m"))


def _primary_of(case: Case) -> None:
    """Metastases without a coded primary: its history, else an unknown primary."""
    note = case.note
    lead = case.having("C77", "C78", "C79")[0]
    for mention in note.reading.mentions:
        if (
            mention.codes
            and mention.experiencer == "patient"
            and not mention.negated
            and mention.codes[0].startswith("C")
        ):
            if mention.codes[0].startswith(("C77", "C78", "C79", "C80")) or mention.time != "past":
                continue
            code = history_of(mention.codes[0])
            step = Step("coding.neoplasm.primary-gone", "the primary is history", f"{SOURCE}.d")
            case.add(code, ((mention.start, mention.end),), step, like=lead)
            return
    found = note.find(_UNKNOWN)
    if found:
        case.add("C80.1", (found,), Step("coding.neoplasm.unknown-primary", "primary not known", SOURCE), like=lead)


def _visits(case: Case) -> None:
    for code, pattern in _VISITS:
        found = case.note.find(pattern)
        if found:
            case.add(
                code,
                (found,),
                Step("coding.neoplasm.treatment-visit", "the visit is for the treatment", f"{SOURCE}.e.2"),
            )


def _fractures(case: Case) -> None:
    """A pathological fracture beside a malignancy of bone is one in neoplastic disease."""
    if not case.having("C79.5", "C40", "C41", "C90"):
        return
    for one in case.having("M84.4"):
        new = "M84.5" + one.name[5:]
        case.put(one, new, Step("coding.neoplasm.fracture", "fracture through a neoplasm", f"{SOURCE}.l.6"))


def _follow_up(case: Case) -> None:
    """Follow-up after completed treatment: Z08 before the history (I.C.21.c.8)."""
    history = [each for each in case.having("Z85", "Z86.000") if each.score >= 0.5]
    if not history or case.having("C", "Z08") or min(each.place for each in case.candidates) < history[0].place:
        return
    found = case.note.find(_FOLLOW)
    if found:
        step = Step(
            "coding.neoplasm.follow-up",
            "follow-up after completed treatment",
            "ICD-10-CM Official Guidelines I.C.21.c.8",
        )
        for one in case.having("Z09"):
            case.drop(one, step)
        case.add("Z08", (found,), step, like=history[0])
