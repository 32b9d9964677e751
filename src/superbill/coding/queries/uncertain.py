"""A condition that the assessment names as uncertain: outpatient it isn't coded, so its status is worth asking for."""

from collections.abc import Iterator

from superbill.coding.queries.asking import Asked, open_question, quoted
from superbill.coding.reading.model import ASSESSING
from superbill.coding.suggest.model import Query

_SOURCE = "ICD-10-CM Official Guidelines IV.H"
_CHOICES = ("confirmed", "ruled out", "still uncertain; the signs and symptoms are")


def queries(asked: Asked) -> Iterator[Query]:
    """One query for each uncertain condition that is assessed and not also stated plainly. Outpatient only."""
    if asked.visit.setting == "inpatient":
        return
    plain = {code[:3] for each in asked.reading.mentions if each.asserted for code in each.codes[:1]}
    seen: set[str] = set()
    for each in asked.reading.mentions:
        if each.what != "problem" or not each.codes or not each.uncertain or each.negated:
            continue
        category = each.codes[0][:3]
        if category in plain or category in seen or category[0] in "RZ":
            continue
        if each.experiencer != "patient" or each.time != "current" or asked.reading.kind_of(each) not in ASSESSING:
            continue
        seen.add(category)
        cues = tuple(asked.span(start, end) for start, end in each.cues[:1])
        evidence = (asked.words(each), *cues)
        starts, ends = (each.start, *(cue[0] for cue in each.cues[:1])), (each.end, *(cue[1] for cue in each.cues[:1]))
        words = asked.reading.text[min(starts) : max(ends)]
        said = f"The assessment names {quoted(words)} as uncertain."
        yield open_question("uncertain", said, "its status at the end of this visit", evidence, _CHOICES, _SOURCE)
