"""A hostile file of nothing but segments out of place does not fill the memory with findings."""

from tests.x12_valid import ISA

from superbill.x12.inspection import inspect


def test_thousands_of_wrong_envelopes_are_told_up_to_a_limit():
    junk = inspect(f"{ISA}~{'A*1~' * 30_000}IEA*0*000000101~".encode())
    assert len(junk.findings) == 10_000
    assert {finding.rule for finding in junk.findings} == {"x12.segment.outside"}
