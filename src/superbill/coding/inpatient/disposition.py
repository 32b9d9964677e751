"""Where a patient went at the end of a stay, as the note says it: the patient discharge status of the claim.

UB-04 form locator 17; Claims Processing Manual chapter 25 §75.2. It moves the MS-DRG itself for some stays (died, left
against advice, transferred) and its payment for transfers (42 CFR 412.4).
"""

import re

HOME = "01"
"""Home or self care: what is taken where the note says nothing."""
_WAYS = tuple(
    (status, re.compile(rf"\b(?:{said})\b", re.IGNORECASE))
    for status, said in (
        ("20", r"expired|deceased|pronounced dead|time of death|passed away|"
               r"died (?:during|on (?:hospital )?day|at \d|today|peacefully)"),
        ("07", r"against medical advice|AMA|eloped|left without (?:being discharged|completing)"),
        ("51", r"hospice (?:facility|house|unit|center)|inpatient hospice|to (?:an? )?hospice(?! (?:care )?at home)"),
        ("50", r"home (?:with|on|under) hospice|home hospice|hospice (?:care )?at home"),
        ("65", r"(?:inpatient )?psychiatric (?:hospital|facility|unit)|behavioral health (?:hospital|unit)"),
        ("62", r"(?:acute |inpatient )?rehab(?:ilitation)? (?:facility|hospital|unit|center)|acute rehab\w*|"
               r"inpatient rehab\w*|IRF"),
        ("63", r"long[- ]term acute(?:[- ]care)?(?: hospital)?|LTACH?|LTCH"),
        ("03", r"skilled nursing(?: facility| home)?|SNF|subacute rehab\w*|sub-acute rehab\w*"),
        ("04", r"nursing home|assisted living(?: facility)?|custodial care|intermediate care facility|"
               r"long[- ]term care facility"),
        ("66", r"critical access hospital"),
        ("02", r"to (?:[\w' -]{0,40}?)(?:hospital|medical center|tertiary (?:care )?center)|"
               r"(?:another|outside|tertiary|short[- ]term|acute care) hospital"),
        ("06", r"home (?:health|with (?:[\w ,]{0,30}?)(?:home health|VNA|visiting nurs\w+|home PT|home nursing))\w*|"
               r"home w(?:ith|/) services|VNA"),
        ("01", r"home|self[- ]care|family|shelter"),
    )
)  # fmt: skip
"""The surest first: who died is not discharged home, whatever the plan was."""
_TOLD = re.compile(
    r"(?:^|\n)[ \t]*(?:[-*•]\s*)?(?:discharge )?(?:dispo(?:sition)?|discharged? (?:to|destination|location|status))\b"
    r"(?: (?:at|on) discharge)?[ \t]*[:\-–]?[ \t]*\n?(?P<said>[^\n]{2,160})|"
    r"\b(?:was|were|is|been|be|patient)? ?(?:discharged|transferred|released|sent)(?: \w+){0,4}? "
    r"(?P<went>(?:to|home|with)\b[^.;\n]{0,100})|"
    r"(?P<left>\b(?:left|signed out|discharged)(?: \w+){0,3} (?:against medical advice|AMA)\b|"
    r"\b(?:patient|he|she|who) (?:expired|died|passed away)\b[^.;\n]{0,60}|\bpronounced dead\b|\btime of death\b)",
    re.IGNORECASE,
)
_NOT_YET = re.compile(
    r"\b(?:if|once|when|until|prior|before|previous\w*|last|should|admitted|from)\b[^.;\n]{0,40}$", re.IGNORECASE
)
_DECLINED = re.compile(r"\b(?:declin\w+|refus\w+|not|rather than|instead of|denied by)\b[^.,;\n]{0,60}", re.IGNORECASE)


def discharge_status(text: str) -> str:
    """The two-digit patient discharge status that a note says; "" where it says none.

    Of several statements the one that is surest counts: a death, leaving against advice, then places, home last.
    """
    told = []
    for match in _TOLD.finditer(text):
        if match["said"] is None and _NOT_YET.search(text, max(0, match.start() - 60), match.start()):
            continue
        said = _DECLINED.sub(" ", match["said"] or match["went"] or match["left"] or "")
        if (status := _status(said)) is not None:
            told.append(status)
    return next((status for status, _ in _WAYS if status in told), "")


def _status(said: str) -> str | None:
    return next((status for status, pattern in _WAYS if pattern.search(said)), None)
