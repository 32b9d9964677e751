"""A practice of any size with a valid journal: visits of four lines, charged, answered, paid, refused, written off.

Three years of days before `LAST`; seeded, so the same size gives the same books. The journal is written by
`write_entries`, everything else in bulk.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from random import Random

from bench import big_documents as said
from superbill.app.accounts.actors import Actor, system_actor
from superbill.app.accounts.permissions import Permission
from superbill.app.billing.journal import write_entries
from superbill.app.billing.models import ChargeLine
from superbill.app.claims.models import Batch, ClaimRow
from superbill.app.encounters.models import EncounterRow
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.models import RemittanceClaimRow, RemittanceRow
from superbill.app.rows import insert, insert_one
from superbill.app.work import Work, action
from superbill.ledger.accounts import Account
from superbill.ledger.entry import Entry, Posting, Reason

LAST = date(2026, 11, 2)
AT = said.AT
DAYS = 1095
LINES = 4
PAYERS = tuple(f"payer{number}" for number in range(12))
PROVIDERS = tuple(f"1{number:09d}" for number in range(25))
CODES = ("99213", "99214", "36415", "80053", "93000", "85025", "90471", "99395")
VISITS_AT_ONCE = 2000
TO_CODE = 25  # one visit more, not yet coded, for so many


def make(lines: int, *, key: str = "big", seed: int = 7) -> Actor:
    """A practice with `lines` charge lines in the database at hand."""
    actor = system_actor(open_practice(key, f"{lines:,} lines").pk)
    visits = lines // LINES
    for first in range(0, visits, VISITS_AT_ONCE):
        numbers = range(first, min(first + VISITS_AT_ONCE, visits))
        with action(actor, Permission.ADJUST, "make a big practice", AT) as work:
            _Some(work, Random(f"{seed}:{first}"), numbers).write()
    return actor


class _Visit:
    """One visit to come: who, when, whom it is billed to."""

    def __init__(self, random: Random, number: int) -> None:
        self.number, self.account = number, f"A{1001 + number}"
        self.day = LAST - timedelta(days=random.randrange(DAYS))
        self.charged = self.day + timedelta(days=random.choice((0, 1, 1, 2, 3, 9)))
        self.sent = self.charged + timedelta(days=random.choice((0, 1, 2)))
        self.paid = self.sent + timedelta(days=random.choice((14, 18, 21, 30, 45, 80)))
        self.payer = random.choice(PAYERS)
        self.provider = random.choice(PROVIDERS)
        self.charges = [random.randrange(20, 400) * 100 for _ in range(LINES)]
        self.codes = [random.choice(CODES) for _ in range(LINES)]
        self.patient = number // 3
        self.random = random
        self.cash, self.answered = 0, False
        self.refused: list[tuple[int, int]] = []

    def line(self, place: int) -> str:
        return f"{self.account}-{place + 1}"

    def entries(self) -> Iterator[Entry]:
        """Charge, the payer's answer, the patient's payment or a write-off, as far as `LAST` lets them happen."""
        owed = [
            Posting(account=Account.INSURANCE, amount=c, line=self.line(n), payer=self.payer) for n, c in self._each
        ]
        booked = [Posting(account=Account.CHARGES, amount=-c, line=self.line(n)) for n, c in self._each]
        yield Entry(
            key=f"charge:{self.account}", kind="charge", on=self.charged, source=self.account,
            postings=(*owed, *booked),
        )  # fmt: skip
        if self.paid > LAST or self.random.random() < 0.04:
            return
        self.answered = True
        shares, moves = [0] * LINES, []
        for place, charge in self._each:
            shares[place], answered = self._answer(place, charge)
            moves += answered
        cash = sum(move.amount for move in moves if move.account is Account.CLEARING)
        self.cash = cash
        if cash:
            moves += [Posting(account=Account.CASH, amount=cash, payer=self.payer)]
            moves += [Posting(account=Account.CLEARING, amount=-cash, payer=self.payer)]
        yield Entry(key=f"835:{self.number}", kind="insurance payment", on=self.paid, postings=tuple(moves))
        yield from self._patient(shares)
        yield from self._settled()

    @property
    def state(self) -> str:
        """What became of its claim; of what nobody answered, some was held and some is yet to go."""
        if self.answered:
            return "paid" if not self.refused else "denied" if len(self.refused) == LINES else "partly_denied"
        return ("accepted", "sent", "held", "ready", "accepted", "rejected")[self.number % 6]

    @property
    def rules(self) -> str:
        """What holds it."""
        return f" edits.made-{self.number % 9} " if self.state in ("held", "rejected") else ""

    @property
    def _each(self) -> Iterator[tuple[int, int]]:
        return enumerate(self.charges)

    def _answer(self, place: int, charge: int) -> tuple[int, list[Posting]]:
        line, payer = self.line(place), self.payer
        off = Posting(account=Account.INSURANCE, amount=-charge, line=line, payer=payer)
        if self.random.random() < 0.07:
            self.refused.append((place, charge))
            why = Reason(group="CO", code=self.random.choice(("16", "50", "97", "197")))
            return 0, [Posting(account=Account.DENIED, amount=charge, line=line, payer=payer, reason=why), off]
        paid, share = charge * 55 // 100, charge * self.random.choice((0, 0, 10, 20)) // 100
        given = Posting(
            account=Account.CONTRACTUAL, amount=charge - paid - share, line=line, payer=payer,
            reason=Reason(group="CO", code="45"),
        )  # fmt: skip
        moves = [Posting(account=Account.CLEARING, amount=paid, line=line, payer=payer), given, off]
        if share:
            owes = Posting(account=Account.PATIENT, amount=share, line=line, reason=Reason(group="PR", code="2"))
            moves.append(owes)
        return share, moves

    def _settled(self) -> Iterator[Entry]:
        """Most refusals are worked in time; what is not won is written off."""
        when = self.paid + timedelta(days=120)
        if not self.refused or when > LAST or self.random.random() < 0.1:
            return
        moves = [
            Posting(account=account, amount=sign * charge, line=self.line(place), payer=payer)
            for place, charge in self.refused
            for account, sign, payer in ((Account.WRITE_OFF, 1, ""), (Account.DENIED, -1, self.payer))
        ]
        yield Entry(key=f"settled:{self.number}", kind="write-off", on=when, postings=tuple(moves))

    def _patient(self, shares: Sequence[int]) -> Iterator[Entry]:
        when = self.paid + timedelta(days=self.random.choice((10, 25, 40, 70)))
        fate = self.random.random()
        if not any(shares) or when > LAST or fate < 0.2:
            return
        account, kind = (Account.WRITE_OFF, "write-off") if fate > 0.95 else (Account.CASH, "patient payment")
        payer = f"patient:{self.patient + 1}" if account is Account.CASH else ""
        moves = [
            Posting(account=onto, amount=sign * share, line=self.line(place), payer=by)
            for place, share in enumerate(shares)
            if share
            for onto, sign, by in ((account, 1, payer), (Account.PATIENT, -1, ""))
        ]
        yield Entry(key=f"patient:{self.number}", kind=kind, on=when, postings=tuple(moves))  # type: ignore[arg-type]  # one of two kinds


class _Some:
    """Some visits, written in bulk. Row ids are read back, never guessed."""

    def __init__(self, work: Work, random: Random, numbers: Sequence[int]) -> None:
        self.work, self.visits = work, [_Visit(random, number) for number in numbers]

    def write(self) -> None:
        """Patients, visits, lines, the journal, claims and answers."""
        work, practice = self.work, self.work.practice_id
        people = sorted({visit.patient for visit in self.visits})
        known = set(work.scope.rows(PatientRow).filter(source_id__in=[f"p{people[0]}"]).values_list("source_id"))
        rows = [
            (practice, f"p{n}", said.person(n).last, said.person(n).first, said.BORN, said.chart(n))
            for n in people
            if (f"p{n}",) not in known
        ]
        insert(PatientRow, ("practice_id", "source_id", "family", "given", "birth_date", "doc"), rows)
        names = [f"p{n}" for n in people]
        patients = dict(work.scope.rows(PatientRow).filter(source_id__in=names).values_list("source_id", "id"))
        self._visits(patients)
        accounts = [visit.account for visit in self.visits]
        rows_of = work.scope.rows(EncounterRow).filter(account_number__in=accounts)
        encounters = dict(rows_of.values_list("account_number", "id"))
        self._lines(patients, encounters)
        write_entries(work, [entry for visit in self.visits for entry in visit.entries()])
        self._claims(encounters)

    def _visits(self, patients: dict[str, int]) -> None:
        columns = (
            "practice_id", "patient_id", "source_id", "account_number", "date_of_service", "state", "doc",
            "content_hash",
        )  # fmt: skip
        insert(EncounterRow, columns, [
            (
                self.work.practice_id, patients[f"p{v.patient}"], f"{kind}{v.number}", account, day, state,
                said.visit(f"{kind}{v.number}", v.provider, day), "",
            )
            for v in self.visits
            for kind, account, day, state in (
                ("e", v.account, v.day, "billed"),
                *([("w", f"B{1001 + v.number}", LAST, "imported")] if v.number % TO_CODE == 0 else ()),
            )
        ])  # fmt: skip

    def _lines(self, patients: dict[str, int], encounters: dict[str, int]) -> None:
        columns = (
            "practice_id", "encounter_id", "patient_id", "key", "number", "code", "charge", "service_start",
            "service_end",
        )  # fmt: skip
        insert(ChargeLine, columns, [
            (
                self.work.practice_id, encounters[v.account], patients[f"p{v.patient}"], v.line(place), place + 1,
                v.codes[place], charge, v.day, v.day,
            )
            for v in self.visits for place, charge in enumerate(v.charges)
        ])  # fmt: skip

    def _claims(self, encounters: dict[str, int]) -> None:
        batches: dict[tuple[str, date], int] = {}
        for visit in self.visits:
            if (visit.payer, visit.sent) not in batches:
                batches[visit.payer, visit.sent] = self._batch(visit)
        columns = (
            "practice_id", "encounter_id", "control_number", "payer_key", "payer_id", "responsibility", "state",
            "state_since", "doc", "charge", "service_start", "batch_id", "rejected_once", "provider", "patient_name",
            "rules",
        )  # fmt: skip
        insert(ClaimRow, columns, [
            (
                self.work.practice_id, encounters[v.account], f"{v.account}P1", v.payer, v.payer, "P",
                v.state, datetime.combine(min(v.paid, LAST), AT.time(), UTC), self._doc(v), sum(v.charges), v.day,
                batches[v.payer, v.sent], v.number % 20 == 0, v.provider, _name(v.patient), v.rules,
            )
            for v in self.visits
        ])  # fmt: skip
        numbers = [f"{v.account}P1" for v in self.visits]
        ids = self.work.scope.rows(ClaimRow).filter(control_number__in=numbers).values_list("control_number", "id")
        self._answers(dict(ids))

    def _batch(self, visit: _Visit) -> int:
        last = self.work.scope.rows(Batch).count() + 1
        columns = (
            "practice_id", "kind", "payer_key", "interchange_control_number", "group_control_number", "file_name",
            "sha256", "content", "created", "claim_count", "charge",
        )  # fmt: skip
        sent = datetime.combine(visit.sent, AT.time(), UTC)
        return insert_one(
            Batch, columns, (self.work.practice_id, "837P", visit.payer, last, last, f"b{last}", "", b"", sent, 0, 0)
        )

    def _doc(self, visit: _Visit) -> str:
        services = [(visit.line(place), visit.codes[place], charge) for place, charge in enumerate(visit.charges)]
        return said.claim(f"{visit.account}P1", visit.payer, visit.patient, visit.provider, visit.day, services)

    def _answers(self, claims: dict[str, int]) -> None:
        answered = [visit for visit in self.visits if visit.answered]
        rows: dict[tuple[str, date], int] = {}
        cash: Counter[tuple[str, date]] = Counter()
        for v in answered:
            cash[v.payer, v.paid] += v.cash
        columns = (
            "practice_id", "payer_key", "trace_number", "originator_id", "content_key", "source", "payment_amount",
            "payment_date", "doc", "state",
        )  # fmt: skip
        for v in answered:
            if (v.payer, v.paid) not in rows:
                name, paid = f"T{v.number}", cash[v.payer, v.paid]
                doc = said.remittance(v.payer, name, paid, v.paid)
                rows[v.payer, v.paid] = insert_one(
                    RemittanceRow, columns,
                    (self.work.practice_id, v.payer, name, "1", name, f"835:{name}", paid, v.paid, doc, "posted"),
                )  # fmt: skip
        columns = (
            "practice_id", "remittance_id", "claim_id", "position", "control_number", "status", "charge", "paid",
            "state", "outcome",
        )  # fmt: skip
        insert(RemittanceClaimRow, columns, [
            (
                self.work.practice_id, rows[v.payer, v.paid], claims[f"{v.account}P1"], v.number, f"{v.account}P1",
                "1", sum(v.charges), v.cash, "posted", v.state,
            )
            for v in answered
        ])  # fmt: skip


def _name(patient: int) -> str:
    who = said.person(patient)
    return f"{who.last.upper()}, {who.first}"
