"""Vaccines given, by name, and their administration in the sequence that CPT and Medicare ask for.

CPT 90460-90474: under 19 with counseling by the physician one 90460 for each vaccine and 90461 for each further
component; else one first (90471, or 90473 when nothing was injected) and the others as additional. COVID-19 has 90480.
Medicare: G0008, G0009, G0010 (CMS Claims Processing Manual chapter 18 section 10).
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from superbill.coding.performed import status
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Hit, Said
from superbill.coding.performed.words import Phrase
from superbill.coding.reading.model import Kind
from superbill.coding.suggest.model import Visit

_GIVEN = re.compile(
    r"\b(?:given|administered|received|gave|vaccinated|immunized|got|injected|administer|give|done)\b|"
    r"\b(?:immunizations?|vaccin\w+|shots) (?:given |administered )?today\b|\btoday['’]s (?:immunizations?|vaccin\w+)\b"
)
_LISTED = re.compile(
    r"\b(?:immunizations?|vaccin\w+|shots) (?:(?:were |was )?(?:given|administered)(?: today)?|today)[: ]"
)
_TODAY = re.compile(r"\b(?:today|this visit|in (?:the )?(?:office|clinic)|now)\b")
_COUNSELED = re.compile(r"\bcounsel\w*\b")
_FLU_MEDICARE = "G0008"
_CHILD = 19
_DEFAULT_ADMINISTERED = 0.3


class Vaccine(Struct, frozen=True, forbid_unknown_fields=True):
    """`own`: an administration code of its own; `code` "" when the name leaves the product open."""

    said: str
    code: str
    components: int = 1
    route: str = "injection"
    medicare: str = ""
    own: str = ""


@cache
def table() -> dict[str, Vaccine]:
    """The tables of vaccines."""
    found: dict[str, Vaccine] = read("vaccines.yaml", dict[str, Vaccine])
    return found


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("vaccines", "vaccine", {key: entry.said for key, entry in table().items()})


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """A vaccine that was given; its administration is added when all are known."""
    lower = hit.said.lower
    score, why = status.judged(hit.said, hit.start, hit.end, status.Manner(_DEFAULT_ADMINISTERED, True))
    if hit.said.kind is Kind.IMMUNIZATIONS and not _TODAY.search(lower):
        score, why = 0.1, "a record of vaccines"
    elif score > 0.06 and _LISTED.search(lower):
        score, why = 0.8, "in a list of what was given"
    elif 0.15 < score < 0.9 and not (_GIVEN.search(lower) and (score >= 0.6 or _TODAY.search(lower))):
        score, why = min(score, _DEFAULT_ADMINISTERED), "not said to be given"
    entry = table()[hit.entry.key]
    counseled = any(_COUNSELED.search(said.lower) for said in (hit.said, *around))
    yield Done(
        code=entry.code or entry.own, label=f"vaccine: {hit.entry.key}", start=hit.start, end=hit.end, score=score,
        why=why, what=f"vaccine {hit.entry.key}", group="vaccine", rule="counseled" if counseled else "",
    )  # fmt: skip


def administered(found: Iterable[Done], visit: Visit) -> list[Done]:
    """The vaccines of a visit with the codes of their administration after them."""
    kept = list(found)
    given = [one for one in kept if one.group == "vaccine" and one.score >= 0.5]
    if not given:
        return kept
    general: list[tuple[Done, Vaccine]] = []
    more: list[Done] = []
    for one in given:
        entry = table()[one.what.removeprefix("vaccine ")]
        medicare = entry.medicare or (_FLU_MEDICARE if "influenza" in one.what else "")
        if entry.own:
            more.append(_for(one, entry.own))
        elif visit.payer_kind == "medicare" and medicare:
            more.append(_for(one, medicare))
        else:
            general.append((one, entry))
    counseled = any(one.rule == "counseled" for one in given)
    if general and visit.age is not None and visit.age < _CHILD and counseled:
        more.append(_for(general[0][0], "90460", len(general)))
        further = sum(entry.components - 1 for _, entry in general)
        more += [_for(general[0][0], "90461", further)] if further else []
    else:
        more += _by_route(general)
    unique = {one.code: one for one in reversed(more)}
    kept = [replace(one, rule="") if one in given else one for one in kept]
    return [*kept, *(one for code, one in unique.items() if all(code != other.code for other in kept))]


def _by_route(given: list[tuple[Done, Vaccine]]) -> Iterator[Done]:
    injected = [one for one, entry in given if entry.route == "injection"]
    other = [one for one, entry in given if entry.route != "injection"]
    if injected:
        yield _for(injected[0], "90471")
        if injected[1:]:
            yield _for(injected[1], "90472", len(injected) - 1)
    elif other:
        yield _for(other[0], "90473")
        other = other[1:]
    if other:
        yield _for(other[0], "90474", len(other))


def _for(one: Done, code: str, count: int = 1) -> Done:
    return replace(
        one, code=code, units=count, label="administration of a vaccine", what=f"administration {code}", rule="",
        group="administration",
    )  # fmt: skip
