"""Claims are opened: the charge goes on the books, the claim is held or ready. Secondary and corrected ones too."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from msgspec import Struct
from msgspec.structs import replace

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.charging import Charge, write_charges
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.models import ClaimRow, ClaimState
from superbill.app.claims.told import COLUMNS as TOLD
from superbill.app.claims.told import columns_of
from superbill.app.documents import encoded
from superbill.app.encounters.models import EncounterRow, EncounterState
from superbill.app.rows import found, insert, update
from superbill.app.work import Work, action
from superbill.claims.control import read_control_number
from superbill.claims.model import Claim, Diagnosis, ServiceLine
from superbill.findings import Finding, errors


class ClaimDraft(Struct, frozen=True, kw_only=True):
    """A claim to open for an encounter (row id). An error among `findings` holds it. `next_payer`: billed after it.

    `on`: the day of the charge where it is not the call's. `on_paper`: it goes by mail.
    """

    encounter: int
    claim: Claim
    payer_key: str
    next_payer: str = ""
    on_paper: bool = False
    findings: tuple[Finding, ...] = ()
    on: date | None = None


class SelfPayDraft(Struct, frozen=True, kw_only=True):
    """An encounter (row id) that the patient pays alone. `on`: the day of the charge where it is not the call's.

    `account`: that of a facility's charges, where they are not those of the encounter's own account.
    """

    encounter: int
    lines: tuple[ServiceLine, ...]
    diagnoses: tuple[Diagnosis, ...] = ()
    findings: tuple[Finding, ...] = ()
    on: date | None = None
    account: str = ""


class OpenCounts(Struct, frozen=True, kw_only=True):
    """Claims ready and held, charge entries posted, and drafts that were opened before and left alone."""

    ready: int = 0
    held: int = 0
    charged: int = 0
    already: int = 0


class NotThisClaim(Exception):
    """What was asked does not fit the claim or encounter; the message says what does. Nothing was changed."""


class ClaimChanged(NotThisClaim):
    """Somebody else has changed the claim since this work on it began. Nothing was changed."""


def open_claims(actor: Actor, drafts: Sequence[ClaimDraft], today: date, *, at: datetime) -> OpenCounts:
    """Charge encounters and store their first claims, all or none. All claims of an encounter come in one call.

    A draft whose control number is stored already is left alone. Raises NotThisClaim, KeyConflict.
    """
    with action(actor, Permission.BILL, "open claims", at) as work:
        fresh, visits = _fresh(work, drafts)
        posted = write_charges(work, _charges(fresh, visits, today))
        ids = _store(work, fresh)
        _mark_billed({draft.encounter for draft in fresh})
        held = sum(1 for draft in fresh if errors(draft.findings))
        work.note("claim", ids=sorted(ids.values()), held=held)
        ready, already = len(fresh) - held, len(drafts) - len(fresh)
        return OpenCounts(ready=ready, held=held, charged=posted.posted, already=already)


def bill_self_pay(actor: Actor, drafts: Sequence[SelfPayDraft], today: date, *, at: datetime) -> OpenCounts:
    """Charge encounters to their patients. An encounter that is billed already is left alone."""
    with action(actor, Permission.BILL, "bill self-pay", at) as work:
        visits = _visits(work, {draft.encounter for draft in drafts})
        fresh = [draft for draft in drafts if visits[draft.encounter][2] != EncounterState.BILLED]
        charges = [
            Charge(
                encounter=draft.encounter,
                patient=visits[draft.encounter][0],
                account=draft.account or visits[draft.encounter][1],
                lines=draft.lines,
                diagnoses=draft.diagnoses,
                on=draft.on or today,
            )
            for draft in fresh
        ]
        posted = write_charges(work, charges)
        told: dict[int, tuple[Finding, ...]] = {}
        for draft in fresh:
            told[draft.encounter] = (*told.get(draft.encounter, ()), *draft.findings)
        update(EncounterRow, ("findings",), [(encoded(said), encounter) for encounter, said in told.items() if said])
        _mark_billed({draft.encounter for draft in fresh})
        work.note("encounter", ids=[draft.encounter for draft in fresh], charged=posted.posted)
        return OpenCounts(charged=posted.posted, already=len(drafts) - len(fresh))


def open_next_claim(actor: Actor, drafts: Sequence[ClaimDraft], *, at: datetime) -> OpenCounts:
    """Store claims to the next payer. The lines are charged already: nothing is posted.

    Raises NotThisClaim when a line is not one of the encounter's charge lines with its charge.
    """
    with action(actor, Permission.BILL, "open next claim", at) as work:
        fresh, _ = _fresh(work, drafts)
        for draft in fresh:
            _must_be_charged(work, draft.encounter, draft.claim)
        ids = _store(work, fresh)
        held = sum(1 for draft in fresh if errors(draft.findings))
        work.note("claim", ids=sorted(ids.values()), held=held)
        return OpenCounts(ready=len(fresh) - held, held=held, already=len(drafts) - len(fresh))


def open_corrected_claim(actor: Actor, replaced: int, draft: ClaimDraft, *, at: datetime) -> int:
    """Store a new version of claim `replaced` (row id); its row id. The former version keeps its state and its story.

    After a rejection it is a new original (frequency 1); after adjudication 7 (replacement) or 8 (void).
    Raises NotThisClaim for another encounter, for lines that are not its charge lines, or a claim not yet answered;
    ClaimChanged where somebody else has opened another version of it.
    """
    with action(actor, Permission.BILL, "open corrected claim", at) as work:
        row = work.scope.rows(ClaimRow).select_for_update().filter(pk=replaced).first()
        if row is None or row.encounter_id != draft.encounter:
            raise NotThisClaim(f"claim {replaced} is no claim of this encounter")
        if row.state in (ClaimState.HELD, ClaimState.READY, ClaimState.SENT):
            raise NotThisClaim(f"claim {row.control_number} is {row.state}: mend it there, or wait for its answer")
        _must_be_charged(work, draft.encounter, draft.claim)
        fresh, _ = _fresh(work, [draft])
        if not fresh:
            _must_be_same(work, draft)
        ids = _store(work, fresh, replaces=replaced) or _claim_ids(work, [draft])
        new = ids[draft.claim.control_number]
        work.note("claim", new, replaces=replaced)
        return new


def release_held(
    actor: Actor,
    rechecked: Sequence[tuple[int, Claim, Sequence[Finding]]],
    *,
    at: datetime,
    began: Mapping[int, str] | None = None,
) -> OpenCounts:
    """Held claims (row id, mended claim, its findings) become ready when no error is left.

    A claim that was never sent may be mended in place, but not its lines' charges: they are on the books.
    `began`: the document that a person's work on a claim began from; where it is another by now, ClaimChanged is
    raised. Raises NotThisClaim for a claim that is not held.
    """
    with action(actor, Permission.BILL, "release held claims", at) as work:
        rows = work.scope.rows(ClaimRow).select_for_update().in_bulk([row_id for row_id, _, _ in rechecked])
        changes = []
        for row_id, claim, findings in rechecked:
            row = rows.get(row_id)
            if row is not None and (began or {}).get(row_id, row.doc) != row.doc:
                raise ClaimChanged(f"claim {row.control_number} was changed by somebody else meanwhile")
            if row is None or row.state not in (ClaimState.HELD, ClaimState.READY):
                raise NotThisClaim(f"claim {row.control_number if row else row_id} is not held")
            if row.control_number != claim.control_number or row.charge != claim.charge:
                raise NotThisClaim(f"claim {row.control_number}: number and charge stay when a held claim is mended")
            _must_be_charged(work, row.encounter_id, claim)
            state = ClaimState.HELD if errors(tuple(findings)) else ClaimState.READY
            since = row.state_since if row.state == state else work.at
            told = columns_of(claim, findings)
            first = claim.service.start or row.service_start  # what lost its day stays findable, and held
            mended = (encoded(claim), first, claim.frequency)
            changes.append((*mended, encoded(tuple(findings)), state.value, since, *told, row_id))
        columns = ("doc", "service_start", "frequency", "findings", "state", "state_since", *TOLD)
        update(ClaimRow, columns, changes)
        held = sum(1 for change in changes if change[4] == ClaimState.HELD)
        work.note("claim", ids=sorted(rows), held=held)
        return OpenCounts(ready=len(changes) - held, held=held)


Visit = tuple[int, str, str]  # patient row id, account number, state


def _visits(work: Work, encounters: set[int]) -> dict[int, Visit]:
    columns = ("id", "patient_id", "account_number", "state")
    visits = {row[0]: row[1:] for row in found(work.scope, EncounterRow, "id", encounters, *columns, lock=True)}
    if missing := sorted(encounters - visits.keys()):
        raise NotThisClaim(f"no encounter {missing[0]} in this practice")
    return visits


def _fresh(work: Work, drafts: Sequence[ClaimDraft]) -> tuple[list[ClaimDraft], dict[int, Visit]]:
    visits = _visits(work, {draft.encounter for draft in drafts})
    there = _claim_ids(work, drafts)
    return [draft for draft in drafts if draft.claim.control_number not in there], visits


def _claim_ids(work: Work, drafts: Sequence[ClaimDraft]) -> dict[str, int]:
    numbers = (draft.claim.control_number for draft in drafts)
    return dict(found(work.scope, ClaimRow, "control_number", numbers, "control_number", "id"))


def _charges(drafts: Sequence[ClaimDraft], visits: dict[int, Visit], today: date) -> list[Charge]:
    """One charge per account: the encounter's own, and that of a facility's claim. A visit too long for one claim has
    several claims under one account."""
    by_account: dict[tuple[int, str], list[ClaimDraft]] = {}
    for draft in drafts:
        if visits[draft.encounter][2] == EncounterState.BILLED:
            raise NotThisClaim(
                f"encounter {visits[draft.encounter][1]} is billed already; open a next or corrected claim"
            )
        number = read_control_number(draft.claim.control_number)
        account = number.account if number else visits[draft.encounter][1]
        by_account.setdefault((draft.encounter, account), []).append(draft)
    return [
        Charge(
            encounter=encounter,
            patient=visits[encounter][0],
            account=account,
            lines=tuple(
                replace(line, service=draft.claim.days_of(line)) for draft in group for line in draft.claim.lines
            ),
            diagnoses=group[0].claim.diagnoses,
            payer=group[0].payer_key,
            on=group[0].on or today,
        )
        for (encounter, account), group in by_account.items()
    ]


_COLUMNS = (
    "practice_id", "encounter_id", "control_number", "payer_key", "payer_id", "next_payer_key", "responsibility",
    "version", "frequency", "state", "state_since", "doc", "charge", "service_start", "findings", "replaces_id",
    "on_paper", *TOLD,
)  # fmt: skip


def _store(work: Work, drafts: Sequence[ClaimDraft], *, replaces: int | None = None) -> dict[str, int]:
    insert(ClaimRow, _COLUMNS, [_row(work, draft, replaces) for draft in drafts])
    return _claim_ids(work, drafts)


def _row(work: Work, draft: ClaimDraft, replaces: int | None) -> tuple[object, ...]:
    claim = draft.claim
    state = ClaimState.HELD if errors(draft.findings) else ClaimState.READY
    return (
        work.practice_id, draft.encounter, claim.control_number, draft.payer_key, claim.payer.id, draft.next_payer,
        claim.subscriber.responsibility, claim.version, claim.frequency, state.value, work.at, encoded(claim),
        claim.charge, _first_day(claim), encoded(draft.findings), replaces,
        draft.on_paper, *columns_of(claim, draft.findings),
    )  # fmt: skip


def _first_day(claim: Claim) -> date:
    """The first day of service. Raises NotThisClaim for a claim without one."""
    if claim.service.start is None:
        raise NotThisClaim(f"claim {claim.control_number} has no date of service")
    return claim.service.start


def _must_be_same(work: Work, draft: ClaimDraft) -> None:
    """The version that is there says what this one says: opened twice by one press."""
    there = found(work.scope, ClaimRow, "control_number", [draft.claim.control_number], "doc")
    if any(doc != encoded(draft.claim) for (doc,) in there):
        raise ClaimChanged(f"version {draft.claim.control_number} was opened by somebody else meanwhile")


def _must_be_charged(work: Work, encounter: int, claim: Claim) -> None:
    charged = dict(work.scope.rows(ChargeLine).filter(encounter_id=encounter).values_list("key", "charge"))
    for line in claim.lines:
        if charged.get(line.control_number) != line.charge:
            raise NotThisClaim(
                f"claim {claim.control_number}: line {line.number} ({line.control_number}) is not charged with this "
                "amount. Lines keep the key and the charge that are on the books."
            )


def _mark_billed(encounters: set[int]) -> None:
    update(EncounterRow, ("state",), [(EncounterState.BILLED.value, encounter) for encounter in sorted(encounters)])
