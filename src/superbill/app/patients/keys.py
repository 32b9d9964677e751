"""By what a patient is found: keys and words derived from the chart, kept with every change of it."""

from collections.abc import Iterable, Mapping

from superbill.app.documents import decoded
from superbill.app.patients.models import PatientKey, PatientRow, PatientWord
from superbill.app.patients.names import sound, words
from superbill.app.rows import chunks, found, insert
from superbill.app.work import Work
from superbill.chart.model import Chart

NAME, BORN, PHONE, MEMBER, RECORD = "n:", "b:", "t:", "m:", "r:"


def number(text: str) -> str:
    """A number as it is compared: letters and digits only."""
    return "".join(c for c in text.upper() if c.isalnum() and c.isascii())


def keys_of(chart: Chart) -> set[str]:
    """Every key of a patient. Words of a name that is written together or apart are found either way."""
    patient = chart.patient
    found = {NAME + word for word in name_words(chart)}
    if patient.birth_date:
        found.add(f"{BORN}{patient.birth_date:%Y%m%d}")
    phone = "".join(c for c in patient.phone if c.isdigit())[-10:]
    if len(phone) >= 7:
        found |= {PHONE + phone, PHONE + phone[-7:], PHONE + phone[-4:]}
    found |= {MEMBER + number(one.member_id)[:80] for one in chart.coverages if number(one.member_id)}
    found |= {RECORD + number(one)[:80] for one in (patient.medical_record_number, patient.id) if number(one)}
    return found


def name_words(chart: Chart) -> set[str]:
    """The words of the patient's name, and the family name in one: de la cruz is also delacruz."""
    name = chart.patient.name
    family, given = words(name.family), words(" ".join(name.given))
    joined = "".join(family)[:80] if len(family) > 1 else ""
    return {*family, *given, *([joined] if joined else [])}


def index_patients(work: Work, charts: Mapping[int, Chart]) -> None:
    """Make the keys of these patients (row id → chart) anew, inside the caller's action. They are found by what is
    known of those who were merged into them, too."""
    write_keys(work.practice_id, charts)
    merged = found(work.scope, PatientRow, "merged_into_id", charts, "merged_into_id", "doc")
    more = [(kept, keys_of(decoded(doc, Chart, f"patient {kept}")) - keys_of(charts[kept])) for kept, doc in merged]
    rows = [(work.practice_id, kept, key) for kept, keys in more for key in sorted(keys)]
    insert(PatientKey, ("practice_id", "patient_id", "key"), rows)


def write_keys(practice_id: int, charts: Mapping[int, Chart]) -> None:
    """The same for a practice, where no action is under way: when the tables are filled for the first time."""
    rows = PatientKey._base_manager.filter(practice_id=practice_id)
    for some in chunks(sorted(charts)):
        rows.filter(patient_id__in=some).delete()
    made = [(practice_id, patient, key) for patient, chart in charts.items() for key in sorted(keys_of(chart))]
    insert(PatientKey, ("practice_id", "patient_id", "key"), made)
    new = sorted({word for chart in charts.values() for word in name_words(chart)})
    told = [(practice_id, word, sound(word)) for word in new]
    insert(PatientWord, ("practice_id", "word", "sound"), told, upsert="ON CONFLICT (practice_id, word) DO NOTHING")


def forget_keys(work: Work, patients: Iterable[int]) -> None:
    """Nobody finds these any more: they turned out to be somebody else."""
    work.scope.rows(PatientKey).filter(patient_id__in=list(patients)).delete()
