"""Injections and aspirations: joints, sheaths and bursae by size and guidance; drugs given, with their units.

A drug is billed in the units of its code, so it is suggested only when its amount is said in them or can be worked
out ("1 mL of Kenalog 40"); the local anesthetic is part of the injection.
"""

import math
import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from superbill.coding.performed import sides, status, units
from superbill.coding.performed.catalog import phrases_of, read
from superbill.coding.performed.model import Done, Entry, Hit, Said
from superbill.coding.performed.words import Index, Phrase, compiled

_SHOT = (
    "inject* - self/insulin/epidural/facet/vaccine/botox/conjunctiva*/occipital/intravitreal/transforaminal | "
    "steroid/cortisone/corticosteroid/gel/hyaluronic shot | arthrocentesis | aspirat* - pneumonia/needle/marrow | "
    "viscosupplement*"
)
_GUIDED = re.compile(
    r"\b(?:ultrasound|sonograph\w*|us)[- ](?:guid\w+|assist\w+)|\bunder (?:direct )?(?:ultrasound|sonograph\w+)|"
    r"\b(?:ultrasound|sonographic) (?:was used|visualization|guidance)"
)
_SKIN = re.compile(
    r"\b(?:lacerations?|wound|abscess|lesions?|cyst|incision|nail|"
    r"biopsy|digital block|nerve block|wart|mole|anesthetized)\b"
)
_STEROID = re.compile(
    r"\b(?:steroids?|cortico\w+|cortisone|kenalog|triamcinolone|depo[- ]?medrol|celestone|betamethasone|decadron|"
    r"dexamethasone|methylprednisolone|synvisc|euflexxa|orthovisc|"
    r"durolane|monovisc|hyaluron\w+|prp|fluid|joint|bursa|sheath)\b"
)
_UNDER = re.compile(
    r"\b(?:im|intramuscular(?:ly)?|sq|subq|subcutaneous(?:ly)?|sub-q|sc|deltoid|glute\w*|ventrogluteal|buttock|"
    r"shot|injections?|injected|inject)\b"
)
_VEIN = re.compile(r"\b(?:iv|intravenous(?:ly)?|infus\w+|drip|push)\b")
_OTHER_ROUTE = re.compile(
    r"\b(?:oral(?:ly)?|po|by mouth|tablets?|tabs?|pills?|capsules?|"
    r"drops|cream|ointment|nasal|daily|bid|twice a day|patch|"
    r"refill\w*|prescri\w+|nebuli\w+|gel|eye|weekly|every)\b"
)
_STRENGTH = re.compile(r"\b(?:kenalog|depo[- ]?medrol|celestone)[- ](\d{1,2})\b(?! ?(?:mg|cc|ml))")
_PER_ML = re.compile(r"(\d{1,4}(?:\.\d+)?)\s*(mg|mcg|units)\s*(?:/|per)\s*(?:ml|cc)\b")
_INTO = re.compile(
    r"\b(?:keloids?|intralesional\w*|alopecia|scar|trigger points?|nerve block|migraine|epidural|"
    r"joint|bursa|sheath|neuroma|subacromial|carpal tunnel|fascia|epicondyle)\b"
)
_MUSCLE = re.compile(
    r"\b(?:im|intramuscular(?:ly)?|subcutaneous(?:ly)?|subq|deltoid|glute\w*|ventrogluteal|buttock|hip)\b"
)
_TITLE = 12  # words
_UNSAID_DOSE = 0.4
_FAR = 25


class Site(Struct, frozen=True, forbid_unknown_fields=True):
    """A place to inject: the codes without and with ultrasound, and whether a finger or toe modifier belongs to it."""

    said: str
    code: str
    area: str = ""
    guided: str = ""
    digits: str = ""


class Drug(Struct, frozen=True, forbid_unknown_fields=True):
    """`amount` of `unit` is one unit of the code; `usual` the dose of one that comes in a single size; `whole`: any
    dose up to it is one unit; `only`: never given by mouth; `device`: the service that it is put in with;
    `local`: put where it acts, as part of another service."""

    said: str
    code: str
    amount: float
    unit: str
    usual: float = 0
    whole: bool = False
    only: bool = False
    device: str = ""
    local: bool = False


class Tables(Struct, frozen=True, forbid_unknown_fields=True):
    """The tables of this family."""

    joints: dict[str, Site]
    sheaths: dict[str, Site]
    lesions: dict[str, Site]
    drugs: dict[str, Drug]


@cache
def tables() -> Tables:
    """The tables of places and drugs."""
    found: Tables = read("injections.yaml", Tables)
    return found


@cache
def _sites() -> Index:
    kinds = {"joint": tables().joints, "sheath": tables().sheaths}
    return Index(
        phrase for kind, sites in kinds.items() for key, site in sites.items()
        for phrase in compiled(Entry("sites", kind, key, key), site.said)
    )  # fmt: skip


def phrases() -> Iterator[Phrase]:
    """The phrases of this family."""
    yield from phrases_of("injections", "shot", {"injection": _SHOT})
    yield from phrases_of("drugs", "drug", {key: drug.said for key, drug in tables().drugs.items()})


def done(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    """A joint, sheath or bursa that was injected or aspirated; or a drug that was given."""
    if hit.entry.table == "drugs":
        yield from _drug(hit, around)
        return
    said = hit.said
    if "trigger point" in said.lower or (_SKIN.search(said.lower) and not _STEROID.search(said.lower)):
        return
    site_hit, where = _site(hit, around)
    if site_hit is None:
        return
    site = (tables().joints if site_hit.entry.group == "joint" else tables().sheaths)[site_hit.entry.key]
    score, why = status.judged(said, hit.start, hit.end, status.Manner(0.25, True))
    near = [said, *(each for each in around[:3] if each.kind is said.kind)]
    guided = bool(site.guided) and any(_GUIDED.search(each.lower) for each in near)
    at, after = site_hit.start - where.start, site_hit.end - where.start
    side = sides.side_of(where.lower, at, after, 60)
    marks = sides.digits(where.lower, at, after, side, site.digits) if site.digits else sides.modifiers_of(side)
    yield Done(
        code=site.guided if guided else site.code, label=f"injection or aspiration: {site_hit.entry.key}",
        start=hit.start, end=hit.end, score=score, why=why, what=f"injection {site_hit.entry.key}", modifiers=marks,
        group="injection", area=site.area, side=side, rule="" if not guided else "ultrasound guidance is in the code",
    )  # fmt: skip


def _site(hit: Hit, around: tuple[Said, ...]) -> tuple[Hit | None, Said]:
    """The site nearest to the word in its sentence, else in the sentences around, the one before first."""
    for said in (hit.said, *around):
        if said is not hit.said and len(said.words) > 60:
            continue
        found = _sites().hits(said)
        if said is hit.said:
            found = sorted(
                found, key=lambda s: min(abs(s.start - hit.end), abs(hit.start - s.end)) + 8 * (s.end < hit.start)
            )
        else:
            found = [s for s in found if said.stems & _ABOUT or _titled(hit.said, said, around)]
        if found:
            joints = [s for s in found if s.entry.group == "sheath" and abs(s.start - found[0].start) < _FAR]
            return (joints or found)[0], said
    return None, hit.said


_ABOUT = frozenset(("injection", "injected", "inject", "aspiration", "joint", "bursa", "procedure", "steroid", "sheath",
                    "cortisone", "needle", "prepped", "consent"))  # fmt: skip


def _titled(said: Said, before: Said, around: tuple[Said, ...]) -> bool:
    """Is the sentence before a problem's title, and the steroid said after it meant for that joint? "Osteoarthritis of
    the left knee. Injected today with 40 mg of triamcinolone." """
    if before is not around[0] or before.kind is not said.kind or len(before.words) > _TITLE:
        return False
    return bool(_STEROID.search(said.lower)) and not _MUSCLE.search(said.lower) and "inject" in said.lower


def _drug(hit: Hit, around: tuple[Said, ...]) -> Iterator[Done]:
    said, drug = hit.said, tables().drugs[hit.entry.key]
    if not drug.code:
        return
    part, _, _ = status.clause(said, hit.start, hit.end)
    score, why = status.judged(said, hit.start, hit.end, status.Manner(0.25, True))
    if drug.device:
        if re.search(r"\b(?:insert\w*|plac\w+)\b", part) and not re.search(r"\bremov\w+\b", part):
            yield _dose(hit, drug, 1, score, why, "")
        return
    into_site = drug.local or any(
        _sites().hits(each) or _INTO.search(each.lower)
        for each in (
            said,
            *(o for o in around if len(o.words) < 60 and (o.stems & _ABOUT or _titled(said, o, around))),
        )
    )
    vein = _VEIN.search(part)
    under = _UNDER.search(part) or (drug.only and re.search(r"\b(?:given|administered|received)\b", part))
    if not into_site and not vein and (not under or (_OTHER_ROUTE.search(part) and not drug.only)):
        return
    amount, rule = _amount(said.lower, hit, drug)
    count = (
        0 if amount is None else 1 if drug.whole and amount <= drug.amount else math.ceil(amount / drug.amount - 1e-9)
    )
    if count and re.search(r"\b(?:each|both)\b", part) and into_site:
        count *= 2
    yield _dose(hit, drug, max(count, 1), score if count else min(score, _UNSAID_DOSE), why, rule)
    if not into_site and not vein:
        yield Done(
            code="96372", label="injection under the skin or into a muscle", start=hit.start, end=hit.end, score=score,
            why=why, what=f"96372 {hit.entry.key}", group="injection", adds=True,
        )  # fmt: skip
    elif vein and re.search(r"\bpush\b|\bivp\b", part):
        yield Done(
            code="96374", label="push into a vein", start=hit.start, end=hit.end, score=score, why=why,
            what="infusions 96374", group="infusions",
        )  # fmt: skip


def _dose(hit: Hit, drug: Drug, count: int, score: float, why: str, rule: str) -> Done:
    return Done(
        code=drug.code, label=hit.entry.label, start=hit.start, end=hit.end, score=score, why=why,
        what=f"drug {hit.entry.key}", units=count, group="drug", adds=True, rule=rule,
    )  # fmt: skip


def _amount(lower: str, hit: Hit, drug: Drug) -> tuple[float | None, str]:
    """How much of the drug, in the unit of its code: the amount nearest to its name, worked out from a strength when
    only a volume is said."""
    at, after = hit.start - hit.said.start, hit.end - hit.said.start
    near = lower[max(0, at - _FAR) : after + 40]
    shift = max(0, at - _FAR)
    found = [(n, unit, s + shift, e + shift) for n, unit, s, e in units.doses(near)]
    found.sort(key=lambda one: (min(abs(one[2] - after), abs(at - one[3])), one[2]))
    scale = {("mg", "mcg"): 1000.0, ("mcg", "mg"): 0.001}
    for number, unit, _, _ in found:
        if unit == drug.unit:
            return number, f"{number:g} {unit}"
        if (unit, drug.unit) in scale:
            return number * scale[unit, drug.unit], f"{number:g} {unit}"
    strength = _PER_ML.search(near) or _STRENGTH.search(near)
    volume = next((n for n, unit, _, _ in found if unit == "ml"), None)
    if strength and volume:
        amount = volume * float(strength[1])
        return amount, f"{volume:g} ml of {strength[1]} {drug.unit}/ml"
    if drug.usual:
        return drug.usual, "it comes in one size"
    return None, "the amount is not said in the unit of its code"
