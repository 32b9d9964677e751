"""824s from and to their loops: what an application says of a transaction set that was sound as X12."""

from collections.abc import Iterable, Iterator

from superbill.findings import Place
from superbill.x12.documents.envelopes import Parts, interchange, refusal
from superbill.x12.documents.fold import Notes, Table, Values, each, inside, nothing
from superbill.x12.documents.parts_read import contact
from superbill.x12.documents.parts_write import Unwritable, in_its_loop, inner
from superbill.x12.documents.parts_write import contact as contact_of
from superbill.x12.documents.sets import Sets, documents
from superbill.x12.lexer import Source
from superbill.x12.library import compiled
from superbill.x12.model import AdviceError, ApplicationAdvice, Envelope, TransactionSet
from superbill.x12.nodes import Node
from superbill.x12.standard.acknowledgement import OTI, TED
from superbill.x12.standard.composites import C030
from superbill.x12.standard.control import BGN
from superbill.x12.standard.parties import N1
from superbill.x12.text import exact, plain
from superbill.x12.tree import Interchange, Loop, Record, Transaction, assemble

NO_TRACE = "NA"  # OTI03 of a transaction set that is named by its control numbers alone
_ACTIONS = {"TA": "WQ", "TE": "WQ"}  # BGN08: accepted; all else is rejected
_REJECTED = "U"


# --- from -----------------------------------------------------------------------------------------------------------


def _ted(segment: TED, v: Values, _notes: Notes) -> None:
    place = segment.place or C030()
    v["error"] = AdviceError(
        code=segment.error,
        message=segment.message,
        segment=segment.segment,
        position=segment.position,
        element=place.element,
        component=place.component,
        data_element=segment.element,
        value=segment.value,
    )


_ERROR = Table(error=_ted)


def _error(loop: Loop, notes: Notes) -> AdviceError:
    found: AdviceError = _ERROR.fold(loop, notes, {"error": AdviceError(code="")})["error"]
    return found


def _oti(segment: OTI, v: Values, _notes: Notes) -> None:
    v["code"], v["trace"] = segment.acknowledgment, "" if segment.reference == NO_TRACE else segment.reference
    v["group_control_number"], v["control_number"] = segment.group_control_number, segment.control_number
    v["identifier"], v["version"] = segment.identifier, segment.version


def _n1(segment: N1, v: Values, _notes: Notes) -> None:
    v["name"], v["id"] = segment.name, segment.id


def _bgn(segment: BGN, v: Values, _notes: Notes) -> None:
    v["reference"] = segment.reference


_PARTY = Table(name=_n1, contacts=contact)
_ORIGINAL = Table(original=_oti, errors=each("errors", _error))
_ROOT = Table(
    header=nothing,
    beginning=_bgn,
    submitter=inside("submitter", _PARTY),
    receiver=inside("receiver", _PARTY),
    trailer=nothing,
)
_NOTHING_SAID: Values = {
    "code": "", "group_control_number": "", "control_number": "", "identifier": "",
}  # fmt: skip
_NOBODY: Values = {"name": "", "id": ""}


class _Advice:
    """Makes the advice of each 824: one for each original that it answers, or for each item of it."""

    def __init__(self, sets: Sets) -> None:
        self.sets = sets

    def unit(self, record: Record) -> Values:
        """What is said of one original."""
        v = _ORIGINAL.fold(record.unit, self.sets.notes.at(record.unit, record.position), _NOTHING_SAID.copy())
        return v | {"errors": tuple(v.get("errors", ()))}

    def whole(self, transaction: Transaction, units: list[Values]) -> list[ApplicationAdvice]:
        """The advice of a transaction set."""
        v = _ROOT.fold(transaction.root, self.sets.above(transaction.root), {})
        from_, to = _NOBODY | v.get("submitter", {}), _NOBODY | v.get("receiver", {})
        return [
            ApplicationAdvice(
                submitter_name=from_["name"],
                submitter_id=from_["id"],
                receiver_name=to["name"],
                receiver_id=to["id"],
                contact=from_.get("contact"),
                reference=v.get("reference", ""),
                **unit,
            )
            for unit in units
        ]


def advices(source: Source) -> Iterator[tuple[TransactionSet, ApplicationAdvice]]:
    """Every 824 of a file, once for each original or item that it is about. Raises X12ReadError."""
    for found, made in documents(source, "824", _Advice):
        for one in made:
            yield found, one


# --- to -------------------------------------------------------------------------------------------------------------


@in_its_loop
def _error_loop(node: Node, found: AdviceError) -> Loop:
    place = C030(found.element, found.component) if found.element else None
    return assemble(node, {
        "error": TED(
            error=exact(found.code),
            message=plain(found.message),
            segment=exact(found.segment),
            position=found.position,
            place=place,
            element=found.data_element,
            value=plain(found.value),
        )
    })  # fmt: skip


@in_its_loop
def _original_loop(node: Node, found: ApplicationAdvice) -> Loop:
    errors = inner(node, "errors")
    return assemble(node, {
        "original": OTI(
            acknowledgment=exact(found.code),
            qualifier="TN",
            reference=exact(found.trace) or NO_TRACE,
            group_control_number=exact(found.group_control_number),
            control_number=exact(found.control_number),
            identifier=exact(found.identifier),
            version=exact(found.version),
        ),
        "errors": [_error_loop(errors, one) for one in found.errors],
    })  # fmt: skip


@in_its_loop
def _parts(root: Node, found: ApplicationAdvice, envelope: Envelope) -> Parts:
    """The parts of a whole 824."""
    submitter, receiver = inner(root, "submitter"), inner(root, "receiver")
    from_ = N1(entity="41", name=plain(found.submitter_name), id_qualifier="46", id=exact(found.submitter_id))
    to = N1(entity="40", name=plain(found.receiver_name), id_qualifier="46", id=exact(found.receiver_id))
    return {
        "beginning": BGN(
            purpose="11",
            reference=exact(found.reference),
            date=envelope.created.date(),
            time=f"{envelope.created:%H%M}",
            action=_ACTIONS.get(found.code, _REJECTED),
        ),
        "submitter": assemble(submitter, {
            "name": from_,
            "contacts": None if found.contact is None else [contact_of("IC", found.contact)],
        }),
        "receiver": assemble(receiver, {"name": to}),
        "originals": [_original_loop(inner(root, "originals"), found)],
    }  # fmt: skip


def answers(found: Iterable[ApplicationAdvice], envelope: Envelope) -> Interchange:
    """An 824 for each advice. Raises X12WriteError for one that can't be carried."""
    root = compiled("824").root
    try:
        return interchange("824", envelope, (_parts(root, one, envelope) for one in found))
    except Unwritable as problem:
        raise refusal("x12.not-writable", f"{problem}.", Place(loop=problem.loop)) from None
