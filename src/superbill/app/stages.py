"""How far long work has come. Who shows it overrides these: bars of a terminal, a row that a page reads."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")
_listeners: list[Callable[[str], None]] = []


def tell_to(say: Callable[[str], None]) -> None:
    """Let `say` hear what goes on, such as the first opening of an installation, which takes seconds."""
    _listeners[:] = [say]


def tell(text: str) -> None:
    """One line for who watches; lost where nobody does."""
    for say in _listeners:
        say(text)


class Stages:
    """Stages with their counts, told to nobody."""

    def start(self, stage: str, total: int | None) -> None:
        """`stage` begins; `total` None when it is not known yet."""

    def step(self, stage: str, done: int = 1, *, total: int | None = None) -> None:
        """`done` more of `stage`."""

    def finish(self, stage: str) -> None:
        """All of `stage` is done."""

    def track(self, stage: str, items: Sequence[T]) -> Iterator[T]:
        """`items`, one step each."""
        self.start(stage, len(items))
        for item in items:
            yield item
            self.step(stage)
