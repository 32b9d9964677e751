"""What the bank has, held against what was posted: statement lines, deposits, matches, and the days that are closed."""

from enum import StrEnum

from django.db import models
from django.db.models import Q

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow, choices, one_of


class LineState(StrEnum):
    """`suspect`: perhaps the same as a line of a file of another format; a person decides."""

    OPEN = "open"
    MATCHED = "matched"
    SET_ASIDE = "set aside"
    SUSPECT = "suspect"


class DepositState(StrEnum):
    """`voided`: its payments were taken back; `taken apart`: they stand, and wait for another deposit."""

    MADE = "made"
    VOIDED = "voided"
    TAKEN_APART = "taken apart"


class ClosingKind(StrEnum):
    DAY = "day"
    MONTH = "month"
    REOPENED = "reopened"


class Statement(PracticeRow):
    """One file of a bank as taken in. The same bytes are taken in once."""

    reads = Permission.READ_LEDGER

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    format = models.CharField(max_length=16)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    lines = models.IntegerField()
    new = models.IntegerField()
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "sha256"], name="bank_statement_once")]

    def __str__(self) -> str:
        return self.name


class BankLineRow(PracticeRow):
    """One booked line (`banking.BankLine`), in cents, money in positive. `line` is its id there: it is stored once.

    `why` is what a person said when they set it aside.
    """

    reads = Permission.READ_LEDGER

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="+")
    line = models.CharField(max_length=32)
    account = models.CharField(max_length=64)
    booked_on = models.DateField()
    amount = models.BigIntegerField()
    text = models.TextField(default="")
    reference = models.CharField(max_length=255, default="")
    code = models.CharField(max_length=64, default="")
    trace = models.CharField(max_length=64, default="")
    originator = models.CharField(max_length=16, default="")
    state = models.CharField(max_length=12, choices=choices(LineState))
    why = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "line"], name="bank_line_once"),
            one_of("state", LineState, "bank_line_state"),
        ]
        indexes = [
            models.Index(fields=["practice", "state"], name="bank_line_by_state"),
            models.Index(fields=["practice", "account", "booked_on"], name="bank_line_by_day"),
        ]

    def __str__(self) -> str:
        return self.line


class Deposit(PracticeRow):
    """Payments brought to the bank together. `amount` is what they are, `fee` what a processor kept of it: the bank
    books the difference. `reapplies`: the deposit whose payments these are, taken anew after it was voided."""

    reads = Permission.READ_LEDGER

    number = models.BigIntegerField()
    kind = models.CharField(max_length=12)
    on = models.DateField()
    amount = models.BigIntegerField()
    fee = models.BigIntegerField(default=0)
    reference = models.CharField(max_length=64, default="")
    state = models.CharField(max_length=12, choices=choices(DepositState))
    why = models.CharField(max_length=300, default="")
    reapplies = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "number"], name="deposit_number_once"),
            models.UniqueConstraint(
                fields=["reapplies"], condition=Q(reapplies__isnull=False), name="deposit_reapplied_once"
            ),
            models.CheckConstraint(condition=Q(fee__gte=0, amount__gt=0), name="deposit_amounts"),
            one_of("state", DepositState, "deposit_state"),
        ]

    def __str__(self) -> str:
        return f"deposit {self.number}"


class DepositItem(PracticeRow):
    """One payment of a deposit: a receipt ("R000012") or a payer's check (the `source` of its remittance).

    `live` as long as the deposit stands: a payment is in one live deposit at most. `taken_back` with the deposit, and
    not by itself before.
    """

    reads = Permission.READ_LEDGER

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="+")
    payment = models.CharField(max_length=160)
    method = models.CharField(max_length=24)
    amount = models.BigIntegerField()
    live = models.BooleanField(default=True)
    taken_back = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "payment"], condition=Q(live=True), name="payment_deposited_once"
            )
        ]

    def __str__(self) -> str:
        return self.payment


class Match(PracticeRow):
    """Bank lines and payments that are the same money. `difference` = lines − payments, in cents, with its reason.

    `how`: "trace", "amount", "group" as found, "person" when a person chose them. A match that was undone stays on
    record, not `live`.
    """

    reads = Permission.READ_LEDGER

    number = models.BigIntegerField()
    how = models.CharField(max_length=12)
    why = models.CharField(max_length=300, default="")
    difference = models.BigIntegerField(default=0)
    live = models.BooleanField(default=True)
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()
    undone_by = models.CharField(max_length=150, default="")
    undone_at = models.DateTimeField(null=True)
    undone_why = models.CharField(max_length=300, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "number"], name="bank_match_number_once")]
        indexes = [models.Index(fields=["practice", "live"], name="bank_match_live")]

    def __str__(self) -> str:
        return f"match {self.number}"


class MatchPart(PracticeRow):
    """A line, or else a payment (`banking.Payment.key`), of a match. Each is in one live match at most."""

    reads = Permission.READ_LEDGER

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="+")
    line = models.ForeignKey(BankLineRow, null=True, on_delete=models.PROTECT, related_name="+")
    payment = models.CharField(max_length=320, default="")
    amount = models.BigIntegerField()
    live = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=Q(live=True, line__isnull=False), name="bank_line_matched_once"
            ),
            models.UniqueConstraint(
                fields=["practice", "payment"],
                condition=Q(live=True) & ~Q(payment=""),
                name="payment_matched_once",
            ),
            models.CheckConstraint(
                condition=Q(line__isnull=False, payment="") | Q(line__isnull=True) & ~Q(payment=""),
                name="match_part_is_one",
            ),
        ]

    def __str__(self) -> str:
        return self.payment or f"line {self.line_id}"


class Closing(PracticeRow):
    """A day or a month that was closed, or reopened; rows are only ever added, the last one counts.

    Every day up to and including `through` is closed; None: every day is open. `entries` is how far the journal was:
    what comes after is dated later. `doc` is the report as it was then.
    """

    reads = Permission.READ_LEDGER

    kind = models.CharField(max_length=12, choices=choices(ClosingKind))
    on = models.DateField()
    through = models.DateField(null=True)
    entries = models.BigIntegerField()
    difference = models.BigIntegerField(default=0)
    why = models.CharField(max_length=300, default="")
    doc = models.TextField(default="")
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [one_of("kind", ClosingKind, "closing_kind")]
        indexes = [models.Index(fields=["practice", "id"], name="closing_by_practice")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
