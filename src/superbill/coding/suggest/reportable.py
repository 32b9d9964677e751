"""Which mentions are conditions to report at this visit (guidelines IV.G to IV.J outpatient)."""

from collections.abc import Iterator

from superbill.coding.reading.model import ASSESSING, Mention, Reading
from superbill.coding.suggest.model import Visit


def reportable(reading: Reading, visit: Visit) -> Iterator[Mention]:
    """The problems that the provider states as current in the assessment: the titles of its problems where it has any,
    else all its words."""
    titles = reading.outline.problems
    for mention in reading.mentions:
        if mention.what != "problem" or not mention.codes or not mention.asserted:
            continue
        if reading.kind_of(mention) not in ASSESSING:
            continue
        if not titles or any(p.start <= mention.start and mention.end <= p.title_end for p in titles):
            yield mention
