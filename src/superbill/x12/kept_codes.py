"""Diagnosis and procedure codes looked for in the releases of a store, for SNIP type 5.

An X12 file says when it was made, not which releases its codes are of: a claim is filed up to a year after the service
(42 CFR 424.44, Medicare), appealed later. So a code passes that could be billed in the two years before the file, and
what no release has is doubtful, not wrong: the store may lack the release.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from superbill.codesets.store import Store
from superbill.x12.code_sets import SHAPES, Check, CodeSet, CodeSets, standard

_FILED_WITHIN = timedelta(days=731)
_SYSTEMS = ("icd10cm", "icd10pcs")


def kept(store: Store) -> CodeSets:
    """The standard code sets, with the codes of the store's releases as the tables of ICD-10-CM and ICD-10-PCS."""
    return standard().with_sets(**{name: _set(name, store) for name in _SYSTEMS if store.releases(name)})


def _set(name: str, store: Store) -> CodeSet:
    plain = SHAPES.sets[name]
    return CodeSet(plain.title, plain.source, plain.check, _table(plain.title, _spells(name, store)))


def _spells(name: str, store: Store) -> Mapping[tuple[date, date | None], frozenset[str]]:
    """The codes that may be billed, by the days of their release."""
    return {
        (release.effective, release.until): frozenset(
            code for (code,) in store.opened(release).connection.execute("SELECT code FROM code WHERE billable = 1")
        )
        for release in store.releases(name)
    }


def _table(title: str, spells: Mapping[tuple[date, date | None], frozenset[str]]) -> Check:
    def check(code: str, on: date | None) -> bool | str:
        known = [(days, codes) for days, codes in spells.items() if code in codes]
        if not known:
            return f"{code!r} is no {title} of the releases that are here"
        if on is None or any(_filed_in_time(days, on) for days, _ in known):
            return True
        first = min(days[0] for days, _ in known)
        when = f"begins on {first}" if first > on else "ended more than two years before"
        return f"{title} {code!r} {when}: the file is of {on}"

    return check


def _filed_in_time(days: tuple[date, date | None], on: date) -> bool:
    effective, until = days
    return effective <= on and (until is None or until >= on - _FILED_WITHIN)
