"""Two independent X12 implementations as judges of what we write. They know nothing of ours."""

import io
import logging

import pyx12.error_handler
import pyx12.params
import pyx12.x12n_document
from pydantic import ValidationError
from pyx12.x12file import X12Reader
from x12sdk.io import X12ModelReader

# What x12sdk knows: transaction sets by their guides, of which one identifier may have several.
_SDK_READS = {
    "837": ("005010X222A1", "005010X222A2", "005010X223A2", "005010X223A3"),
    "835": ("005010X221A1",),
    "270": ("005010X279A1",),
    "271": ("005010X279A1",),
    "276": ("005010X212",),
    "277": ("005010X212",),
}


# Values that x12sdk does not know in a place, and pyx12 does.
_MISREAD = frozenset((
    ("entity_identifier_code", "72"), ("note_reference_code", "ADD"), ("date_time_period_format_qualifier", "RD8"),
))  # fmt: skip


class _Heard(logging.Handler):
    """Every error that pyx12 logs."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.texts.append(record.getMessage())


def judge_pyx12(data: bytes) -> list[str]:
    """What pyx12 finds wrong: its own errors, and those of the acknowledgement that it would send."""
    heard = _Heard()
    logger = logging.getLogger("pyx12")
    logger.addHandler(heard)
    propagate, logger.propagate = logger.propagate, False
    try:
        report = io.StringIO()
        clean = pyx12.x12n_document.x12n_document(
            pyx12.params.params(), io.StringIO(data.decode("ascii")), None, None, fd_json=report
        )
    except Exception as problem:
        return [f"pyx12: {type(problem).__name__}: {problem}"]
    finally:
        logger.removeHandler(heard)
        logger.propagate = propagate
    if clean and not heard.texts:
        return []
    # Its map opens the footer with PLB and allows one footer; the guide allows any number of PLB, six reasons in each.
    if heard.texts and data.count(b"\nPLB*") > 1 and all("Loop FOOTER exceeded" in text for text in heard.texts):
        return []
    # Nor does it tell the two CTX of a segment apart, of which the guide allows nine and one.
    if heard.texts and all("Segment CTX exceeded" in text for text in heard.texts):
        return []
    return [f"pyx12: {text}" for text in heard.texts] or [f"pyx12: {report.getvalue()[:4000]}"]


def _own_mistake(error: dict[str, object]) -> bool:
    """Where x12sdk 2.2 contradicts the guides (and pyx12, which judges the same file).

    It models the supervising provider's REF (2310D) as an NM1, knows neither an unknown sex (DMG03 U) nor an assignment
    that does not apply (OI03 W), wants claims in a payment that only settles provider adjustments (loop 2000 is
    situational), takes one PLB where the guide takes any number, and asks the payer's contacts for a number.
    Of several references, or adjustments of one group, it keeps some, and then misses segments in the count of SE01.
    Of the 837I it wants an attending physician (71) where a line names the operating one (2420A), knows no billing note
    (ADD) and no range of days on a line, and asks each decided line for a procedure and each drug for a prescription.
    """
    place = [str(step) for step in error["loc"]]  # type: ignore[attr-defined]
    return (
        ("loop_2310d" in place and "ref_segment" in place)
        or (place[-1:] == ["gender_code"] and error["input"] == "U")
        or (place[-1:] == ["benefits_assignment_certification"] and error["input"] == "W")
        or (place == ["footer", "plb_segment"] and isinstance(error["input"], list))
        or (place == ["loop_2000"] and error["type"] == "missing")
        or (not place and "SE segment count" in str(error["msg"]))
        or (place[:2] == ["loop_1000a", "per_segment"] and error["type"] == "missing")
        or (bool(place) and (place[-1], str(error["input"])) in _MISREAD)
        or (place[-1:] == ["composite_medical_procedure_identifier"] and error["input"] in (None, ""))
        or ("loop_2410" in place and place[-1] == "ref_segment" and error["type"] == "missing")
    )


def judge_x12sdk(data: bytes) -> list[str]:
    """What x12sdk finds wrong in the transaction sets that it knows."""
    text = data.decode("ascii")
    known = [
        identifier
        for identifier, versions in _SDK_READS.items()
        if f"ST*{identifier}*" in text and any(f"*{version}~" in text for version in versions)
    ]
    if not known:
        return []
    # It knows the 837P as A2 only, which differs from A1 in nothing that we write.
    text = text.replace("005010X222A1", "005010X222A2")
    try:
        with X12ModelReader(text) as reader:
            models = list(reader.models())
    except ValidationError as problem:
        return [f"x12sdk: {error['loc']}: {error['msg']}" for error in problem.errors() if not _own_mistake(error)]
    except Exception as problem:
        return [f"x12sdk: {type(problem).__name__}: {str(problem)[:4000]}"]
    sets = sum(text.count(f"ST*{identifier}*") for identifier in known)
    return [] if len(models) == sets else [f"x12sdk: {len(models)} of {sets} transaction sets read"]


def judge_syntax(data: bytes) -> list[str]:
    """What pyx12's reader finds wrong in the syntax of a file whose guide no judge knows: envelopes, counts, levels."""
    with X12Reader(io.StringIO(data.decode("ascii"))) as reader:
        segments = sum(1 for _ in reader)
        errors = [f"pyx12: {text}" for text in reader.pop_errors()]
    return errors if segments == data.count(b"~") else [*errors, f"pyx12: {segments} of {data.count(b'~')} segments"]


def judge_x12(data: bytes) -> list[str]:
    """All errors that the two judges find in an X12 file; empty when both take it."""
    return judge_pyx12(data) + judge_x12sdk(data)


def judge_files(files: dict[str, bytes]) -> dict[str, list[str]]:
    """What the judges find in many files of one kind, by file name.

    They read all files as one stream of interchanges, which loads their tables once; only when that finds something is
    each file judged alone, to name it.
    """
    if not judge_x12(b"".join(files.values())):
        return {}
    alone = {name: errors for name, data in files.items() if (errors := judge_x12(data))}
    return alone or {"together": judge_x12(b"".join(files.values()))}
