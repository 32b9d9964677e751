"""The diagnoses of one article, packed: nine bytes each, sorted, so that one is found without unpacking the rest.

A record is the diagnosis without its dot, filled to seven characters with blanks, and the number of its group (2).
A million of them are 9 MB; as Python objects they would be some 200.
"""

WIDTH = 9
MOST = 0xFFFF
_CODE = 7


def code_bytes(code: str) -> bytes:
    """A diagnosis as it is packed. Raises ValueError for one that is longer than seven characters."""
    if len(code) > _CODE:
        raise ValueError(f"{code!r} can't be packed")
    return code.ljust(_CODE).encode("ascii")


def groups(packed: bytes, code: str) -> tuple[int, ...]:
    """The groups in which the diagnosis stands: a bisection over the records."""
    if len(code) > _CODE or not code.isascii():
        return ()
    wanted = code.ljust(_CODE).encode("ascii")
    low, high = 0, len(packed) // WIDTH
    while low < high:
        middle = (low + high) // 2
        if packed[middle * WIDTH : middle * WIDTH + _CODE] < wanted:
            low = middle + 1
        else:
            high = middle
    found = []
    at = low * WIDTH
    while packed[at : at + _CODE] == wanted:
        found.append(int.from_bytes(packed[at + _CODE : at + WIDTH], "big"))
        at += WIDTH
    return tuple(found)
