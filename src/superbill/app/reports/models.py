"""What reports keep to be quick. All of it is derived: the journal and the claims say it again whenever it is lost."""

from datetime import date

from django.db import models

from superbill.app.accounts.permissions import Permission
from superbill.app.base import PracticeRow
from superbill.app.billing.models import ChargeLine

NEVER = date.max.toordinal()  # the end of a spell that lasts


class Spell(PracticeRow):
    """An amount that stood with one holder on one charge line from the day `begins` to the day before `ends`.

    Days are ordinals (1 is 1 January of the year 1; `NEVER`: it still stands). `account` is insurance, denied or
    patient, `payer` who holds it ("" the patient). `since` is the day from which the holder has owed without a break,
    `service` the first day of the service. `bill` is the account under which the line was charged.
    """

    reads = Permission.READ_LEDGER

    line = models.ForeignKey(ChargeLine, on_delete=models.PROTECT, related_name="+")
    patient_id = models.BigIntegerField()
    bill = models.CharField(max_length=30)
    account = models.CharField(max_length=16)
    payer = models.CharField(max_length=80, default="")
    provider = models.CharField(max_length=80, default="")
    location = models.CharField(max_length=80, default="")
    service = models.IntegerField()
    since = models.IntegerField()
    begins = models.IntegerField()
    ends = models.IntegerField()
    amount = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(begins__lt=models.F("ends")), name="spell_lasts"),
            models.CheckConstraint(condition=~models.Q(amount=0), name="spell_holds_something"),
        ]
        indexes = [
            # Everything that the aging by payer asks for, so that it reads no rows.
            models.Index(
                fields=["practice", "ends", "begins", "account", "payer", "service", "since", "amount"],
                name="spell_on_a_day",
            )
        ]

    def __str__(self) -> str:
        return f"{self.amount} with {self.payer or 'the patient'}"


class SpellsThrough(PracticeRow):
    """How far the spells of a practice have come: the journal's entry number, and the last audit event looked at."""

    reads = Permission.READ_LEDGER

    entry = models.BigIntegerField(default=0)
    audit = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="spells_through_once")]

    def __str__(self) -> str:
        return f"through entry {self.entry}"


class DaySum(PracticeRow):
    """What the postings of one day that are alike add up to, so that a month's figures need no journal.

    `basis` says what the `day` (ordinal) is: of their entries ("posted"), or of their lines' services ("service"; then
    only the account tells postings apart). `sign` is that of each posting; `patients`: a patient is named as who paid;
    `loose`: on no line; `early`: posted up to the first day of the service. `lag`: the days from service to posting,
    added up over the `postings`.
    """

    reads = Permission.READ_LEDGER

    basis = models.CharField(max_length=8)
    day = models.IntegerField()
    kind = models.CharField(max_length=24, default="")
    account = models.CharField(max_length=16)
    sign = models.SmallIntegerField(default=0)
    patients = models.BooleanField(default=False)
    loose = models.BooleanField(default=False)
    early = models.BooleanField(default=False)
    amount = models.BigIntegerField()
    postings = models.BigIntegerField()
    lag = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["practice", "basis", "day", "kind", "account", "sign", "patients", "loose", "early"],
                name="day_sum_once",
            ),
            models.CheckConstraint(condition=models.Q(postings__gt=0), name="day_sum_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.account} of {date.fromordinal(self.day)}"


class SumsThrough(PracticeRow):
    """The number of the last journal entry that is in the sums of days."""

    reads = Permission.READ_LEDGER

    entry = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice"], name="sums_through_once")]

    def __str__(self) -> str:
        return f"through entry {self.entry}"


class CollectionCost(PracticeRow):
    """What the revenue cycle cost in a month (its first day), in cents, as a person said. The latest row counts."""

    reads = Permission.READ_LEDGER

    month = models.DateField()
    amount = models.BigIntegerField()
    by = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(amount__gte=0), name="collection_cost_not_negative")]

    def __str__(self) -> str:
        return f"cost of {self.month:%Y-%m}"
