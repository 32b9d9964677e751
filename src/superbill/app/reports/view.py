"""One consistent view of the database while a report is made, without keeping anybody from writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_view() -> Iterator[None]:
    """All reads inside see the same journal. Inside a transaction, or another such view, it is that one's."""
    if connection.in_atomic_block or _viewing():
        yield
    elif connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # `transaction.atomic` would take the write lock
            try:
                yield
            finally:
                cursor.execute("COMMIT")
    else:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield


def _viewing() -> bool:
    return connection.vendor == "sqlite" and connection.connection is not None and connection.connection.in_transaction
