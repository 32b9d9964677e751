"""What goes wrong with deposits, bank lines and closings."""


class NotReconcilable(ValueError):
    """What was asked can't be done with these lines, payments or days. Nothing was changed; the message says why."""
