"""An edit of a claim: its texts as a form has them, put back into a claim, compared, and merged with another's."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.documents import encoded
from superbill.app.web.claims.field_lists import posted
from superbill.app.web.claims.field_table import GROUPS, LINE_FIELDS, LINE_MORE, OTHER_FIELDS
from superbill.app.web.claims.fields import Field, Providers, Unreadable, shaped
from superbill.claims.model import Claim, Person, Provider
from superbill.findings import Finding
from superbill.site import Site

Texts = Mapping[str, str]
Part = tuple[str, int]  # what of the claim a field belongs to: itself ("", 0), ("line", 2), ("other", 1)
_LONGEST = 1000
_WHOLE: Part = ("", 0)


class Spot(Struct, frozen=True):
    """A field of this claim: its name in the form, what it belongs to, and the payer of that where it is another's."""

    name: str
    field: Field
    part: Part
    payer: str = ""

    @property
    def label(self) -> str:
        """What it is called, with the line or the payer that it belongs to."""
        kind, number = self.part
        if kind == "line":
            return _("Line %(number)s: %(field)s") % {"number": number, "field": self.field.label}
        if kind == "other":
            return _("%(payer)s: %(field)s") % {"payer": self.payer, "field": self.field.label}
        return str(self.field.label)


class Change(Struct, frozen=True, kw_only=True):
    """A field that differs: where it is, what stood there, what stands there now."""

    name: str
    label: str
    before: str
    after: str


class Choice(Struct, frozen=True, kw_only=True):
    """A field that two people edited: as it was when one began, as the other left it, as one has it. `open` where both
    changed it and a person has to choose; else `chosen` is whose value stands."""

    name: str
    label: str
    base: str
    theirs: str
    mine: str
    open: bool
    chosen: str


def known_providers(site: Site, claim: Claim) -> dict[str, Provider]:
    """Whom the practice knows, and who stands on the claim, by NPI."""
    there = [claim.rendering, claim.referring, claim.supervising, *(line.rendering for line in claim.lines)]
    if (stay := claim.institutional) is not None:
        there += [stay.attending, stay.operating, stay.other_operating]
    if claim.dental is not None:
        there += [
            claim.dental.assistant_surgeon,
            *(line.dental.assistant_surgeon for line in claim.lines if line.dental),
        ]
    ours = [Provider(person=Person(one.last, one.first), npi=one.npi, taxonomy=one.taxonomy) for one in site.providers]
    return {one.npi: one for one in [*ours, *(one for one in there if one is not None)] if one.npi}


def spots(claim: Claim) -> Iterator[Spot]:
    """Every field that this claim has."""
    for group in GROUPS:
        for one in group.fields:
            if claim.kind in one.kinds:
                yield Spot(one.name, one, _WHOLE)
    for number, other in enumerate(claim.other_insurance, 1):
        for one in OTHER_FIELDS:
            yield Spot(f"other{number}.{one.name}", one, ("other", number), other.payer.name)
    for line in claim.lines:
        for one in (*LINE_FIELDS, *LINE_MORE):
            if claim.kind in one.kinds:
                yield Spot(f"line{line.number}.{one.name}", one, ("line", line.number))


def _parts(claim: Claim) -> dict[Part, Any]:
    """What fields are read from and put into."""
    lines = {("line", line.number): line for line in claim.lines}
    others = {("other", number): other for number, other in enumerate(claim.other_insurance, 1)}
    return {_WHOLE: claim, **lines, **others}


def _whole(parts: Mapping[Part, Any]) -> Claim:
    claim: Claim = parts[_WHOLE]
    lines = tuple(parts["line", line.number] for line in claim.lines)
    others = tuple(parts["other", number] for number in range(1, len(claim.other_insurance) + 1))
    return replace(claim, lines=lines, other_insurance=others)


def texts_of(claim: Claim) -> dict[str, str]:
    """Every field's text."""
    parts = _parts(claim)
    return {spot.name: spot.field.read(parts[spot.part]) for spot in spots(claim)}


def labels_of(claim: Claim) -> dict[str, str]:
    """What every field is called."""
    return {spot.name: spot.label for spot in spots(claim)}


def given_texts(claim: Claim, given: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The fields as a form sends them, lists by their cells; what it does not send stays as the claim has it."""
    found, parts = {}, _parts(claim)
    for spot in spots(claim):
        text = posted(spot.field, spot.name, given)
        if text is None and given.get(spot.name):
            text = given[spot.name][-1].strip()[: max(_LONGEST, spot.field.most + 1)]
        found[spot.name] = spot.field.read(parts[spot.part]) if text is None else text
    return found


def edited(claim: Claim, texts: Texts, known: Providers) -> tuple[Claim, dict[str, str]]:
    """The claim with these texts in its fields, and what can't be read, by field."""
    wrong: dict[str, str] = {}
    began, parts = _parts(claim), _parts(claim)
    for spot in spots(claim):
        field, text = spot.field, texts.get(spot.name, "")
        if text.strip() == field.read(began[spot.part]).strip():
            continue
        try:
            parts[spot.part] = field.write(parts[spot.part], _checked(field, text), known)
        except Unreadable as error:
            wrong[spot.name] = str(error)
    now = _settled(_without_gaps(_whole(parts)), claim)
    return _valid(now, claim, _unfinished(now) | wrong)


def _checked(field: Field, text: str) -> str:
    """The text as its field may have it. Raises Unreadable."""
    if len(text) > field.most:
        raise Unreadable(_("At most %s characters.") % field.most)
    if field.options and text not in field.options:
        raise Unreadable(_("Choose one of those shown."))
    return shaped(text, field.shape)


def _settled(claim: Claim, before: Claim) -> Claim:
    """Who is paid at an address of its own is the billing provider; without the address it is nobody else."""
    there, billing = claim.pay_to, claim.billing
    if there is None or there == before.pay_to:
        return claim
    if there.address is None:
        return replace(claim, pay_to=None)
    if there.person is not None or there.organization:
        return claim
    return replace(claim, pay_to=replace(there, person=billing.person, organization=billing.organization))


def _unfinished(claim: Claim) -> dict[str, str]:
    """What one field asks of another."""
    if claim.accident is None:
        return {}
    wrong = {}
    if not claim.accident.on:
        wrong["accident_on"] = _("Say on which day the accident was, or that there was none.")
    if not claim.accident.causes:
        wrong["accident_auto"] = _("Say what the accident was: by car, at work or another.")
    return wrong


def _valid(now: Claim, before: Claim, wrong: dict[str, str]) -> tuple[Claim, dict[str, str]]:
    """What a claim can't say at all (an unknown sex, say) is refused here, as its document refuses it."""
    try:
        msgspec.json.decode(encoded(now), type=Claim)
    except msgspec.ValidationError:
        return before, wrong or {"": _("The claim can’t say this. Choose among the values shown.")}
    return now, wrong


def _without_gaps(claim: Claim) -> Claim:
    """Diagnoses close up where one was cleared; pointers move along, and those to it go."""
    if all(one.code for one in claim.diagnoses):
        return claim
    kept = [place for place, one in enumerate(claim.diagnoses, 1) if one.code]
    moved = {old: new for new, old in enumerate(kept, 1)}
    lines = tuple(
        replace(line, diagnosis_pointers=tuple(moved[one] for one in line.diagnosis_pointers if one in moved))
        for line in claim.lines
    )
    return replace(claim, diagnoses=tuple(one for one in claim.diagnoses if one.code), lines=lines)


def changes(before: Claim, after: Claim) -> list[Change]:
    """What an edit changes, field by field."""
    old, new = texts_of(before), texts_of(after)
    return [
        Change(name=spot.name, label=spot.label, before=old.get(spot.name, ""), after=new[spot.name])
        for spot in spots(after)
        if old.get(spot.name, "") != new[spot.name]
    ]


def merged(claim: Claim, base: Texts, theirs: Texts, mine: Texts) -> list[Choice]:
    """Every field that either person changed since `base`; what only one of them changed is chosen already."""
    found = []
    for spot in spots(claim):
        name = spot.name
        was, one, other = base.get(name, ""), theirs.get(name, ""), mine.get(name, "")
        if one == other == was:
            continue
        both = one != was and other != was and one != other
        found.append(
            Choice(
                name=name, label=spot.label, base=was, theirs=one, mine=other, open=both,
                chosen="" if both else "mine" if other != was else "theirs",
            )
        )  # fmt: skip
    return found


def stands_at(finding: Finding, spot: Spot) -> bool:
    """Whether a finding is about this field."""
    place = finding.where
    if spot.part != (_WHOLE if place.service_line is None else ("line", place.service_line)):
        return spot.part[0] == "other" and spot.field.place == place.field
    named = place.field.rstrip(".").replace(" ", "_")
    here = spot.field.place
    return named == here or here.startswith(f"{named}.") or (bool(here) and named.startswith(f"{here}."))


def anchor(claim: Claim, finding: Finding) -> str:
    """The field that a finding is about, as the form names it; "" where the form has none."""
    return next((spot.name for spot in spots(claim) if stands_at(finding, spot)), "")
