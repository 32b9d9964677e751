"""The answers to a file that `superbill x12 check` writes: 999, TA1 and 277CA, from the inspection it shows."""

from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from superbill.app.session import BadInput
from superbill.cli.x12_io import write
from superbill.x12 import write_277ca, write_999
from superbill.x12.answers import FRONT_END, functional, interchanges
from superbill.x12.claim_answers import claims
from superbill.x12.documents.interchange_ta1 import answer
from superbill.x12.inspection import Inspection
from superbill.x12.model import Envelope
from superbill.x12.render import render


def write_answers(
    source: BinaryIO, inspection: Inspection, at: datetime, paths: dict[str, Path | None], control_number: int | None
) -> list[Path]:
    """The files asked for, by kind ("999", "TA1", "277CA"); which of them there was something to say in."""
    made = {
        "999": lambda envelope: (
            write_999(found, envelope=envelope) if (found := functional(inspection, FRONT_END)) else b""
        ),
        "TA1": lambda envelope: render([answer(interchanges(inspection), envelope)]),
        "277CA": lambda envelope: _claims(source, inspection, at, envelope),
    }
    done = []
    for kind, path in paths.items():
        if path is not None and (data := made[kind](_envelope(inspection, at, control_number))):
            write(path, [data])
            done.append(path)
    return done


def _claims(source: BinaryIO, inspection: Inspection, at: datetime, envelope: Envelope) -> bytes:
    source.seek(0)
    found = list(claims(source, inspection, received=at.date()))
    return write_277ca(found, envelope=envelope) if found else b""


def _envelope(inspection: Inspection, at: datetime, control_number: int | None) -> Envelope:
    """Back to who sent the first interchange."""
    if not inspection.interchanges:
        raise BadInput("There is no interchange to answer.")
    first = inspection.interchanges[0]
    isa = [text.strip() for text in first.isa] + [""] * 17
    group = first.groups[0] if first.groups else None
    number = control_number or (int(isa[13]) if isa[13].isdecimal() else 0) or 1
    return Envelope(
        sender_id=isa[8],
        sender_qualifier=isa[7],
        receiver_id=isa[6],
        receiver_qualifier=isa[5],
        application_sender=group.receiver if group else "",
        application_receiver=group.sender if group else "",
        interchange_control_number=number,
        group_control_number=number,
        created=at,
        usage="T" if isa[15] == "T" else "P",
    )
