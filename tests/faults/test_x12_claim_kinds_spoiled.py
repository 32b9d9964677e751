"""Files of claims of every kind, spoiled in one place: read without a crash, and written again or refused by name."""

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.claim_kind_samples import DENTAL, INPATIENT
from tests.strategies_parts import ENVELOPE, SUBMITTER
from tests.x12_samples import CLAIM

from superbill.x12 import X12ReadError, X12WriteError, read_claims, write_claims


def written(claims) -> bytes:
    return write_claims(claims, envelope=ENVELOPE, submitter=SUBMITTER, reference="B1")


def _file(claim) -> list[list[str]]:
    data = written([claim]).decode()
    return [segment.split("*") for segment in data.replace("\n", "").split("~") if segment]


FILES = {claim.kind: _file(claim) for claim in (CLAIM, INPATIENT, DENTAL)}
JUNK = st.sampled_from(["", "X", "0", "-1", "99999999", "20261301", "1:2:3", "::::::::9", "A^B", "1.5", "é", "9" * 40])


@st.composite
def spoiled(draw: st.DrawFn, segments: list[list[str]]) -> bytes:
    """Between BHT and SE a segment is left out, sent twice, sent elsewhere, cut, or has another element."""
    rows = [list(each) for each in segments]
    first = next(at for at, each in enumerate(rows) if each[0] == "BHT") + 1
    at = draw(st.integers(first, len(rows) - 4))
    how = draw(st.sampled_from(["drop", "twice", "elsewhere", "cut", "junk", "junk", "junk"]))
    row = rows[at]
    if how == "drop":
        del rows[at]
    elif how == "twice":
        rows.insert(at, row)
    elif how == "elsewhere":
        rows.insert(draw(st.integers(first, len(rows) - 4)), rows.pop(at))
    elif how == "cut":
        rows[at] = row[: draw(st.integers(1, len(row)))]
    else:
        row[draw(st.integers(1, len(row) - 1))] = draw(JUNK)
    return "".join("*".join(each) + "~" for each in rows).encode()


@pytest.mark.parametrize("kind", FILES)
def test_a_spoiled_claim_is_read_and_written_again_or_refused_with_its_claim(kind):
    @settings(
        max_examples=80, deadline=None, phases=[Phase.explicit, Phase.generate],
        suppress_health_check=[HealthCheck.too_slow],
    )  # fmt: skip
    @given(spoiled(FILES[kind]))
    def spoil(data: bytes) -> None:
        try:
            claims = list(read_claims(data))
        except X12ReadError as refused:
            assert refused.finding.message
            return
        assert all(claim.kind == kind for claim in claims)
        if not claims:  # its CLM was left out
            return
        try:
            again = written(claims)
        except X12WriteError as refused:
            assert all(each.message for each in refused.findings)
            return
        back = list(read_claims(again))
        assert [(one.control_number, one.charge) for one in back] == [
            (one.control_number, one.charge) for one in claims
        ]
        # Names are transliterated and a missing sex is told as unknown: once, and no more after that.
        assert list(read_claims(written(back))) == back

    spoil()
