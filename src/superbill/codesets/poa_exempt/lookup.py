"""Whether a diagnosis is exempt from present-on-admission reporting on a day of discharge."""

from datetime import date

from superbill.codesets.icd10cm.schema import undotted
from superbill.codesets.poa_exempt.importer import SYSTEM
from superbill.codesets.store import Store


def exempt(store: Store, code: str, on: date) -> bool | None:
    """True or False by the list in force on the day; None when the store has no list for it."""
    opened = store.in_force(SYSTEM, on)
    if opened is None:
        return None
    return opened.connection.execute("SELECT 1 FROM exempt WHERE code = ?", (undotted(code),)).fetchone() is not None
