"""Conditions of the guides, by name: when a situational segment must be there. Each sees the values of its loop."""

from superbill.x12.grammar import Values


def patient_is_subscriber(v: Values) -> bool:
    """The subscriber is the patient (SBR02 18): address, birth date and sex are sent with the subscriber."""
    return bool(v.get("..", {}).get("relationship") == "18")
