"""The ways on from a refusal: which are open to this person now, and why not the others."""

from django.utils.translation import gettext as _
from msgspec import Struct

from superbill.app.accounts.permissions import Permission
from superbill.app.denials.actions import signed_notice
from superbill.app.practices.queries import policy
from superbill.app.web.desk import Desk
from superbill.denials.model import Denial
from superbill.ledger.reasons import TO_PATIENT, refusal_to_bill_patient
from superbill.site.appeals import PayerRules

_BUSY = {
    "corrected": "A corrected claim is under way; wait for its answer.",
    "in_appeal": "An appeal is under way; say first how it ended.",
}


class Way(Struct, frozen=True, kw_only=True):
    """One way: its digit, the route of its form, what to know (`says`), and what bars it ("": nothing)."""

    key: str
    name: str
    route: str
    says: str = ""
    barred: str = ""
    advised: bool = False


def ways(at: Desk, one: Denial) -> list[Way]:
    """The five ways, in the order of their digits."""
    return [_correct(at, one), _appeal(at, one), _give_up(at, one), _bill_patient(at, one), _other_payer(at, one)]


def patient_reasons(at: Desk, one: Denial) -> tuple[list[str], str]:
    """The reasons for which it may be billed to the patient, and what bars it when there is none."""
    groups = frozenset(line.reason.group for line in one.refusal.lines)
    rules = policy(at.scope).payers.get(one.refusal.payer, PayerRules())
    may = at.may(Permission.APPROVE)
    refused = {
        why: refusal_to_bill_patient(why, groups=groups, payer_kind=rules.kind, permitted=may) for why in TO_PATIENT
    }
    allowed = [why for why, said in refused.items() if not said]
    return allowed, "" if allowed else next(said for why, said in refused.items() if why == "signed-notice")


def _correct(at: Desk, one: Denial) -> Way:
    last = one.correct_by
    barred = _bar(at, one, Permission.BILL, Permission.WORK_DENIALS)
    if not barred and not one.refusal.payer_control_number:
        barred = _("The payer gave no control number, and a replacement must name it. Ask the payer.")
    if last is None:
        says = _("No limit is known.")
    elif last.passed:
        says = _("The time ended on %(day)s.") % {"day": f"{last.last_day:%-d %b %Y}"}
    else:
        says = _("By %(day)s, %(left)s days left.") % {"day": f"{last.last_day:%-d %b %Y}", "left": last.days_left}
    if not one.replaceable:
        barred = barred or _("Medicare takes none for professional claims: ask for a reopening (n), or appeal.")
    advised = one.route == "corrected_claim"
    return Way(key="1", name=_("Corrected claim"), route="denial-correct", says=says, barred=barred, advised=advised)


def _appeal(at: Desk, one: Denial) -> Way:
    if one.state == "in_appeal":
        due = one.answer_due
        says = _("The answer is due by %(day)s.") % {"day": f"{due:%-d %b %Y}"} if due else ""
        barred = "" if at.may(Permission.WORK_DENIALS) else _not_yours()
        return Way(key="2", name=_("Decide the appeal"), route="denial-decide", says=says, barred=barred, advised=True)
    barred, last = _bar(at, one, Permission.WORK_DENIALS), one.appeal_by
    if not barred and one.level is None:
        barred = _("Every level of this payer was used.") if one.level_number > 1 else _("No level is known.")
    if not barred and one.level and one.refusal.amount < one.level.minimum:
        barred = _("Too little is in dispute for this level.")
    says = one.level.name if one.level else ""
    if last and last.passed:
        says += _("; the time ended on %(day)s") % {"day": f"{last.last_day:%-d %b %Y}"}
    elif last:
        says += _(" by %(day)s, %(left)s days left") % {"day": f"{last.last_day:%-d %b %Y}", "left": last.days_left}
    advised = one.route in ("appeal", "documents", "reopening")
    return Way(key="2", name=_("Appeal letter"), route="denial-appeal", says=says, barred=barred, advised=advised)


def _give_up(at: Desk, one: Denial) -> Way:
    barred = _bar(at, one, Permission.WRITE_OFF)
    says = _("Nobody is billed for it any more.")
    advised = one.route == "write_off" or one.state == "exhausted"
    return Way(key="3", name=_("Write off"), route="denial-write-off", says=says, barred=barred, advised=advised)


def _bill_patient(at: Desk, one: Denial) -> Way:
    barred = _bar(at, one, Permission.TRANSFER)
    allowed, why_not = patient_reasons(at, one)
    says = _("A signed notice (GA) is on the claim.") if signed_notice(one) else ""
    return Way(
        key="4", name=_("Bill the patient"), route="denial-bill", says=says,
        barred=barred or ("" if allowed else why_not[:1].upper() + why_not[1:] + "."),
        advised=one.route == "patient",
    )  # fmt: skip


def _other_payer(at: Desk, one: Denial) -> Way:
    barred = _bar(at, one, Permission.BILL)
    if not barred and not one.refusal.control_number:
        barred = _("No claim of ours is behind it.")
    says = _("Another one first, or the next one now; what this payer holds moves there.")
    advised = one.route == "other_payer"
    return Way(key="5", name=_("Bill another payer"), route="claim-payers", says=says, barred=barred, advised=advised)


def _bar(at: Desk, one: Denial, *needs: Permission) -> str:
    return _BUSY.get(one.state, "") if at.may(*needs) else _not_yours()


def _not_yours() -> str:
    return _("Your role does not do this.")
