"""Labels of payments, refunds, plans and the like: letters and a number."""

from superbill.app.session import BadInput


def number_of(text: str, letters: str) -> int:
    """The number in a label ("R000012", or plain 12). Raises BadInput for another kind of label."""
    digits = text.upper().removeprefix(letters)
    if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
        raise BadInput(f"{text}: not a number like {letters}000012.")
    return int(digits)
