"""Which mentions are conditions to report at this visit, and of every other one why not.

Outpatient, the provider's own assessment decides (guidelines IV.G to IV.J): what is evaluated, treated or affects care.
Conditions that only other sections name are history, findings for somebody to judge, or complaints.
"""

import re
from collections.abc import Iterator

from msgspec import Struct

from superbill.coding.reading.context import chronic
from superbill.coding.reading.model import ASSESSING, Kind, Mention, Reading, Sentence
from superbill.coding.suggest.model import Step, Visit

OUTPATIENT = "ICD-10-CM Official Guidelines, section IV.J"
UNCERTAIN = "ICD-10-CM Official Guidelines, section IV.H"
_TOPIC = re.compile(
    r"\s*(?:[-•*]\s*)?(?:regarding|concerning|in regards? to|with regards? to|with respect to|in terms of|as for|for)\s"
    r"[^,.;]{2,90}(?=[,.;])",
    re.IGNORECASE,
)
_STATED = re.compile(
    r"\b(?:diagnos(?:is|ed)|has|have|had|is|was|are|shows?|showed|showing|demonstrat\w+|reveal\w*|evidence|confirm\w+|"
    r"found|positive for|due to|secondary to|believe|think|feel|appears?|represents?|gave|sustained|suffered|with)\b",
    re.IGNORECASE,
)
# What a drug is given for, and what is looked into: before the condition, in its sentence.
_TREATED = re.compile(
    r"\b(?:prescri\w+|start\w*|continu\w+|take|taking|takes|refill\w*|treat\w*|given?|increas\w+|initiat\w+|manag\w+)\b"
    r"[^.;]{0,90}\bfor\s+(?:(?:his|her|their|the|this)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
_REFILLED = re.compile(
    r"\b(?:prescri(?:bed?|ption)|start(?:ed)?|continues?|refill(?:ed|s)?|increased?|initiated?|remains? on|stays? on)\b"
    r"[^.;]{0,60}\bfor\s+(?:(?:his|her|their|the)\s+)?(?:\w+\s+)?$",
    re.IGNORECASE,
)
"""As above, in a plan that stands apart from the assessment: a drug that goes on or begins, for what it treats."""
_EVALUATED = re.compile(
    r"\b(?:follow(?:ing)? up on|evaluat(?:e|ion of|ing)|assess(?:ment of)?|work ?-?up (?:of|for)|investigat(?:e|ing)|"
    r"monitor(?:ing)?)\s+(?:(?:his|her|their|the|this|that)\s+)?(?:\w+\s+){0,2}$",
    re.IGNORECASE,
)
# What is told to the patient, or about the disease in general, is not said of the patient.
_TOLD = re.compile(
    r"\b(?:discuss\w*|counsel\w*|explain\w*(?! by)|educat\w*|advis\w*|inform\w*|guidelines|importance|risks?|benefits?|"
    r"signs of|similar to|related to|reviewed the|literature|statistics|association|society|network)\b",
    re.IGNORECASE,
)
# A problem that is named to say that it is over, unless something is still done for it.
_RESOLVED = re.compile(
    r"[\s.:•*-]*(?:medical reasoning:\s*)?(?:(?:this|it|these|they|symptoms?|her symptoms|his symptoms|the \w+) )?"
    r"(?:(?:has|have|had|is|are|now|since|appears? to have|completely|fully|clinically|seems? to have) ){0,3}resolved\b"
    r"(?! (?:with|on|in|after|when|while|but|partially|somewhat))",
    re.IGNORECASE,
)
_GOING_ON = re.compile(
    r"\b(?:continue|order(?:ed)?|obtain|start|prescri\w+|refer(?:red|ral)?|check|repeat|schedul\w+|testing|recur\w*)\b",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:after|following|since|before|prior to|until)\s+(?:(?:his|her|their|the|a|an|this|that|recent|bout of|"
    r"episode of|having|last)\s+){0,3}$",
    re.IGNORECASE,
)
_LEADING = re.compile(
    r"(?:(?:his|her|their|the patient's|known|chronic|stable|also|and|with|as for)\s+){0,2}", re.IGNORECASE
)
# What is said of a disease that is assessed there: its state, its cause, what it is treated with.
_ASSESSED = re.compile(
    r"\s*(?:,|\(|:|\s(?:is |are |has been |remains? |appears? |seems? )?(?:now |currently |also |very |quite |fairly )?"
    r"(?:stable|controlled|well|poorly|uncontrolled|at goal|not at goal|improv\w+|worse\w*|due to|caused by|"
    r"secondary to|on|managed|treated|doing|under|in remission|compensated|asymptomatic|unchanged|symptomatic|"
    r"active|quiescent)\b)",
    re.IGNORECASE,
)
_COMPLAINT = (Kind.CHIEF_COMPLAINT, Kind.HISTORY, Kind.INTERVAL, Kind.INDICATION, Kind.HOSPITAL_COURSE, Kind.OTHER)
# Codes of complaints: chapter 18, and pain, stiffness and swelling that other chapters hold.
_COMPLAINTS = (
    "R",
    "M25.4",
    "M25.5",
    "M25.6",
    "M54",
    "M79.6",
    "H57.1",
    "N64.4",
    "G89",
    "K08.89",
    "H92",
    "N94",
    "K59",
    "M43.6",
)
_HEALED = re.compile(r"(?:\w+ ){0,3}(?:healed|resolved|recovered)(?: \w+)?", re.IGNORECASE)
_OPENS = re.compile(
    r"(?:\W*(?:acute|chronic|mild|moderate|severe|stable|known|likely|simple|[RL]|right|left|bilat\w*|allergic|viral|"
    r"recurrent|new|early|also)\b)*\W*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[A-Za-z]+")
# Complaints of bones, joints and muscles that images may explain; how a plan says what images show.
_ACHES = ("M25", "M79.6", "M79.1", "M54", "R22", "R60.0", "S99.9", "S89.9", "S69.9", "S49.9", "S59.9", "S79.9")
_IMAGED = re.compile(
    r"\b(?:x-?rays?|radiographs?|radiographic findings|imag(?:es|ing)|films?|MRI|CT(?: scan)?|pictures)\b"
    r"[^.;]{0,40}?\b(?:show(?:s|ed|n)?|reveal(?:s|ed)?|demonstrate[sd]?|confirm(?:s|ed)?|indicate[sd]?|"
    r"did reveal)\b[^.;]*$",
    re.IGNORECASE,
)
_ALONE = 0.6  # of a sentence's letters
_SHORT = 160
_FONTANEL = 2.5  # years: until then "AF" is no fibrillation
_VAGUE = ("Z", "Y", "V", "W", "X")


class Verdict(Struct, frozen=True):
    """What is decided about a mention: whether it is reported, and the step that says why."""

    reported: bool
    step: Step


def reportable(reading: Reading, visit: Visit) -> Iterator[Mention]:
    """The mentions that are reported, in the order of the note."""
    every = [mention for mention, verdict in judged(reading, visit) if verdict.reported]
    yield from sorted(every, key=lambda each: _place(each, reading))


def _place(mention: Mention, reading: Reading) -> int:
    """Where it stands; history before the complaint comes after it: "a man with a history of hypertension who presents
    with chest pain" is seen for the pain (IV.G)."""
    sentence = reading.sentence_of(mention)
    listed = sentence.problem < 0 and any(
        each.value == "listed" for each in mention.attributes if each.axis == "status"
    )
    return sentence.end if listed else mention.start


def judged(reading: Reading, visit: Visit) -> list[tuple[Mention, Verdict]]:
    """Every mention of a problem with its verdict, in the order of the note."""
    judge = _Judge(reading, visit)
    return [(mention, judge.verdict(mention)) for mention in reading.mentions if mention.what == "problem"]


def complains(mention: Mention) -> bool:
    """Is it a symptom or sign rather than a disease?"""
    return bool(mention.codes) and mention.codes[0].startswith(_COMPLAINTS)


class _Judge:
    """Judges the mentions of one note."""

    def __init__(self, reading: Reading, visit: Visit) -> None:
        self.reading, self.visit = reading, visit
        self.titles: dict[int, list[Mention]] = {}
        assessed = [m for m in reading.mentions if self._stated(m) and self._assessing(m)]
        for mention in assessed:
            number = self._titled(mention)
            if number is not None:
                self.titles.setdefault(number, []).append(mention)
        self.assessed = bool(assessed)
        self.aching = any(m.codes[0].startswith(_ACHES) for m in assessed) and not any(
            m.codes[0][0] in "SM" and not complains(m) for m in assessed
        )
        self.said = {} if assessed else self._said_alone()
        self.open = {place for place, said in self.titles.items() if all(map(complains, said))}

    def verdict(self, mention: Mention) -> Verdict:
        """Whether to report, and why."""
        against = self._against(mention)
        if against is not None:
            return Verdict(False, against)
        number = self._titled(mention)
        if number is not None:
            if self._over(number, mention):
                return _no("resolved", "its discussion begins with its having resolved")
            return _yes("title", "named as a problem of the assessment")
        if self._assessing(mention):
            return self._within(mention)
        if self._topic(mention):
            return _yes("topic", "discussed by name in the plan")
        planned = self.reading.kind_of(mention) is Kind.PLAN and not complains(mention) and not self._vague(mention)
        if planned and _REFILLED.search(self._before(mention)):
            return _yes("treated", "treated at this visit")
        if self.aching and self._shown(mention):
            return _yes("imaged", "shown by imaging as what the complaint of the assessment comes from")
        if not self.assessed and self.reading.kind_of(mention) in _COMPLAINT:
            return self._unassessed(mention)
        kind = self.reading.kind_of(mention)
        return _no("elsewhere", f"named only under {kind.value}, not assessed at this visit")

    def _shown(self, mention: Mention) -> bool:
        """Do images show it: said in the plan, or a fracture or dislocation among the results?"""
        kind = self.reading.kind_of(mention)
        if complains(mention) or mention.codes[0][0] not in "SM" or len(mention.codes[0]) < 4:
            return False
        if kind in (Kind.RESULTS, Kind.FINDINGS):
            return mention.codes[0][0] == "S" and mention.codes[0][2] in "23"
        sentence = self.reading.sentence_of(mention)
        return kind is Kind.PLAN and _IMAGED.search(self.reading.text, sentence.start, mention.start) is not None

    def _over(self, number: int, mention: Mention) -> bool:
        """Does what is said of a problem begin with its being over, and is nothing done for it any more?"""
        problem = self.reading.outline.problems[number]
        text = self.reading.text
        if chronic(mention) or mention.codes[0].startswith(_VAGUE) or len(self.titles.get(number, ())) > 1:
            return False
        found = _RESOLVED.match(text, problem.title_end, problem.end)
        return found is not None and not _GOING_ON.search(text, found.end(), problem.end)

    def _said_alone(self) -> dict[int, str]:
        """The sentences of a note without assessment that are hardly more than a disease's name, or else a complaint's:
        "COPD exacerbation. Prednisone for five days." """
        lengths: dict[int, int] = {}
        diseases: set[int] = set()
        opened: set[int] = set()
        for mention in self.reading.mentions:
            if self._stated(mention) and self.reading.kind_of(mention) in _COMPLAINT and not self._vague(mention):
                lengths[mention.sentence] = lengths.get(mention.sentence, 0) + mention.end - mention.start
                if not complains(mention):
                    diseases.add(mention.sentence)
                    if self._opens(mention):
                        opened.add(mention.sentence)
        sentences = self.reading.outline.sentences
        alone = {
            place: "disease" if place in diseases else "complaint"
            for place, length in lengths.items()
            if place in opened or length >= _ALONE * (sentences[place].end - sentences[place].start - 1)
        }
        return {place: kind for place, kind in alone.items() if kind == "disease"} or alone

    def _opens(self, mention: Mention) -> bool:
        """Does a short sentence begin with it: "HTN 128/76, cont." in a note that names no assessment?"""
        sentence = self.reading.sentence_of(mention)
        before = self.reading.text[sentence.start : mention.start]
        return not sentence.label and sentence.end - sentence.start <= _SHORT and bool(_OPENS.fullmatch(before))

    def _unassessed(self, mention: Mention) -> Verdict:
        """In a note that has no assessment by name."""
        if mention.sentence in self.said:
            return _yes("stated-alone", "stated in a sentence of its own, in a note that names no assessment")
        if mention.codes[0] == "R52":
            return _no("aside", "pain of nothing, no reason for the visit")
        if self.said or self._vague(mention) or _TOLD.search(self._before(mention)):
            return _no("aside", "mentioned in passing")
        return _yes("no-assessment", "the note has no assessment that names a condition")

    def _before(self, mention: Mention) -> str:
        """What stands before the words in their sentence."""
        return self.reading.text[self.reading.sentence_of(mention).start : mention.start]

    def _against(self, mention: Mention) -> Step | None:
        """What the mention itself says against it."""
        if not mention.codes:
            return Step("coding.read.no-code", "its words lead to no code")
        if mention.negated:
            return Step("coding.read.negated", "denied or ruled out")
        if self.visit.age is not None and self.visit.age < _FONTANEL and self._text(mention) == "AF":
            return Step("coding.read.fontanel", "an infant's anterior fontanel")
        if mention.experiencer != "patient":
            return Step("coding.read.experiencer", f"said of {mention.experiencer}, not of the patient")
        if mention.uncertain and self.visit.setting == "outpatient":
            return Step("coding.read.uncertain", "uncertain diagnoses are not coded outpatient", UNCERTAIN)
        if mention.time in ("planned", "hypothetical"):
            return Step("coding.read.not-now", f"{mention.time}, not present")
        if mention.time == "past" and mention.codes[0].startswith("S") and self._recovered(mention):
            return None
        if mention.time == "past" and not mention.codes[0].startswith(_VAGUE):
            return Step("coding.read.past", "in the past", OUTPATIENT)
        return None

    def _text(self, mention: Mention) -> str:
        return self.reading.text[mention.start : mention.end]

    def _recovered(self, mention: Mention) -> bool:
        """Is an injury assessed as healed: the visit at which its care ends?"""
        said = any(_HEALED.fullmatch(self.reading.text[start:end]) for start, end in mention.cues)
        place = mention.sentence
        opening = self.reading.outline.sentences[place].start + 40 >= mention.start
        return said and opening and self.reading.kind_of(mention) in (*ASSESSING, Kind.OTHER)

    def _stated(self, mention: Mention) -> bool:
        return mention.what == "problem" and self._against(mention) is None

    def _assessing(self, mention: Mention) -> bool:
        return self.reading.kind_of(mention) in ASSESSING or self._titled(mention) is not None

    def _titled(self, mention: Mention) -> int | None:
        """The problem in whose title the mention stands."""
        number = self.reading.sentence_of(mention).problem
        if number < 0:
            return None
        problem = self.reading.outline.problems[number]
        return number if problem.start <= mention.start and mention.end <= problem.title_end else None

    def _within(self, mention: Mention) -> Verdict:
        """In the words of the assessment, outside of a title."""
        sentence = self.reading.sentence_of(mention)
        if self._topic(mention):
            return _yes("topic", "discussed by name in the assessment")
        if not self.titles:
            return self._narrative(mention)
        before = self.reading.text[sentence.start : mention.start]
        if self._bare(mention, sentence):
            return _yes("bare", "a sentence of the assessment that says nothing else")
        if not complains(mention) and not self._vague(mention):
            if self._leads(mention, sentence):
                return _yes("leads", "what a sentence of the assessment is about")
            stated = _STATED.search(before) and not _TOLD.search(before) and not _EARLIER.search(before)
            if sentence.problem in self.open and stated:
                return _yes("cause", "stated as what the complaint in the title comes from")
            if _TREATED.search(before):
                return _yes("treated", "treated at this visit")
        elif _EVALUATED.search(before):
            return _yes("evaluated", "looked into at this visit")
        return _no("within", "mentioned in the discussion of another problem")

    def _leads(self, mention: Mention, sentence: Sentence) -> bool:
        """Does a sentence that follows a title in its paragraph begin with it: "Hypothyroidism, TSH now normal." """
        text = self.reading.text
        if sentence.label or _LEADING.fullmatch(text, sentence.start, mention.start) is None:
            return False
        return _ASSESSED.match(text, mention.end) is not None

    def _bare(self, mention: Mention, sentence: Sentence) -> bool:
        """Does a sentence hold the mention and at most two words more: "Type 2 diabetes." after another problem?"""
        rest = self.reading.text[sentence.start : mention.start] + self.reading.text[mention.end : sentence.end]
        return not sentence.label and not self._vague(mention) and len(_WORD.findall(rest)) <= 2

    def _narrative(self, mention: Mention) -> Verdict:
        if self._vague(mention) and len(mention.name.split()) < 2:
            return _no("aside", "a circumstance in passing")
        if _TOLD.search(self._before(mention)):
            return _no("told", "said to the patient, or in general")
        return _yes("narrative", "stated in the assessment")

    def _vague(self, mention: Mention) -> bool:
        return mention.codes[0].startswith(_VAGUE)

    def _topic(self, mention: Mention) -> bool:
        """Does its sentence begin with it: "Regarding his diabetes, …"?"""
        sentence = self.reading.sentence_of(mention)
        if self.reading.kind_of(mention) not in (*ASSESSING, Kind.PLAN):
            return False
        found = _TOPIC.match(self.reading.text, sentence.start, sentence.end)
        return found is not None and mention.end <= found.end() and not mention.codes[0].startswith(_VAGUE)


def _yes(rule: str, words: str) -> Verdict:
    return Verdict(True, Step(f"coding.report.{rule}", words, OUTPATIENT))


def _no(rule: str, words: str) -> Verdict:
    return Verdict(False, Step(f"coding.report.{rule}", words, OUTPATIENT))
