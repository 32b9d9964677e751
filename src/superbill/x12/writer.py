"""Envelopes and transaction sets. What is written has been read back and found free of errors before anyone gets it."""

from collections.abc import Iterable, Iterator
from itertools import islice

from superbill.claims.model import Claim
from superbill.findings import Finding, Place, Severity
from superbill.x12.compiled import Compiled, Node, NotWritable, render
from superbill.x12.documents import claim_status, functional
from superbill.x12.documents.claim_to import Unwritable, grouped
from superbill.x12.documents.remittance import claim_values, header_values
from superbill.x12.engine import compiled
from superbill.x12.errors import X12WriteError
from superbill.x12.grammar import Values
from superbill.x12.model import ClaimAcknowledgement, Envelope, FunctionalAcknowledgement, Remittance, Submitter
from superbill.x12.values import IllegalText, exact

CLAIMS_PER_SET = 5000  # the 837P guide's recommended limit, which most payers enforce


def refusal(rule: str, message: str, where: Place | None = None, fix: str = "") -> X12WriteError:
    """An X12WriteError of one finding."""
    return X12WriteError(
        [Finding(rule=rule, severity=Severity.ERROR, where=where or Place(), message=message, fix=fix)]
    )


def _padded(name: str, text: str, width: int) -> str:
    if len(text) > width or not text.strip():
        raise refusal("x12.envelope", f"{name} has 1 to {width} characters, not {text!r}.", Place(field=name))
    try:
        return exact(text.strip()).ljust(width)
    except IllegalText as problem:
        raise refusal("x12.envelope", f"{name}: {problem}.", Place(field=name)) from None


def _number(name: str, number: int) -> int:
    if not 1 <= number <= 999_999_999:
        raise refusal("x12.envelope", f"{name} is a number from 1 to 999,999,999, not {number}.", Place(field=name))
    return number


class Interchange:
    """The segments of one interchange with one functional group, as they grow."""

    def __init__(self, guide: Compiled, envelope: Envelope) -> None:
        self.compiled = guide
        self.out: list[str] = []
        self.sets = 0
        self.start = 0
        self.envelope = envelope
        made = envelope.created
        control = f"{_number('interchange_control_number', envelope.interchange_control_number):09}"
        group = str(_number("group_control_number", envelope.group_control_number))
        self.trailer = (group, control)
        sender = _padded("sender_id", envelope.sender_id, 15)
        receiver = _padded("receiver_id", envelope.receiver_id, 15)
        application = [
            _padded("application_sender", envelope.application_sender or sender.strip(), 15).strip(),
            _padded("application_receiver", envelope.application_receiver or receiver.strip(), 15).strip(),
        ]
        self.out += [
            "*".join([
                "ISA", "00", " " * 10, "00", " " * 10,
                _padded("sender_qualifier", envelope.sender_qualifier, 2), sender,
                _padded("receiver_qualifier", envelope.receiver_qualifier, 2), receiver,
                f"{made:%y%m%d}", f"{made:%H%M}", "^", "00501", control,
                "1" if envelope.acknowledgement_requested else "0", envelope.usage, ":",
            ]),
            "*".join(["GS", guide.guide.functional_id, *application, f"{made:%Y%m%d}", f"{made:%H%M}", group, "X",
                      guide.guide.version]),
        ]  # fmt: skip

    def begin(self) -> None:
        """Open the next transaction set."""
        self.sets += 1
        self.start = len(self.out)
        guide = self.compiled.guide
        version = [guide.version] if guide.version_in_st else []
        self.out.append("*".join(["ST", guide.identifier, f"{self.sets:04}", *version]))

    def end(self) -> None:
        self.out.append(f"SE*{len(self.out) - self.start + 1}*{self.sets:04}")

    def bytes(self) -> bytes:
        """The finished file. Raises X12WriteError when there is no transaction set in it."""
        if not self.sets:
            raise refusal("x12.empty", "There is nothing to write.", fix="Give at least one document.")
        group, control = self.trailer
        self.out += [f"GE*{self.sets}*{group}", f"IEA*1*{control}"]
        return ("~\n".join(self.out) + "~\n").encode("ascii")


def _header(v: Values, envelope: Envelope) -> Values:
    return v | {"created_on": envelope.created.date(), "created_at": f"{envelope.created:%H%M}"}


def header(interchange: Interchange, v: Values, loops: dict[str, list[Values]]) -> None:
    """The segments of the root loop that come before its first repeating loop."""
    render(interchange.compiled.root, _header(v, interchange.envelope) | loops, interchange.out)


def _claim_nodes(guide: Compiled) -> dict[str, Node]:
    subscriber = guide.node("2000A", "2000B")
    return {
        "2000A": guide.node("2000A"),
        "2000B": subscriber,
        "2000C": guide.node("2000A", "2000B", "2000C"),
        "2300": guide.node("2000A", "2000B", "2300"),
        "2300C": guide.node("2000A", "2000B", "2000C", "2300"),
    }


def _loops(claims: Iterable[Claim], current: list[Claim]) -> Iterator[tuple[str, Values, Claim]]:
    def noted() -> Iterator[Claim]:
        for claim in claims:
            current[:] = [claim]
            yield claim

    return grouped(noted())


def write_claims(claims: Iterable[Claim], envelope: Envelope, submitter: Submitter, reference: str) -> bytes:
    """The 837P without its proof; see `write_837p`."""
    guide = compiled("837", "005010X222A1")
    assert guide is not None
    interchange = Interchange(guide, envelope)
    nodes = _claim_nodes(guide)
    waiting = iter(claims)
    loops: dict[str, list[Values]] = {
        "1000A": [{"name": submitter.name, "id": submitter.id, "contacts": [submitter.contact]}],
        "1000B": [{"name": submitter.receiver_name, "id": submitter.receiver_id}],
    }
    current: list[Claim] = []
    try:
        while first := list(islice(waiting, 1)):
            interchange.begin()
            header(interchange, {"reference": reference}, loops)
            rest = islice(waiting, CLAIMS_PER_SET - 1)
            for name, v, _ in _loops(_chain(first, rest), current):
                render(nodes[name], v, interchange.out)
            interchange.end()
    except (NotWritable, Unwritable) as problem:
        where = Place(field=f"claim {current[0].control_number}" if current else "", loop=getattr(problem, "loop", ""))
        raise refusal("x12.not-writable", f"{problem}.", where) from None
    return interchange.bytes()


def _chain(first: list[Claim], rest: Iterator[Claim]) -> Iterator[Claim]:
    yield from first
    yield from rest


def write_remittances(remittances: Iterable[Remittance], envelope: Envelope) -> bytes:
    """The 835s without their proof; see `write_835`."""
    guide = compiled("835", "005010X221A1")
    assert guide is not None
    interchange = Interchange(guide, envelope)
    for each in remittances:
        interchange.begin()
        try:
            v = header_values(each)
            if each.claims:
                v["2000"] = [{"number": 1, "2100": [claim_values(claim, each.payee_name) for claim in each.claims]}]
            if each.provider_adjustments:
                v["provider_adjustments"] = each.provider_adjustments
            render(guide.root, v, interchange.out)
        except (NotWritable, Unwritable) as problem:
            where = Place(field=f"payment {each.trace_number}", loop=getattr(problem, "loop", ""))
            raise refusal("x12.not-writable", f"{problem}.", where) from None
        interchange.end()
    return interchange.bytes()


def _whole(identifier: str, version: str, documents: Iterable[Values], envelope: Envelope) -> bytes:
    """One transaction set per document, each given as the values of its root loop."""
    guide = compiled(identifier, version)
    assert guide is not None
    interchange = Interchange(guide, envelope)
    for v in documents:
        interchange.begin()
        try:
            header(interchange, v, {})
        except NotWritable as problem:
            raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None
        interchange.end()
    return interchange.bytes()


def write_acknowledgements(acks: Iterable[FunctionalAcknowledgement], envelope: Envelope) -> bytes:
    """The 999s without their proof; see `write_999`."""
    return _whole("999", "005010X231A1", map(functional.values, acks), envelope)


def write_claim_acknowledgements(acks: Iterable[ClaimAcknowledgement], envelope: Envelope) -> bytes:
    """The 277CAs without their proof; see `write_277ca`."""
    return _whole("277", "005010X214", map(claim_status.values, acks), envelope)
