"""Member numbers that can be wrong by themselves: those whose shape a payer has published."""

import re

# CMS, "Understanding the Medicare Beneficiary Identifier format": no S, L, O, I, B, Z; letter and digit by position.
_LETTER = "AC-HJKMNP-RT-Y"
_MBI = re.compile(rf"[1-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}][0-9{_LETTER}][0-9][{_LETTER}]{{2}}[0-9]{{2}}")


def bare(member_id: str) -> str:
    """A member number as claims carry it: no blanks or dashes, capital letters."""
    return re.sub(r"[\s-]", "", member_id).upper()


def is_mbi(text: str) -> bool:
    """Whether it has the shape of a Medicare Beneficiary Identifier."""
    return _MBI.fullmatch(bare(text)) is not None


def wrong_member(payer_kind: str, member_id: str) -> str:
    """What is wrong with a member number of a payer of this kind; "" where nothing is, or nobody can tell."""
    text = bare(member_id)
    if not text:
        return "Copy the member number from the card."
    if len(text) > 80 or not text.isalnum() or not text.isascii():
        return "A member number has letters and digits, no other signs."
    if payer_kind == "medicare" and not is_mbi(text):
        return (
            "Medicare’s number has 11 places, such as 1EG4-TE5-MK73: a digit, a letter, and never S, L, O, I, B or Z. "
            "Copy it from the red, white and blue card."
        )
    return ""
