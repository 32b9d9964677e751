"""The envelopes around what we write: ISA and IEA, GS and GE, ST and SE."""

from collections.abc import Iterable
from typing import Any

from superbill.findings import Finding, Place, Severity
from superbill.x12.errors import X12WriteError
from superbill.x12.lexer import STANDARD
from superbill.x12.library import compiled
from superbill.x12.model import Envelope
from superbill.x12.nodes import Compiled
from superbill.x12.standard.control import GE, GS, IEA, ISA, SE, ST
from superbill.x12.text import IllegalText, exact
from superbill.x12.tree import Group, Interchange, Loop, Transaction, assemble

Parts = dict[str, Any]  # what a loop is assembled of, by the guide's names

_MOST_CONTROL = 999_999_999


def refusal(rule: str, message: str, where: Place | None = None, fix: str = "") -> X12WriteError:
    """An X12WriteError of one finding."""
    return X12WriteError(
        [Finding(rule=rule, severity=Severity.ERROR, where=where or Place(), message=message, fix=fix)]
    )


def _checked(name: str, text: str, width: int) -> str:
    if len(text) > width or not text.strip():
        raise refusal("x12.envelope", f"{name} has 1 to {width} characters, not {text!r}.", Place(field=name))
    try:
        return exact(text.strip())
    except IllegalText as problem:
        raise refusal("x12.envelope", f"{name}: {problem}.", Place(field=name)) from None


def _number(name: str, number: int) -> int:
    if not 1 <= number <= _MOST_CONTROL:
        raise refusal("x12.envelope", f"{name} is a number from 1 to 999,999,999, not {number}.", Place(field=name))
    return number


def interchange_header(envelope: Envelope) -> ISA:
    """ISA. Raises X12WriteError for ids and numbers that no one could deliver."""
    return ISA(
        authorization_qualifier="00",
        authorization=" " * 10,
        security_qualifier="00",
        security=" " * 10,
        sender_qualifier=_checked("sender_qualifier", envelope.sender_qualifier, 2).ljust(2),
        sender=_checked("sender_id", envelope.sender_id, 15).ljust(15),
        receiver_qualifier=_checked("receiver_qualifier", envelope.receiver_qualifier, 2).ljust(2),
        receiver=_checked("receiver_id", envelope.receiver_id, 15).ljust(15),
        date=f"{envelope.created:%y%m%d}",
        time=f"{envelope.created:%H%M}",
        repetition_separator=STANDARD.repetition,
        version="00501",
        control_number=f"{_number('interchange_control_number', envelope.interchange_control_number):09}",
        acknowledgment_requested="1" if envelope.acknowledgement_requested else "0",
        usage=envelope.usage,
        component_separator=STANDARD.component,
    )


def group_header(envelope: Envelope, guide: Compiled) -> GS:
    """GS of a group of a guide's transaction sets. Raises X12WriteError."""
    return GS(
        functional_id=guide.guide.functional_id,
        sender=_checked("application_sender", envelope.application_sender or envelope.sender_id, 15),
        receiver=_checked("application_receiver", envelope.application_receiver or envelope.receiver_id, 15),
        date=envelope.created.date(),
        time=f"{envelope.created:%H%M}",
        control_number=str(_number("group_control_number", envelope.group_control_number)),
        agency="X",
        version=guide.guide.version,
    )


def _length(loop: Loop) -> int:
    """The segments of a loop, with those of the loops in it."""
    return len(loop.body) + sum([_length(part) - 1 for part in loop.body if isinstance(part, Loop)])


def _transaction(guide: Compiled, parts: Parts, number: int, position: int) -> tuple[Transaction, int]:
    """A transaction set of the parts of its root, and how many segments it has."""
    control, rules = f"{number:04}", guide.guide
    header = ST(identifier=rules.identifier, control_number=control, version=rules.version * rules.version_in_st)
    root = assemble(guide.root, {"header": header, **parts, "trailer": SE(control_number=control)})
    length = _length(root)
    trailer = SE(segments=length, control_number=control)
    whole = type(root)((*root.body[:-1], trailer), root.shape)
    return Transaction(compiled=guide, root=whole, position=position), length


def interchange(key: str, envelope: Envelope, roots: Iterable[Parts]) -> Interchange:
    """An interchange of one group: a transaction set of each `roots`, given as the parts between ST and SE.

    `key` names the guide. Raises X12WriteError for an envelope that is not valid, or when there is nothing to write.
    """
    guide = compiled(key)
    isa, gs = interchange_header(envelope), group_header(envelope, guide)
    position = 3
    sets: list[Transaction] = []
    for number, parts in enumerate(roots, 1):
        made, length = _transaction(guide, parts, number, position)
        sets.append(made)
        position += length
    if not sets:
        raise refusal("x12.empty", "There is nothing to write.", fix="Give at least one document.")
    group = Group(body=[gs, *sets, GE(transactions=len(sets), control_number=gs.control_number)], position=2)
    iea = IEA(groups=1, control_number=isa.control_number)
    return Interchange(delimiters=STANDARD, ending="\n", body=[isa, group, iea])
