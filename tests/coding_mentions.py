"""Mentions placed by hand in a text, so that context and attributes are tested without a dictionary."""

from superbill.coding.reading import attributes, context, scan, sections, sentences
from superbill.coding.reading.model import Mention, Outline, Token

CODES = {
    "hypertension": "I10", "diabetes": "E11.9", "asthma": "J45.909", "copd": "J44.9", "heart failure": "I50.9",
    "chronic kidney disease": "N18.9", "kidney disease": "N18.9", "migraine": "G43.909", "gout": "M10.9",
    "hypothyroidism": "E03.9", "pneumonia": "J18.9", "bronchitis": "J40", "kidney stones": "N20.0", "stroke": "I63.9",
    "cough": "R05.9", "fever": "R50.9", "chest pain": "R07.9", "dyspnea": "R06.00", "edema": "R60.9",
    "nausea": "R11.0", "vomiting": "R11.10", "headache": "R51.9", "dizziness": "R42", "rash": "R21",
    "pulmonary embolism": "I26.99", "breast cancer": "C50.919", "colon cancer": "C18.9", "pancreatitis": "K85.90",
    "gerd": "K21.9", "anemia": "D64.9", "depression": "F32.A", "cholecystectomy": "", "colonoscopy": "",
    "knee pain": "M25.569", "hip pain": "M25.559", "fracture": "S52.509A", "sprain": "S93.409A", "ulcer": "L89.90",
    "sinusitis": "J32.9", "otitis media": "H66.90", "preeclampsia": "O14.90", "anxiety": "F41.9", "angina": "I20.9",
    "osteoarthritis": "M17.9", "swelling": "R60.0", "hyperglycemia": "R73.9", "wheezing": "R06.2", "abscess": "L02.91",
}  # fmt: skip
PROCEDURES = frozenset(("cholecystectomy", "colonoscopy"))


def read(text: str) -> tuple[Outline, dict[str, Mention]]:
    """The text's outline, and the mentions of CODES in it by their words (the first of each)."""
    outline = sentences.outline(text, sections.sections(text))
    words = tuple(scan.tokens(text, each.start, each.end) for each in outline.sentences)
    judged = context.judged(placed(outline, words), outline, words)
    described = attributes.described(judged, outline, words)
    found: dict[str, Mention] = {}
    for mention in described:
        found.setdefault(mention.name, mention)
    return outline, found


def placed(outline: Outline, words: tuple[tuple[Token, ...], ...]) -> list[Mention]:
    """The mentions as the dictionary would give them, longest name first, none over another."""
    found: list[Mention] = []
    for place, row in enumerate(words):
        at = 0
        while at < len(row):
            for length in (3, 2, 1):
                name = " ".join(token.word for token in row[at : at + length])
                if at + length <= len(row) and name in CODES:
                    found.append(
                        Mention(
                            start=row[at].start, end=row[at + length - 1].end, name=name, sentence=place,
                            what="procedure" if name in PROCEDURES else "problem",
                            codes=(CODES[name],) if CODES[name] else (),
                        )
                    )  # fmt: skip
                    at += length - 1
                    break
            at += 1
    return found


def flags(mention: Mention) -> str:
    """What holds of a mention, in words: "" for one that is plainly the patient's and current."""
    said = [name for name in ("negated", "uncertain") if getattr(mention, name)]
    said += [mention.time] if mention.time != "current" else []
    said += [mention.experiencer] if mention.experiencer != "patient" else []
    said += sorted({each.value for each in mention.attributes if each.value in ("listed", "believed")})
    return " ".join(said)
