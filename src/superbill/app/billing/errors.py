"""What billing's actions refuse. The messages name the place and the fix, never a patient."""


class BadAmount(ValueError):
    """An amount that this action can't take. Nothing was posted."""


class NotPossible(Exception):
    """What is asked for does not fit how things stand. Nothing was posted."""


class OverLimit(Exception):
    """More than this person may forgive alone. Nothing was posted; a second person can approve it."""
