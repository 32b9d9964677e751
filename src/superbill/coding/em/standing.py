"""How a problem stands: from its kind and what is said of it to elements of the grid.

"Stable" is defined by the patient's treatment goal: a problem not at its goal is not stable even when nothing changed
(CPT E/M guidelines 2021, definitions of the number and complexity of problems).
"""

from collections.abc import Callable, Iterator, Mapping

from superbill.coding.em.grid import POSSIBLE, PROBABLE, SURE, Element
from superbill.coding.em.view import Hit, Zone

Said = Mapping[str, Hit]
Make = Callable[[str, int, Hit | None], Element]
"""Makes the problem's element: kind, certainty, and the phrase that shows it."""


def chronic(said: Said, make: Make) -> Iterator[Element]:
    """Stable, or worse, or not at its goal. Treatment begun or raised shows that the goal was not met, and so does an
    illness that is worked up or treated without a word of going on as before, or that is itself what the patient
    complains of."""
    worse = said.get("worse") or said.get("bad_numbers")
    found = said.get("newly_found")
    raised = said.get("intensified")
    severe = said.get("severe")
    stable = said.get("stable")
    yield make("stable chronic", SURE, stable)
    if severe:
        yield make("chronic not at goal", SURE, severe)
        yield make("severe chronic", PROBABLE, severe)
    if worse:
        told = worse.zone is Zone.HISTORY and stable is not None and not raised
        yield make("chronic not at goal", POSSIBLE if told else PROBABLE if stable and not raised else SURE, worse)
    elif found or raised:
        yield make("chronic not at goal", POSSIBLE if stable and not found else PROBABLE, found or raised)
    elif not stable:
        active = None if "continues" in said else said.get("test") or said.get("prescribes") or said.get("little")
        complained = said.get("complaint") if "follows_up" not in said else None
        shown = active or complained
        yield make("chronic not at goal", PROBABLE if shown else POSSIBLE, shown)


def acute(said: Said, make: Make) -> Iterator[Element]:
    """Uncomplicated, unless it lasts, has systemic symptoms, or hides something that is being looked for."""
    yield make("acute uncomplicated", SURE, None)
    lasting, fresh = said.get("lasting"), said.get("fresh")
    if lasting and not fresh:
        yield make("chronic not at goal", PROBABLE, lasting)
    if "systemic" in said:
        yield make("systemic", POSSIBLE, said["systemic"])
    yield from _sought(said, make)


def undiagnosed(said: Said, make: Make) -> Iterator[Element]:
    """A symptom or finding that may stand for something grave: when it is worked up, of uncertain prognosis."""
    yield make("acute uncomplicated", SURE, None)
    worked_up = said.get("test") or said.get("refers") or said.get("suspected_serious") or said.get("newly_found")
    if worked_up:
        yield make("undiagnosed", PROBABLE, worked_up)
    elif said.get("lasting") and said.get("worse"):
        yield make("chronic not at goal", PROBABLE, said["worse"])
    else:
        yield make("undiagnosed", POSSIBLE, None)


def acute_moderate(kind: str, said: Said, make: Make) -> Iterator[Element]:
    """An illness that usually has systemic symptoms, or an injury that usually is complicated."""
    stable = said.get("stable")
    active = "prescribes" in said or "worse" in said or "systemic" in said or "test" in said
    if kind == "systemic" and stable and not active:
        yield make("stable chronic", SURE, stable)
        yield make(kind, POSSIBLE, None)
        return
    yield make("acute uncomplicated", SURE, None)
    yield make(kind, PROBABLE, said.get("systemic"))


def threat(_said: Said, make: Make) -> Iterator[Element]:
    """An acute illness that threatens life or a bodily function in the near term without treatment."""
    yield make("systemic", SURE, None)
    yield make("threat", PROBABLE, None)


def minor(said: Said, make: Make) -> Iterator[Element]:
    """Self-limited; more when it does not go away."""
    yield make("minor", SURE, None)
    if "worse" in said:
        yield make("acute uncomplicated", PROBABLE, said["worse"])


def _sought(said: Said, make: Make) -> Iterator[Element]:
    suspected = said.get("suspected_serious")
    if suspected and "test" in said:
        yield make("undiagnosed", PROBABLE, suspected)


STANDINGS: dict[str, Callable[[Said, Make], Iterator[Element]]] = {
    "threat": threat,
    "chronic": chronic,
    "undiagnosed": undiagnosed,
    "acute": acute,
    "minor": minor,
    "status": minor,
}
