"""Codes a note: the door to this room."""

from collections.abc import Iterable

from msgspec import Struct

from superbill.codesets.icd10cm.lookup import CodeBook, book
from superbill.codesets.store import Store
from superbill.codesets.terms.lookup import open_terms
from superbill.coding.em.level import level
from superbill.coding.inpatient.stay import stayed
from superbill.coding.learned.acceptance import Acceptance, described
from superbill.coding.performed.find import performed
from superbill.coding.queries.asking import ask
from superbill.coding.reading.model import Mention, Reading
from superbill.coding.reading.read import read
from superbill.coding.suggest.diagnoses import diagnoses
from superbill.coding.suggest.model import Suggestion, Visit
from superbill.coding.suggest.nothing import CROWDED, FOREIGN, LONGEST, crowded, foreign, nothing, too_long
from superbill.coding.suggest.reportable import judged, reportable
from superbill.coding.suggest.support import supported
from superbill.findings import Finding, Place, Severity


class Study(Struct, frozen=True, eq=False):
    """A note that was read and coded, and the book that its codes are of."""

    reading: Reading
    suggestion: Suggestion
    book: CodeBook


def suggest(text: str, store: Store, visit: Visit, acceptance: Acceptance | None = None) -> Suggestion:
    """The codes of a note. Any text is a note: one without anything to code says why in `nothing`.

    `acceptance` is what a practice's decisions taught: conditions that it mostly refuses are left out, and said so.
    Raises Refused when the store has no ICD-10-CM, OSError when its folder can't be written to.
    """
    return study(text, store, visit, acceptance).suggestion


def study(text: str, store: Store, visit: Visit, acceptance: Acceptance | None = None) -> Study:
    """As `suggest`, with all that explaining it takes."""
    codes = book(store, visit.on)
    terms = open_terms(store, codes.release.effective)  # one table for all days of a release
    against = too_long(text) if len(text) > LONGEST else FOREIGN if foreign(text) else ""
    reading = read("" if against else text, terms)
    if len(reading.mentions) > CROWDED:
        against = crowded(reading)
    if against:
        return Study(reading, Suggestion(visit=visit, release=codes.release.name, nothing=against), codes)
    reported, left_out = _reported(reading, visit, acceptance)
    coded = supported(diagnoses(reported, reading, visit, codes), reading, visit)
    stay = stayed(reading, visit, coded, store)
    coded = stay.diagnoses
    services = performed(reading, visit, coded)
    suggestion = Suggestion(
        visit=visit, release=codes.release.name, diagnoses=coded, procedures=stay.procedures,
        present=stay.present, services=services, em=level(reading, visit, coded, services) if coded else None,
        queries=ask(reading, visit, coded, codes) + stay.queries,
        nothing="" if coded else nothing(reading, visit),
        findings=left_out + stay.findings,
    )  # fmt: skip
    return Study(reading, suggestion, codes)


def _reported(
    reading: Reading, visit: Visit, acceptance: Acceptance | None
) -> tuple[Iterable[Mention], tuple[Finding, ...]]:
    """What the rules report, but for what the practice mostly refuses; and the finding that says what that is."""
    by_rules = reportable(reading, visit)
    if acceptance is None:
        return by_rules, ()
    every = list(by_rules)
    kept = acceptance.kept(every, described(judged(reading, visit), reading, visit))
    codes = sorted({each.codes[0] for each in every if each not in kept})
    if not codes:
        return kept, ()
    return kept, (Finding(
        rule="coding.acceptance", severity=Severity.INFORMATION, where=Place(field="diagnoses"),
        message=f"{', '.join(codes)}: left out, because this practice's coders mostly refuse the like.",
        source=f"{acceptance.accepted + acceptance.refused} mentions in the practice's own decisions",
    ),)  # fmt: skip
