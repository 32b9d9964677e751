"""How postings name who pays: a payer by its key at the site, a patient by their row."""

_PATIENT = "patient:"


def patient_party(patient_id: int) -> str:
    """How postings name a patient as the payer."""
    return f"{_PATIENT}{patient_id}"


def patient_of(party: str) -> int | None:
    """The patient that a posting names as its payer; None for an insurer and the like."""
    return int(party.removeprefix(_PATIENT)) if party.startswith(_PATIENT) else None


def guarantor_party(guarantor_id: int) -> str:
    """How a receipt names a guarantor who paid for several patients."""
    return f"guarantor:{guarantor_id}"
