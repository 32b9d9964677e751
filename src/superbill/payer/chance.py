"""What happens by chance, and numbers that never repeat. Drawn from seed and content, never from a sequence of
draws: one claim's fate does not depend on which other claims there are or in what order they came."""

from hashlib import blake2b


def digest(*parts: object) -> int:
    """A number of 64 bits that these parts always give."""
    text = "\x1f".join(str(part) for part in parts)
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")


def happens(per_mille: int, *parts: object) -> bool:
    """Whether an event of this rate happens to the thing that `parts` name."""
    return per_mille > 0 and digest(*parts) % 1000 < per_mille


def number(length: int, *parts: object) -> str:
    """`length` digits, the first not 0."""
    least = 10 ** (length - 1)
    return str(least + digest(*parts) % (9 * least))
