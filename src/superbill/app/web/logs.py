"""Logs without a word about a patient: what an error says may quote a row, where it happened never does."""

import logging
import traceback
from types import TracebackType

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class NoValues(logging.Formatter):
    """Time, level, logger, message; of an exception its kind and its places in the code, not its text."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802  # the name that logging gives it
        kind, _, trace = ei
        if kind is None:
            return ""
        frames = traceback.extract_tb(trace)
        places = "".join(f"\n  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames)
        return f"{kind.__module__}.{kind.__qualname__} (its text is left out){places}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802  # the name that logging gives it
        return ""
