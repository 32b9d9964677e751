"""Who did it: assistants and co-surgeons, other practitioners, those who don't participate; and the charge."""

from superbill.money import dollars, portion
from superbill.pricing.medicare.model import Setting
from superbill.pricing.medicare.rules import practitioner, rules
from superbill.pricing.medicare.work import Work

ASSISTING = frozenset(["80", "81", "82", "AS"])
_AS_ASSISTANTS = frozenset(["physician-assistant", "nurse-practitioner", "clinical-nurse-specialist"])


def operators(work: Work, setting: Setting) -> None:
    """Assistant at surgery (ch. 12 § 20.4.3) or one of two surgeons (§ 40.8), where the indicators allow it."""
    row, modifiers = work.row, work.line.modifiers
    if row is None or not modifiers:
        return
    if not ASSISTING.isdisjoint(modifiers):
        if row.assistant in {"1", "9"}:
            why = "by statute" if row.assistant == "1" else "as the concept doesn't apply"
            work.end(
                "not-payable", "assistant", f"No assistant is paid for {row.code} (indicator {row.assistant}, {why})."
            )
            return
        whole = work.amount
        (rate,) = rules()["assistant"].on(work.line.day)
        work.step("assistant", f"Assistant at surgery: {rate * 100:.0f} %", portion(whole, rate))
        if _no_physician(work, setting):
            (share,) = rules()["assistant-practitioner"].on(work.line.day)
            both = rate * share
            text = f"The assistant is no physician: {share * 100:.0f} % of that, {both * 100:.1f} % in all"
            work.step("assistant-practitioner", text, portion(whole, both))
        if row.assistant == "0":
            work.notes.append("An assistant is paid only when documents show that one was needed (indicator 0).")
    elif "62" in modifiers:
        if row.cosurgeons in {"0", "9"}:
            work.end(
                "not-payable", "cosurgeons", f"No co-surgeons are paid for {row.code} (indicator {row.cosurgeons})."
            )
            return
        (rate,) = rules()["cosurgeons"].on(work.line.day)
        work.step("cosurgeons", f"One of two surgeons: {rate * 100:.1f} %", portion(work.amount, rate))
        if row.cosurgeons == "1":
            work.notes.append("Co-surgeons are paid only when documents show that two were needed (indicator 1).")


def _no_physician(work: Work, setting: Setting) -> bool:
    kind = practitioner(work.line.provider or setting.provider)
    return "AS" in work.line.modifiers or (kind is not None and kind.kind in _AS_ASSISTANTS)


def practitioners(work: Work, setting: Setting) -> None:
    """The share of those who are no physicians, where it isn't in the assistant's share already."""
    kind = practitioner(work.line.provider or setting.provider)
    day = work.line.day
    if not ASSISTING.isdisjoint(work.line.modifiers) and _no_physician(work, setting):
        return
    if kind is None:
        return
    share = kind.share.on(day)
    called = kind.kind.replace("-", " ")
    if share is None:
        work.end("not-payable", "practitioner", f"Medicare paid no {called} on {day}.")
    elif share != 1:
        text = f"By a {called}: {share * 100:.0f} %"
        work.step("practitioner", text, portion(work.amount, share), source=kind.source)


def participation(work: Work, setting: Setting) -> None:
    """95 % for those who don't participate; the most that physicians among them may charge without assignment."""
    if setting.participating:
        return
    rates, limits = rules()["nonparticipating"].on(work.line.day), rules()["limiting-charge"].on(work.line.day)
    if not rates:
        return
    full = work.amount
    work.step("nonparticipating", f"Not participating: {rates[0] * 100:.0f} %", portion(full, rates[0]))
    if limits and practitioner(work.line.provider or setting.provider) is None:
        work.limiting_charge = portion(full, rates[0] * limits[0])


def charged(work: Work) -> None:
    """No more than was charged; for both sides on two lines, no more than was charged for the two (§ 40.7)."""
    charge = work.line.charge
    if work.second is not None and work.second.open:
        _both_charged(work, work.second)
    elif work.first is not None and work.first.open:
        return  # together with the first
    elif charge is not None and charge < work.amount:
        work.step("lesser-of", f"No more than the charge of {dollars(charge)}", max(0, charge))


def _both_charged(first: Work, second: Work) -> None:
    """What passes the charge of one side goes to the other, as far as the charge of that goes."""
    charges = (first.line.charge, second.line.charge)
    if charges[0] is not None and charges[1] is not None:
        one, two = (max(0, charge) for charge in charges if charge is not None)
        total = min(first.amount + second.amount, one + two)
        amount = min(max(first.amount, total - two), one)
        for work, left in ((first, amount), (second, total - amount)):
            if left != work.amount:
                text = f"Both sides together no more than their charges of {dollars(one)} and {dollars(two)}"
                work.step("lesser-of", text, left)
    if not second.amount:
        second.end("bundled", "bilateral", f"Both sides are paid on line {first.line.number}.")
