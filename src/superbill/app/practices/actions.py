"""Opening a practice, and taking numbers that never repeat."""

from django.db import connection, transaction

from superbill.app.documents import encoded
from superbill.app.practices.models import Counter, Practice
from superbill.site.policy import MoneyPolicy


def open_practice(key: str, name: str) -> Practice:
    """The practice of this key, made if it is not there yet; its name follows the site file."""
    with transaction.atomic():
        practice, made = Practice.objects.get_or_create(key=key, defaults={"name": name})
        if not made and practice.name != name:
            practice.name = name
            practice.save(update_fields=["name"])
    return practice


def keep_policy(practice_id: int, policy: MoneyPolicy) -> None:
    """The practice's rules about money are now these."""
    rows, said = Practice.objects.filter(pk=practice_id), encoded(policy)
    if rows.exclude(policy=said).exists():  # read first: who only looks takes no lock
        rows.update(policy=said)


def take(practice_id: int, name: str, count: int = 1) -> int:
    """The first of `count` consecutive numbers under `name`, from 1. They are taken when the transaction commits.

    The counter's row stays locked until then: who wants the next numbers waits, so a number is neither repeated nor
    lost by a transaction that fails. Raises ValueError for a count below 1 or outside of a transaction.
    """
    if count < 1 or not connection.in_atomic_block:
        raise ValueError("numbers are taken inside a transaction, at least one at a time")
    table = Counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (practice_id, name, value) VALUES (%s, %s, %s) "  # noqa: S608  # our own table
            f"ON CONFLICT (practice_id, name) DO UPDATE SET value = {table}.value + excluded.value RETURNING value",
            [practice_id, name, count],
        )
        last: int = cursor.fetchone()[0]
    return last - count + 1


def lock(practice_id: int, name: str) -> None:
    """Hold the counter's row until the end of the transaction without taking a number."""
    if not connection.in_atomic_block:
        raise ValueError("a counter is held inside a transaction")
    table = Counter._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (practice_id, name, value) VALUES (%s, %s, 0) "  # noqa: S608  # our own table
            f"ON CONFLICT (practice_id, name) DO UPDATE SET value = {table}.value",
            [practice_id, name],
        )
