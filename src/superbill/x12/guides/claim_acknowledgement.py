"""277CA, which claims of a batch went into adjudication (005010X214)."""

from collections.abc import Sequence

from superbill.x12 import values
from superbill.x12.grammar import (
    COUNT,
    DAY,
    MANY,
    MONEY,
    QUANTITY,
    Element,
    Guide,
    Segment,
    code,
    ident,
    loop,
    mark,
    parts,
    segment,
    value,
)
from superbill.x12.guides.common import (
    R,
    S,
    amount,
    on_day,
    over_days,
    person_parts,
    plain_reference,
    procedure,
    reference,
)
from superbill.x12.model import StatusCode

PROCEDURES = "AD ER HC HP IV NU WK"
_STATUS = parts("R", "R", "S", "S")


def read_statuses(e: list[str], separator: str) -> list[StatusCode]:
    """STC01, STC10 and STC11."""
    return [values.status(e[at], separator) for at in (1, 10, 11) if len(e) > at and e[at]]


Row = tuple[tuple[StatusCode, ...], str, str, str]


def read_row(e: list[str], separator: str) -> list[Row]:
    """A whole STC: statuses, date, action, amount, as text."""
    date, action, charge = (e[at] if len(e) > at else "" for at in (2, 3, 4))
    return [(tuple(read_statuses(e, separator)), date, action, charge)]


def write_rows(rows: Sequence[Row]) -> list[list[str]]:
    """STC segments, three statuses in each."""
    made = []
    for statuses, date, action, charge in rows:
        for start in range(0, len(statuses), 3):
            first, *more = map(values.status_text, statuses[start : start + 3])
            made.append(["STC", first, date, action, charge, "", "", "", "", "", *more])
    return made


def _status(title: str, actions: str, repeat: int = MANY, date: str = R) -> Segment:
    places = [Element(position=at, usage=R if at == 1 else S, parts=_STATUS) for at in (1, 10, 11)]
    return segment(
        "STC", title, R, *places, Element(position=2, usage=date, kind=DAY), code(3, "", actions, R),
        rest="4 12" if date == R else "4", repeat=repeat, many="status", reads=read_row, writes=write_rows,
    )  # fmt: skip


def _level(level: str, children: str, parent: bool = True) -> Segment:
    return segment(
        "HL", "Hierarchical level", R, value(COUNT, 1, "hl", R), *([value(COUNT, 2, "hl_parent", R)] if parent else []),
        code(4, "children", children, R if level != "PT" else S), q=level, at=3,
    )  # fmt: skip


def _name(title: str, q: str, kinds: str, id_kind: str, also: str) -> Segment:
    return segment(
        "NM1", title, R, mark(1, q.split()[0], also=q, usage=R), code(2, "entity", kinds, R), *person_parts(),
        mark(8, id_kind, also=also, usage=R), ident(9, "id", R), q=q,
    )  # fmt: skip


def _count(title: str, q: str, name: str) -> Segment:
    return segment("QTY", title, S, value(QUANTITY, 2, name, R), q=q)


_TOTALS = (amount("Accepted", "YU", "accepted_amount"), amount("Rejected", "YY", "rejected_amount"))

LINE = loop(
    "2220D", "Service line", S, MANY,
    segment("SVC", "Service line", R, procedure(1, "procedure", R, PROCEDURES), value(MONEY, 2, "charge", R), ident(4),
            value(QUANTITY, 7, "units")),
    _status("Status of the line", "U WQ", MANY, S),
    reference("Line item control number", "FJ", "control_number"), plain_reference("Prescription number", "XZ"),
    over_days("Service date", "472", "service", S),
)  # fmt: skip

CLAIM = loop(
    "2200D", "Claim", S, MANY,
    segment("TRN", "Claim", R, mark(1, "2", usage=R), ident(2, "control_number", R)),
    _status("Status of the claim", "U WQ"),
    reference("Payer's claim control number", "1K", "payer_control_number"),
    plain_reference("Clearinghouse trace", "D9"),
    plain_reference("Institutional bill type", "BLT"), over_days("Service date", "472", "service", R), LINE,
)  # fmt: skip

PATIENT = loop(
    "2000D", "Patient", S, MANY, _level("PT", "0"),
    loop("2100D", "Patient's name", R, 1, _name("Patient", "QC", "1", "MI", "II")), CLAIM,
)  # fmt: skip

PROVIDER = loop(
    "2000C", "Provider", S, MANY, _level("19", "0 1"),
    loop("2100C", "Provider's name", R, 1, _name("Provider", "85", "1 2", "XX", "FI SV")),
    loop("2200C", "Provider's claims", S, 1,
         segment("TRN", "Provider's trace", R, mark(1, "1", usage=R), ident(2, "trace", R)),
         _status("Status of the provider's claims", "U WQ", MANY, S),
         plain_reference("Provider's secondary number", "0B 1G G2 LU SY TJ", S, 3),
         _count("Claims accepted", "QA", "accepted"), _count("Claims rejected", "QC", "rejected"), *_TOTALS),
    PATIENT,
)  # fmt: skip

RECEIVER = loop(
    "2000B", "Receiver", R, 1, _level("21", "0 1"),
    loop("2100B", "Receiver's name", R, 1, _name("Receiver", "41", "1 2", "46", "")),
    loop("2200B", "Batch", R, 1, segment("TRN", "Batch", R, mark(1, "2", usage=R), ident(2, "batch_reference", R)),
         _status("Status of the batch", "U WQ"),
         _count("Claims accepted", "90", "accepted"), _count("Claims rejected", "AA", "rejected"), *_TOTALS),
    PROVIDER,
)  # fmt: skip

GUIDE = Guide(
    identifier="277", functional_id="HN", version="005010X214", versions=("005010X214",),
    root=loop(
        "ST", "Claim acknowledgement", R, 1,
        segment("ST", "Transaction set header", R, rest="1R 2R 3R"),
        segment("BHT", "Report", R, mark(1, "0085", usage=R), mark(2, "08", usage=R), ident(3, "report", R),
                value(DAY, 4, "created_on", R), ident(5, "created_at", R), mark(6, "TH", usage=R)),
        loop("2000A", "Source", R, MANY, _level("20", "1", parent=False),
             loop("2100A", "Source's name", R, 1, _name("Source", "PR AY", "2", "PI", "46 FI XV")),
             loop("2200A", "Receipt", R, MANY,
                  segment("TRN", "Source's trace", R, mark(1, "1", usage=R), ident(2, "trace", R)),
                  on_day("Received", "050", "received", R), on_day("Processed", "009", "processed", R)),
             RECEIVER),
    ),
)  # fmt: skip
