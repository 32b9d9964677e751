"""What takes counting: coronary bypasses and stents by the number of arteries, ventilation by its hours.

ICD-10-PCS Official Guidelines FY2026: B3.6b and B3.6c (coronary bypass by the number of arteries, another code for each
qualifier), B4.4 (coronary arteries), B3.9 (a graft taken from another site); section 5, duration of ventilation.
"""

import re
from collections.abc import Iterator

from superbill.codesets.icd10pcs.lookup import PcsBook
from superbill.coding.inpatient.build import GUIDELINES, Asked, Told, Way, codes, label_of
from superbill.coding.inpatient.scope import Scope, Span
from superbill.coding.suggest.model import Step

_NUMBER = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "single": 1, "triple": 3, "quadruple": 4,
           "double": 2, "a": 1, "an": 1, "quintuple": 5}  # fmt: skip
_ARTERY = re.compile(
    r"\b(?P<lad>lad|left anterior descending)|\b(?P<rca>rca|right coronary(?: artery)?)|"
    r"\b(?P<lcx>lcx|l cx|circumflex|cx)|\b(?P<om>om ?\d?|obtuse marginal)|\b(?P<diag>d ?[12]\b|diagonal|diag)|"
    r"\b(?P<pda>pda|posterior descending)|\b(?P<ramus>ramus)|\b(?P<lm>left main|lmca)|\b(?P<plv>plv|pl branch|"
    r"posterolateral)",
    re.IGNORECASE,
)  # fmt: skip
_GRAFTS = re.compile(
    r"\b(?:cabg|bypass(?: graft(?:ing)?)?)\s?(?:x|×|times)\s?(?P<n>\d)|\b(?:x|×)\s?(?P<m>\d)\b|"
    r"\b(?P<word>single|double|triple|quadruple|quintuple|one|two|three|four|five)[- ](?:vessel|bypass|graft)",
    re.IGNORECASE,
)
_LIMA = re.compile(r"\b(?:lima|lita|left internal mammary|left internal thoracic)\b", re.IGNORECASE)
_RIMA = re.compile(r"\b(?:rima|rita|right internal mammary|right internal thoracic)\b", re.IGNORECASE)
_VEIN = re.compile(r"\b(?:svg|saphenous|vein grafts?|rsvg)\b", re.IGNORECASE)
_RADIAL = re.compile(r"\bradial artery\b", re.IGNORECASE)
_DRUG = re.compile(r"\b(?:drug[- ]eluting|des\b|xience|resolute|everolimus|zotarolimus|sirolimus)", re.IGNORECASE)
_BARE = re.compile(r"\b(?:bare[- ]metal|bms)\b", re.IGNORECASE)
_STENTS = re.compile(
    r"\b(?P<n>\d|one|two|three|four|five|six)\s+(?:overlapping\s+)?(?:drug[- ]eluting\s+|"
    r"bare[- ]metal\s+)?(?:des|stents?|"
    r"xience|resolute)\b|\b(?:des|stents?)\s?(?:x|×)\s?(?P<m>\d)",
    re.IGNORECASE,
)
_STENT = re.compile(r"\b(?:stent\w*|des|bms|xience)\b", re.IGNORECASE)
_BALLOON = re.compile(r"\b(?:balloon angioplasty|poba|without stent|no stent|angioplasty alone|ptca)\b", re.IGNORECASE)
_OPEN_ARTERY = re.compile(r"\bbifurcation\b", re.IGNORECASE)
_FOR = re.compile(
    r"\b(?:for|x|after|total(?: of)?|approximately|about)\s*(?:a total of |approximately |"
    r"about )?(?P<n>\d{1,3}(?:\.\d)?|"
    r"one|two|three|four|five|six|seven|eight|nine|ten)[- ]?(?P<unit>hours?|hrs?|h|days?)\b|"
    r"\b(?P<n2>\d{1,3})[- ](?P<unit2>hours?|hrs?|days?) (?:of|on)\b|"
    r"(?P<more>greater than|more than|over|>)\s?96",
    re.IGNORECASE,
)
_DAY = re.compile(
    r"\bintubated\b[^.;]{0,60}?\b(?:hospital day|hd|day)\s?#?(?P<first>\d{1,2})\b[^.]{0,120}?\bextubated\b[^.]{0,40}?"
    r"\b(?:hospital day|hd|day)\s?#?(?P<last>\d{1,2})\b",
    re.IGNORECASE,
)
_DATES = re.compile(
    r"\bintubated\b[^.;]{0,40}?\b(?P<m1>\d{1,2})/(?P<d1>\d{1,2})\b[^.]{0,120}?\bextubated\b[^.]{0,30}?"
    r"\b(?P<m2>\d{1,2})/(?P<d2>\d{1,2})\b",
    re.IGNORECASE,
)
_WORDS = {**_NUMBER, "seven": 7, "eight": 8, "nine": 9, "ten": 10}
_MANY = 4


def ventilation(text: str, spans: tuple[Span, ...]) -> Told:
    """The duration of ventilation as its character: under 24 hours, 24 to 96, over 96 consecutive hours."""
    for start, end in spans:
        found = _FOR.search(text, start, end)
        if found is not None:
            if found["more"]:
                return Told("5", (found.span(),), found[0])
            number, unit = found["n"] or found["n2"], found["unit"] or found["unit2"]
            amount = float(_WORDS.get(number.lower(), 0) or number)
            return Told(_character(amount * (24 if unit.lower().startswith("d") else 1)), (found.span(),), found[0])
        stay = _DAY.search(text, start, end)
        if stay is not None:
            return _of_days(int(stay["last"]) - int(stay["first"]), stay)
        dated = _DATES.search(text, start, end)
        if dated is not None:
            months = int(dated["m2"]) - int(dated["m1"])
            days = int(dated["d2"]) - int(dated["d1"])
            # Over the turn of a month the least that it can be.
            return _of_days(days if months == 0 else days + 28 if months == 1 else 0, dated)
    return Told()


def _of_days(days: int, said: re.Match[str]) -> Told:
    """From one day to a later one: the next may be less than 24 hours, the fourth less or more than 96."""
    return Told("5" if days > _MANY else "4" if 1 < days < _MANY else "", (said.span(),), said[0])


def _character(hours: float) -> str:
    return "3" if hours < 24 else "4" if hours <= 96 else "5"


def bypass(scope: Scope, _: PcsBook) -> Iterator[Way | Asked]:
    """CABG: a code for the internal mammary graft, one for the vein grafts, and the harvest of the vein."""
    text, (start, end) = scope.text, scope.sentence
    said = _GRAFTS.search(text, start, end)
    total = 0
    if said:
        number = said["n"] or said["m"]
        total = int(number) if number else _NUMBER[said["word"].lower()]
    left, right, vein = (each.search(text, start, end) for each in (_LIMA, _RIMA, _VEIN))
    arteries = {match.lastgroup for match in _ARTERY.finditer(text, start, end)}
    if _RADIAL.search(text, start, end) or not (left or right or vein) or not (total or arteries):
        yield Asked("Device and Qualifier: the grafts and the number of arteries", (), Way("0210"))
        return
    mammary = [(each, character) for each, character in ((left, "9"), (right, "8")) if each]
    rest = max((total or len(arteries)) - len(mammary), 0)
    for match, character in mammary:
        count = 1 if vein or len(mammary) > 1 else max(total or len(arteries), 1)
        yield _grafted(count, "Z" + character, match.span())
    if vein and rest:
        yield _grafted(rest, "9W", vein.span())


def _grafted(count: int, ending: str, span: Span) -> Way:
    prefix = f"021{min(count, _MANY) - 1}0"
    step = Step("coding.pcs.arteries", f"{count} coronary artery(ies) bypassed from one source", f"{GUIDELINES} B3.6b")
    return Way(prefix + ending, (span,), (step,))


def dilation(scope: Scope, book: PcsBook) -> Iterator[Way | Asked]:
    """PCI: the number of arteries, and the number and kind of stents that remain."""
    text, (start, end) = scope.text, scope.sentence
    arteries = {match.lastgroup for match in _ARTERY.finditer(text, start, end)}
    spans = tuple(match.span() for match in _ARTERY.finditer(text, start, end))[:3]
    if not arteries:
        yield Asked("Body Part: the number of coronary arteries treated", (), Way("027"))
        return
    count = min(len(arteries), _MANY)
    stents = _STENTS.search(text, start, end)
    number = (
        min(int(_NUMBER.get((stents["n"] or stents["m"]).lower(), 0) or stents["n"] or stents["m"]), _MANY)
        if (stents)
        else count
    )
    if _DRUG.search(text, start, end):
        device = "4567"[number - 1]
    elif _BARE.search(text, start, end):
        device = "DEFG"[number - 1]
    elif not _STENT.search(text, start, end) and _BALLOON.search(text, start, end):
        device = "Z"
    else:
        prefix = f"027{count - 1}3"
        yield Asked("Device", tuple(label_of(book, prefix, each) for each in "4DZ"), Way(prefix))
        return
    ending = "6" if _OPEN_ARTERY.search(text, start, end) else "Z"
    step = Step("coding.pcs.arteries", f"{count} coronary artery(ies), {number} device(s)", f"{GUIDELINES} B4.4")
    code = f"027{count - 1}3{device}{ending}"
    if code in codes(book, "027"):
        yield Way(code, spans, (step,))
