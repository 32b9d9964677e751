"""The practice as the server knows it: who bills and sees patients, where, to whom, and the rules about money."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from superbill.app.accounts.permissions import Permission
from superbill.app.web.desk import Desk, desk, show
from superbill.app.web.manage.first import tabs
from superbill.app.web.sites import session
from superbill.money import Cents, dollars
from superbill.site.policy import MoneyPolicy


@desk(Permission.READ_AUDIT)
def practice_facts(request: HttpRequest, at: Desk) -> HttpResponse:
    """The facts of the site file, to be read; whoever runs the server changes them there."""
    site = session(at).site
    return show(
        request, at, "manage/practice", "manage", tabs=tabs(at), tab="practice-facts", site=site,
        rules=_rules(site.money, site.statement_minimum), limits=_limits(site.money),
        payers=[(one, one.kind.replace("_", " ").capitalize()) for one in site.payers],
    )  # fmt: skip


def _limits(money: MoneyPolicy) -> list[tuple[str, Cents]]:
    """What each role may forgive alone, the most first."""
    people = {role: cents for role, cents in money.write_off_limits.items() if role != "system"}
    return sorted(people.items(), key=lambda one: (-one[1], one[0]))


def _rules(money: MoneyPolicy, least: Cents) -> list[tuple[str, str]]:
    """The rules that people ask for, in words."""
    months = ", ".join(str(one) for one in money.plan_months)
    reminders = [_("%(name)s after %(days)d days") % {"name": one.name, "days": one.days} for one in money.dunning]
    fee = money.returned_payment_fee
    return [
        (_("Statements"), _("every %(days)d days, from %(amount)s") % _amount(money.statement_cycle_days, least)),
        (_("To pay within"), _("%(days)d days") % {"days": money.statement.days_to_pay}),
        (_("Reminders"), "; ".join(reminders) or _("none")),
        (
            _("Plans that patients may pick"),
            _("%(months)s months, %(amount)s a month or more")
            % {"months": months or _("no"), "amount": dollars(money.plan_least)},
        ),
        (_("Balances too small to collect"), _("up to %(amount)s") % {"amount": dollars(money.small_balance)}),
        (_("Refunds that need a second person"), _("above %(amount)s") % {"amount": dollars(money.refund_limit)}),
        (_("Fee for a payment that came back"), dollars(fee) if fee else _("none")),
        (_("Filing limits warn"), _("%(days)d days before") % {"days": money.filing_warning_days}),
    ]


def _amount(days: int, amount: Cents) -> dict[str, object]:
    return {"days": days, "amount": dollars(amount)}
