"""Slips of the keys: how alike a typed word and a known word are."""


def grams(word: str) -> set[str]:
    """The pairs of letters of a word, its beginning and end marked."""
    marked = f"^{word}$"
    return {marked[place : place + 2] for place in range(len(marked) - 1)}


def likeness(typed: str, known: str) -> float:
    """From 1 (the same) down to 0 (another word): one slip in four letters, two in seven, three in eleven are forgiven.

    A slip is a letter left out, put in, changed or exchanged with its neighbour (optimal string alignment). A wrong
    first letter is rare and counts half a slip more.
    """
    allowed = 1 if len(typed) < 7 else 2 if len(typed) < 11 else 3
    if abs(len(typed) - len(known)) > allowed:
        return 0.0
    slips = _distance(typed, known, allowed)
    if slips > allowed:
        return 0.0
    return 1 - (slips + (0.5 if typed[0] != known[0] else 0)) / (len(typed) + 1)


def _distance(one: str, other: str, most: int) -> int:
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        now = [row]
        for column, opposite in enumerate(other, 1):
            cost = min(last[column] + 1, now[-1] + 1, last[column - 1] + (letter != opposite))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == opposite:
                cost = min(cost, before[column - 2] + 1)
            now.append(cost)
        if min(now) > most:
            return most + 1
        before, last = last, now
    return last[-1]
