"""What the payers remember of members and claims, with the look-ups that adjudication needs."""

from datetime import date

from superbill.claims.model import Claim, Procedure, ServiceLine
from superbill.payer.chance import number
from superbill.payer.config import PayerConfig
from superbill.payer.predetermination import PREDETERMINED
from superbill.payer.state import Settled, State
from superbill.payer.stays import reported_procedure
from superbill.pricing.benefits import NOTHING, Accumulators, PatientShare
from superbill.x12.model import RemittanceLine

ServiceKey = tuple[str, str, date | None, str, tuple[str, ...], bool]
_LATE_CHARGES = "5"
_ICN_LENGTH = 15


def member_key(payer: PayerConfig, claim: Claim) -> str:
    """One person at one payer. Dependents share a member id, so the patient's name and birth date belong to it."""
    person, born = claim.patient.person, claim.patient.birth_date or claim.subscriber.birth_date
    parts = (payer.id, claim.subscriber.member_id, person.last, person.first, born.isoformat() if born else "")
    return "|".join(parts).upper()


def payee_of(claim: Claim) -> tuple[str, str, str]:
    """NPI, TIN and name of the billing provider, who is paid."""
    billing = claim.billing
    name = billing.organization or (billing.person.last if billing.person else "")
    return billing.npi, billing.tin, name


class History:
    """The state, with an index of paid services that is rebuilt when a state is loaded."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._paid: dict[ServiceKey, int] = {}
        self._families: dict[str, Accumulators] = {}
        for key, sums in state.accumulators.items():
            member, _, year = key.rpartition("|")
            self._add_up(member, int(year), PatientShare(deductible=sums.deductible), 1)
            self._add_up(member, int(year), PatientShare(copay=sums.out_of_pocket - sums.deductible), 1)
        for settled in state.settled.values():
            if not settled.reversed:
                self._count(settled, 1)

    def new_icn(self, payer: str, *parts: object) -> str:
        """A claim control number never given before. It depends on what it names, not on the order of arrival."""
        attempt = 0
        while True:
            icn = number(_ICN_LENGTH, payer, *parts, attempt)
            if icn not in self.state.settled and icn not in self.state.pending:
                return icn
            attempt += 1

    def knows(self, payer: str, icn: str) -> bool:
        """Whether this payer gave out the number and the claim still stands."""
        waiting, settled = self.state.pending.get(icn), self.state.settled.get(icn)
        if waiting is not None:
            return waiting.payer == payer
        if settled is None or settled.reversed or settled.result.status == PREDETERMINED:
            return False
        return settled.payer == payer

    def accumulators(self, member: str, year: int) -> Accumulators:
        """What the member, and everyone under the same member id, has paid toward this year's limits."""
        own = self.state.accumulators.get(f"{member}|{year}", Accumulators())
        family = self._families.get(_family(member, year), Accumulators())
        return own.with_family(family.deductible, family.out_of_pocket)

    def _add_up(self, member: str, year: int, share: PatientShare, step: int) -> None:
        key = _family(member, year)
        before = self._families.get(key, Accumulators())
        self._families[key] = before.after(share) if step > 0 else before.without(share)

    def paid_before(self, claim: Claim, member: str, line: ServiceLine) -> bool:
        """Whether a claim that stands has this service paid (or left to the patient)."""
        day = claim.days_of(line).start
        key = _service(claim.billing.npi, member, day, reported_procedure(line), late=claim.frequency == _LATE_CHARGES)
        return bool(self._paid.get(key))

    def settle(self, icn: str, settled: Settled) -> None:
        """Remember a reported claim."""
        self.state.settled[icn] = settled
        if settled.share != NOTHING:
            key = f"{settled.member}|{settled.year}"
            before = self.state.accumulators.get(key, Accumulators())
            self.state.accumulators[key] = _own(before.after(settled.share))
            self._add_up(settled.member, settled.year, settled.share, 1)
        self._count(settled, 1)

    def take_back(self, icn: str) -> None:
        """Forget the money of a reversed claim: its services may be billed again, its share counts no more."""
        settled = self.state.settled[icn]
        settled.reversed = True
        if settled.share != NOTHING:
            key = f"{settled.member}|{settled.year}"
            self.state.accumulators[key] = _own(self.state.accumulators[key].without(settled.share))
            self._add_up(settled.member, settled.year, settled.share, -1)
        self._count(settled, -1)

    def _count(self, settled: Settled, step: int) -> None:
        result = settled.result
        if result.status == PREDETERMINED:
            return
        late = result.frequency == _LATE_CHARGES
        for line in result.lines:
            if _was_payable(line):
                day = line.service.start or result.statement.start
                key = _service(settled.payee[0], settled.member, day, line.procedure, late=late)
                self._paid[key] = self._paid.get(key, 0) + step


def _service(npi: str, member: str, day: date | None, procedure: Procedure, *, late: bool) -> ServiceKey:
    """One service as a duplicate repeats it. Late charges repeat revenue codes of the first bill and are none of it."""
    return npi, member, day, procedure.code, tuple(sorted(procedure.modifiers)), late


def _own(sums: Accumulators) -> Accumulators:
    """Without the family's sums, which are added up again from its members' when a state is loaded."""
    return Accumulators(sums.deductible, sums.out_of_pocket)


def _family(member: str, year: int) -> str:
    payer, member_id, *_ = member.split("|")
    return f"{payer}|{member_id}|{year}"


def _was_payable(line: RemittanceLine) -> bool:
    """A refused line has no allowed amount; one left wholly to the patient has."""
    return line.allowed is not None
