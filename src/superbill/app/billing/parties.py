"""How postings name who pays: a payer by its key at the site, a patient by their row."""

_PATIENT = "patient:"
_GUARANTOR = "guarantor:"


def patient_party(patient_id: int) -> str:
    """How postings name a patient as the payer."""
    return f"{_PATIENT}{patient_id}"


def patient_of(party: str) -> int | None:
    """The patient that a posting names as its payer; None for an insurer and the like."""
    return int(party.removeprefix(_PATIENT)) if party.startswith(_PATIENT) else None


def guarantor_party(guarantor_id: int) -> str:
    """How a receipt names a guarantor who paid for several patients."""
    return f"{_GUARANTOR}{guarantor_id}"


def guarantor_of_party(party: str) -> int | None:
    """The guarantor that a receipt names as its payer; None for a patient and an agency."""
    return int(party.removeprefix(_GUARANTOR)) if party.startswith(_GUARANTOR) else None
