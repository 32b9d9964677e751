"""What the program's tables say, in the places of the model: read by plain SQL, entry by entry as they come."""

from collections import defaultdict

from django.db import connection

_LINE = {"contractual": "contractual", "write_off": "write_off", "charity": "charity", "bad_debt": "bad_debt"}
_LOOSE = ("interest", "settlement", "capitation", "fees")
_POSTINGS = """
SELECT p.id, p.account, p.amount, l.key, p.payer, p.remarks, p.line_id FROM billing_posting p
LEFT JOIN billing_chargeline l ON l.id = p.line_id WHERE p.practice_id = %s AND p.id > %s ORDER BY p.id
"""
_BALANCES = "SELECT charge, paid, patient_paid, adjusted, insurance, denied, patient FROM billing_linebalance"
_NAMES = ("charge", "paid", "patient_paid", "adjusted", "insurance", "denied", "patient")


def places(account, amount, line, payer, remarks):
    """Where a posting counts, and with which sign."""
    if account == "charges":
        yield ("charge", line), -amount
    elif account in ("insurance", "denied"):
        yield (account, line, payer), amount
    elif account == "patient" or account in _LINE:
        yield (account, line), amount
    elif account == "clearing":
        yield ("clearing",), amount
        if line:
            yield ("insurer paid", line, payer), amount
    elif account == "cash":
        yield ("cash",), amount
        if line:
            yield ("patient paid", line), amount
    elif account == "unapplied":
        yield ("free", int(payer.removeprefix("patient:"))), -amount
        if line:
            yield ("patient paid", line), amount
    elif account == "provider_level":
        yield ("provider", payer, remarks), amount
    elif account == "suspense":
        yield ("suspense", payer), amount
    else:
        assert account in _LOOSE, account
        yield (account,), amount


class View:
    """The sums of one practice's journal by place, kept up as it grows."""

    def __init__(self, practice_id):
        self.practice_id = practice_id
        self.at = defaultdict(int)
        self.last = 0

    def compare(self, books):
        """Take in what was posted since, and hold it against the model: places, and the program's own line balances."""
        lines, touched = {}, set()
        with connection.cursor() as cursor:
            cursor.execute(_POSTINGS, [self.practice_id, self.last])
            for row_id, account, amount, line, payer, remarks, line_id in cursor.fetchall():
                self.last = row_id
                if line:
                    lines[line] = line_id
                for place, cents in places(account, amount, line, payer, remarks):
                    self.at[place] += cents
                    touched.add(place)
            kept = {}
            for line, line_id in lines.items():
                cursor.execute(f"{_BALANCES} WHERE line_id = %s", [line_id])
                kept[line] = dict(zip(_NAMES, cursor.fetchone(), strict=True))
        told = {place for place, amount in books.at.items() if amount != self.at.get(place, 0)}
        wrong = {place: (self.at[place], books.at[place]) for place in touched | told}
        wrong = {place: pair for place, pair in wrong.items() if pair[0] != pair[1]}
        assert not wrong, f"books and model differ (books, model): {wrong}"
        for line, balance in kept.items():
            expected = books.balance(line)
            assert balance == expected, f"line {line}: kept {balance}, model {expected}"
