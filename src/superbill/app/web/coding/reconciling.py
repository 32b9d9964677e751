"""Two codings of one visit side by side: what differs, why, what it costs, and what stands in the end."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.app.coding.actions import NotDecided
from superbill.app.coding.audit_queries import Item
from superbill.app.path.auditing import book_on
from superbill.app.session import Session
from superbill.app.web.coding.rows import meaning
from superbill.app.web.forms import Form
from superbill.codesets.release import Refused
from superbill.coding.audit.comparing import Compared, compare
from superbill.coding.audit.education import lessons
from superbill.coding.audit.model import Difference, Pair
from superbill.coding.deciding import Final, FinalService, system_of

STANDS = (
    ("second", _("The second coding stands")),
    ("first", _("The first coding stands")),
    ("each", _("Each as chosen")),
)


class Reconcile(Form):
    """Which codes stand, and why."""

    stands = forms.ChoiceField(label=_("What stands"), choices=STANDS, widget=forms.RadioSelect, initial="each")
    why = forms.CharField(
        label=_("Why"), max_length=1_000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What both coders came to, for who reads this audit."),
    )  # fmt: skip


class Pairing(Struct, frozen=True, kw_only=True):
    """One code as both coders have it; `key` names it in the form. `agreed`: both have the same."""

    key: str
    system: str
    first: str
    second: str
    means: str
    agreed: bool


class Both(Struct, frozen=True, kw_only=True):
    """The two codings: code by code, and the differences with their cause in words."""

    rows: tuple[Pairing, ...]
    differences: tuple[tuple[Difference, str], ...]
    compared: Compared | None


def both(item: Item, session: Session | None) -> Both:
    """Code by code. While nobody said what stands the second coding is taken for it, to name the differences."""
    assert item.second is not None, "compared once the second coding is in"
    day = item.encounter.date_of_service
    performer = item.encounter.performer
    pair = Pair(
        key=item.id, coder=item.coder, on=day, first=item.first, second=item.second,
        reference=item.reference or item.second, provider=performer.name.family if performer else "",
    )  # fmt: skip
    try:
        book = book_on(day)
    except Refused:
        book = None
    found = compare(pair, book, session.price if session else None)
    known = lessons()
    told = tuple((each, known[each.cause].title if each.cause in known else each.cause) for each in found.differences)
    return Both(rows=tuple(_rows(item, item.second)), differences=told, compared=found)


def _rows(item: Item, second: Final) -> list[Pairing]:
    day = item.encounter.date_of_service
    rows = []
    for code in dict.fromkeys((*item.first.diagnoses, *second.diagnoses)):
        one, other = code in item.first.diagnoses, code in second.diagnoses
        rows.append(Pairing(
            key=f"d:{code}", system="ICD-10-CM", first=_place(item.first, code) if one else "",
            second=_place(second, code) if other else "", means=meaning("ICD-10-CM", code, day), agreed=one and other,
        ))  # fmt: skip
    for code in dict.fromkeys(each.code for each in (*item.first.services, *second.services)):
        said = [_service(coding, code) for coding in (item.first, second)]
        rows.append(Pairing(
            key=f"s:{code}", system=system_of(code), first=said[0], second=said[1],
            means=meaning(system_of(code), code, day), agreed=said[0] == said[1],
        ))  # fmt: skip
    return rows


def _place(coding: Final, code: str) -> str:
    return f"{coding.diagnoses.index(code) + 1}  {code}"


def _service(coding: Final, code: str) -> str:
    return ", ".join(written(each) for each in coding.services if each.code == code)


def written(service: FinalService) -> str:
    """20610-RT ×2."""
    text = "-".join((service.code, *service.modifiers))
    return text if service.units == 1 else f"{text} ×{service.units}"


def stands(item: Item, said: Mapping[str, str], chosen: Mapping[str, str]) -> Final:
    """The codes that stand: one whole coding, or each code as it was chosen. Raises NotDecided."""
    assert item.second is not None or said, "the action refuses a visit without its second coding"
    if item.second is None:
        raise NotDecided("This visit has no second coding yet.")
    if said["stands"] != "each":
        whole = item.first if said["stands"] == "first" else item.second
        return Final(diagnoses=whole.diagnoses, services=whole.services, reasons=_reasons(whole, said["why"]))
    order = dict.fromkeys((*item.second.diagnoses, *item.first.diagnoses))
    diagnoses = tuple(code for code in order if _taken(item, item.second, f"d:{code}", code, chosen))
    services: list[FinalService] = []
    for code in dict.fromkeys(each.code for each in (*item.second.services, *item.first.services)):
        pick = chosen.get(f"s:{code}", "second")
        source = {"first": item.first, "second": item.second}.get(pick)
        services += [each for each in source.services if each.code == code] if source else []
    if not diagnoses:
        raise NotDecided("One diagnosis at least has to stand.")
    final = Final(diagnoses=diagnoses, services=tuple(services))
    return Final(diagnoses=final.diagnoses, services=final.services, reasons=_reasons(final, said["why"]))


def _taken(item: Item, second: Final, key: str, code: str, chosen: Mapping[str, str]) -> bool:
    pick = chosen.get(key, "second")
    return code in {"first": item.first.diagnoses, "second": second.diagnoses}.get(pick, ())


def _reasons(final: Final, why: str) -> dict[str, str]:
    codes = (*final.diagnoses, *(each.code for each in final.services))
    return dict.fromkeys(codes, why.strip())
