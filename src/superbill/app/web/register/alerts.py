"""What the desk must know before it says good morning: holds, coverage that ended, authorizations that run out."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.permissions import Permission
from superbill.app.authorizations.queries import grants
from superbill.app.eligibility.queries import verifications
from superbill.app.web.desk import LEDGER, Desk
from superbill.app.web.register.facts import named, payer_of
from superbill.app.web.register.queries import Stored, balance_of
from superbill.app.web.templatetags.desk import day as shown_day
from superbill.money import dollars

SOON = 30  # days before an authorization ends, in which the desk is told
STALE = 30  # days after which an answer about coverage is asked for anew


class Alert(Struct, frozen=True, kw_only=True):
    """One sentence, whether it is trouble, and where to mend it (a route of the patient)."""

    text: str
    trouble: bool = False
    route: str = ""
    label: str = ""


# Who reads the warning can't always mend it: then it has no link.
_NEEDS = {
    "patient-edit": (Permission.REGISTER,),
    "estimates": (Permission.VERIFY_COVERAGE,),
    "benefits": (Permission.VERIFY_COVERAGE,),
    "copay": (Permission.READ_LEDGER,),
}


def alerts(at: Desk, found: Stored) -> list[Alert]:
    """Everything that warns, the gravest first."""
    told = [*_of_record(found), *_of_coverage(at, found), *_of_grants(at, found), *_of_money(at, found)]
    mine = [one if at.may(*_NEEDS.get(one.route, ())) else replace(one, route="", label="") for one in told]
    return sorted(mine, key=lambda one: not one.trouble)


def _of_record(found: Stored) -> Iterator[Alert]:
    chart = found.chart
    if chart.patient.deceased:
        yield Alert(text=_("The patient died on %(day)s.") % {"day": shown_day(chart.patient.deceased)}, trouble=True)
    if not chart.patient.birth_date:
        yield Alert(text=_("No birth date: no payer answers without it."), trouble=True, route="patient-edit",
                    label=_("Add it"))  # fmt: skip
    if chart.patient.address is None:
        yield Alert(text=_("No address: no statement can be mailed."), route="patient-edit", label=_("Add it"))
    for one in chart.findings:
        yield Alert(text=one.message, trouble=one.severity.value == "error")


def _of_coverage(at: Desk, found: Stored) -> Iterator[Alert]:
    chart = found.chart
    if not chart.coverages:
        yield Alert(text=_("No insurance on file: a Good Faith Estimate is due."), route="estimates",
                    label=_("Make one"))  # fmt: skip
        return
    open_ = [one for one in chart.coverages if not one.period.end or one.period.end >= at.today]
    if not open_:
        yield Alert(text=_("Every coverage on file has ended."), trouble=True, route="coverages", label=_("Update"))
    told = verifications(at.scope, [found.id]).get(found.id, [])
    for one in open_:
        entry = payer_of(at, one.payer)
        key = entry.key if entry else one.payer
        answers = [each for each in told if each.payer_key == key]
        if not answers:
            yield Alert(text=_("%(payer)s was never asked about this coverage.") % {"payer": named(at, one.payer)},
                        route="benefits", label=_("Check"))  # fmt: skip
            continue
        last = answers[0]
        age = (at.today - last.verified_on).days
        if not last.active:
            yield Alert(
                text=_("%(payer)s said on %(day)s: not active.")
                % {"payer": named(at, one.payer), "day": shown_day(last.verified_on)},
                trouble=True, route="benefits", label=_("Check again"),
            )  # fmt: skip
        elif last.order and last.order != one.order:
            yield Alert(
                text=_("%(payer)s says that another payer pays before it.") % {"payer": named(at, one.payer)},
                trouble=True, route="coverages", label=_("Change the order"),
            )  # fmt: skip
        elif age > STALE:
            yield Alert(text=_("%(payer)s was asked %(days)s days ago.") % {"payer": named(at, one.payer), "days": age},
                        route="benefits", label=_("Check again"))  # fmt: skip


def _of_grants(at: Desk, found: Stored) -> Iterator[Alert]:
    for one in grants(at.scope, [found.id]).get(found.id, []):
        if one.period.end is None:
            continue
        left = (one.period.end - at.today).days
        if 0 <= left <= SOON:
            yield Alert(
                text=_("Authorization %(number)s ends in %(days)s days.") % {"number": one.number, "days": left},
                route="authorizations", label=_("Look"),
            )  # fmt: skip


def _of_money(at: Desk, found: Stored) -> Iterator[Alert]:
    if not at.may(LEDGER):
        return
    due = balance_of(at.scope, found.id).due
    if due > 0:
        yield Alert(
            text=_("Owes %(amount)s from before.") % {"amount": dollars(due)}, route="copay", label=_("Take payment")
        )
