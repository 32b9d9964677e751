"""One claim of an interchange, segment by segment, each with what it is in our own words."""

from msgspec import Struct

WORDS = {
    "HL": "Level", "PRV": "Provider specialty", "NM1": "Name", "N3": "Street", "N4": "City, state, ZIP code",
    "REF": "Reference number", "PER": "Contact", "SBR": "Subscriber and order of payers", "PAT": "Patient",
    "DMG": "Birth date and sex", "CLM": "Claim", "DTP": "Date", "AMT": "Amount", "HI": "Diagnosis codes",
    "LX": "Service line", "SV1": "Service", "CAS": "Adjustment by an earlier payer", "OI": "Other insurance",
    "MOA": "Outpatient adjudication", "SVD": "Earlier payer’s decision on the line", "NTE": "Note", "LIN": "Drug",
    "CTP": "Drug quantity", "PWK": "Attachment", "CR1": "Ambulance", "CRC": "Condition", "CN1": "Contract",
}  # fmt: skip
NAMES = {
    "85": "Billing provider", "87": "Pay-to address", "IL": "Subscriber", "PR": "Payer", "QC": "Patient",
    "82": "Rendering provider", "DN": "Referring provider", "DQ": "Supervising provider", "77": "Service facility",
}  # fmt: skip
LEVELS = {"20": "Billing provider level", "22": "Subscriber level", "23": "Patient level"}
_LEVEL_CODE, _QUALIFIER = 3, 1


class Segment(Struct, frozen=True):
    """One segment as sent, without its terminator, and what it is."""

    text: str
    words: str


def claim_segments(interchange: bytes, control_number: str) -> list[Segment]:
    """The levels above the claim (billing provider, subscriber, patient) and the claim; empty when it is not there.

    Reads the delimiters from the ISA; expects levels in the order in which an 837 has them.
    """
    text = interchange.decode("utf-8", "replace")
    if len(text) < 106 or not text.startswith("ISA"):
        return []
    element, terminator = text[3], text[105]
    above: dict[str, list[list[str]]] = {}
    current: list[list[str]] = []
    taking = False
    for raw in text.split(terminator):
        segment = raw.strip().split(element)
        tag = segment[0]
        if taking and tag in ("HL", "CLM", "SE"):
            break
        if tag == "HL" and len(segment) > _LEVEL_CODE:
            level = segment[_LEVEL_CODE]
            above = {key: rows for key, rows in above.items() if key < level}
            current = above[level] = []
        elif tag == "CLM":
            taking = len(segment) > 1 and segment[1] == control_number
            current = above["claim"] = []
        current.append(segment)
    if not taking:
        return []
    return [Segment(element.join(one), _words(one)) for rows in above.values() for one in rows if one[0]]


def _words(segment: list[str]) -> str:
    tag = segment[0]
    if tag == "NM1" and len(segment) > _QUALIFIER:
        return NAMES.get(segment[_QUALIFIER], WORDS["NM1"])
    if tag == "HL" and len(segment) > _LEVEL_CODE:
        return LEVELS.get(segment[_LEVEL_CODE], WORDS["HL"])
    return WORDS.get(tag, "")
