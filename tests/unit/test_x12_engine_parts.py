"""The parts of the X12 engine one by one, where no file shows them."""

import io
from datetime import date, datetime

import pytest
from tests.x12_valid import base, enveloped, written

from superbill.effective import Period
from superbill.x12 import X12WriteError, assemble, compiled, convert, read, stream, validate, write
from superbill.x12.codec import _field
from superbill.x12.errors import X12ReadError
from superbill.x12.judgements import shape_of
from superbill.x12.lexer import Delimiters
from superbill.x12.nodes import Compiled
from superbill.x12.opening import Above
from superbill.x12.pattern import compile_quick, learning
from superbill.x12.render import render
from superbill.x12.rules import Guide, loop, seg, usages
from superbill.x12.segment_check import Checker
from superbill.x12.standard import SEGMENTS
from superbill.x12.tools.difference import difference
from superbill.x12.tools.table import _typed
from superbill.x12.tree import Loop, Transaction, Unplaced

FILE = written(enveloped("837P", base("837P")))


def claim_of(data: bytes) -> Loop:
    return next(each.unit for each in stream(data) if not isinstance(each, Transaction))


def guide_of(*parts) -> Guide:
    root = loop("ST", "transaction", "R", 1, seg("ST", "header", "R", "1R"), *parts)
    return Guide(key="x", title="X", identifier="837", functional_id="HC", version="1", versions=("1",), root=root)


@pytest.mark.parametrize(
    "value, text",
    [
        (date(2026, 1, 2), "20260102"),
        (datetime(2026, 1, 2, 3, 4), "202601020304"),  # noqa: DTZ001 -- X12 gives no zone
        (Period(date(2026, 1, 2), date(2026, 1, 5)), "20260102-20260105"),
        (Period(date(2026, 1, 2), None), "20260102"),
        ("0304", "0304"),
    ],
)
def test_a_moment_is_written_as_it_is_read(value, text):
    assert convert.when_text(value) == text
    assert convert.when_text(convert.when(text)) == text


def test_a_period_without_first_day_has_no_text():
    with pytest.raises(ValueError, match="first day"):
        convert.when_text(Period(None, date(2026, 1, 2)))


def test_a_field_of_no_element_is_refused_when_its_class_is_made():
    with pytest.raises(TypeError, match="no element"):
        _field("amount", float)


@pytest.mark.parametrize("text, says", [("1X", "not a usage"), ("2R 1R", "out of order"), ("1R 1", "out of order")])
def test_a_usage_that_is_malformed_is_refused(text, says):
    with pytest.raises(ValueError, match=says):
        usages(text)


def test_a_loop_holds_fewer_parts_than_its_shape_has_places():
    many = [seg("REF", f"reference_{number}", "S", "1R 2R") for number in range(255)]
    with pytest.raises(ValueError, match="at most 254"):
        Compiled(guide_of(*many))


@pytest.mark.parametrize("name", ["body", "segments"])
def test_a_part_may_not_take_the_name_of_what_every_loop_has(name):
    with pytest.raises(ValueError, match=name):
        Compiled(guide_of(seg("REF", name, "S", "1R 2R")))


def test_a_loop_says_which_names_it_has():
    with pytest.raises(AttributeError, match="2300 has no 'diagnosis'; it has claim"):
        _ = claim_of(FILE).diagnosis


def test_loops_are_equal_by_what_they_say_and_fit_into_sets():
    one, other = claim_of(FILE), claim_of(FILE)
    assert one == other and len({one, other}) == 1
    assert one != one.lines[0] and one != "2300"


def test_only_a_name_of_the_loop_can_be_assembled():
    with pytest.raises(KeyError):
        assemble(compiled("837P").root, {"diagnosis": None})


def test_the_trailers_are_where_the_headers_are():
    (interchange,) = read(FILE)
    assert interchange.trailer.control_number == interchange.header.control_number
    assert interchange.groups[0].trailer.control_number == interchange.groups[0].header.control_number


def test_text_reads_as_its_bytes_do():
    assert list(read(FILE.decode())) == list(read(FILE))


def test_a_file_is_read_from_its_path(tmp_path):
    (tmp_path / "a.x12").write_bytes(FILE)
    assert list(read(tmp_path / "a.x12")) == list(read(FILE))
    with pytest.raises(FileNotFoundError):
        list(read(tmp_path / "b.x12"))


def test_a_source_that_fails_fails_as_itself():
    class Broken(io.BytesIO):
        def read(self, size=-1):
            if self.tell():
                raise OSError("the line went dead")
            return super().read(100)

    with pytest.raises(OSError, match="went dead"):
        list(read(Broken(FILE)))


def test_what_is_not_valid_is_written_only_when_told_so():
    bad = FILE.replace(b"*Y*A*Y*", b"*Y*Q*Y*", 1)
    assert write(read(bad), proven=False) == bad
    with pytest.raises(X12WriteError, match="CLM07"):
        write(read(bad))


def test_nothing_is_written_of_nothing():
    assert render([]) == b""


def test_a_segment_that_nobody_knows_can_be_made():
    (interchange,) = read(FILE)
    made = Unplaced(elements=("ZZZ", "1"))
    body = [*interchange.body[:-1], made, interchange.body[-1]]
    assert b"ZZZ*1~" in render([type(interchange)(**_fields(interchange) | {"body": body})])


def _fields(struct):
    return {name: getattr(struct, name) for name in struct.__struct_fields__}


def test_only_short_texts_that_pass_are_remembered():
    passed = set()
    known = learning(lambda text: text != "no", passed)
    assert [known(text) for text in ("A", "B" * 5_000, "no")] == [True, True, False]
    assert passed == {"A"}


def test_classes_of_employment_in_order():
    assert SEGMENTS["EC"](class_1="01", class_3="03").classes == ("01", "03")


def test_bytes_may_be_anything_but_a_separator():
    checker = Checker(seg("BIN", "file", "R", "1R 2R"), SEGMENTS["BIN"], frozenset(), Delimiters())
    quick = compile_quick(checker, [])
    assert quick("BIN*5*\x01 {}\xff")
    assert not quick("BIN*5")


def test_ten_thousand_parts_out_of_order_are_told_no_further():
    node = next(each for each in compiled("837P").nodes if each.rule.id == "2400")
    late = bytes([len(node.parts) - 1, 1] * 20_000)
    assert len(shape_of(node, late)) == 10_000


def test_segments_of_unknown_kinds_differ_by_their_text():
    other = FILE.replace(b"HI*ABK", b"ZZZ*1~\nHI*ABK", 1)
    more = FILE.replace(b"HI*ABK", b"ZZZ*2~\nHI*ABK", 1)
    assert [(each.left, each.right) for each in difference(other, more)]
    assert not list(difference(other, other))


def test_a_loop_of_a_guide_is_found_by_its_path():
    assert compiled("837P").node("2000A", "2010AA").rule.name == "billing_provider_name"
    with pytest.raises(KeyError, match="2000A has no loop 2300; it has 2010AA"):
        compiled("837P").node("2000A", "2300")


def test_an_unknown_guide_is_refused_with_those_that_there_are():
    with pytest.raises(KeyError, match="837P"):
        compiled("837X")


def test_a_read_error_is_a_finding():
    with pytest.raises(X12ReadError) as refused:
        list(read(b"hello"))
    assert refused.value.finding.rule == "x12.not-x12"


@pytest.mark.parametrize(
    "value, day",
    [
        (Period(date(2026, 1, 2), date(2026, 1, 5)), date(2026, 1, 2)),
        (date(2026, 1, 2), date(2026, 1, 2)),
        ("soon", None),
    ],
)
def test_a_column_of_days_has_the_first_of_several(value, day):
    assert _typed("day", value) == day


def test_the_open_loops_are_a_sequence_from_the_innermost_out():
    root = compiled("837P").root
    stack = [(root, [SEGMENTS["ST"]()], bytearray(1)), (root.children[0], [], bytearray())]
    above = Above(stack)
    above.below = 2
    assert [each.id for each in above] == ["1000A", "ST"]
    assert above[-1].id == above[1].id == above[0:2][1].id == "ST"
    with pytest.raises(IndexError):
        above[2]


@pytest.mark.parametrize("inside", [b"ZZZ*1~", b""])
def test_a_request_or_response_that_does_not_say_which_is_read_all_the_same(inside):
    head, _, _ = written(enveloped("278-request", base("278-request"))).partition(b"BHT*")
    data = head + inside + b"SE*2*0001~GE*1*1~IEA*1*000000001~"
    assert render(read(data)) == data
    assert len([each for each in stream(data) if isinstance(each, Transaction)]) == 1


def test_what_stands_between_the_envelopes_stays_there():
    data = FILE.replace(b"GE*", b"ZZZ*1~\nGE*", 1).replace(b"IEA*", b"ZZZ*2~\nIEA*", 1)
    assert render(read(data)) == data
    assert len(list(stream(data))) == len(list(stream(FILE)))


def test_parts_that_repeat_are_found_wherever_they_stand():
    claim = claim_of(FILE)
    first, second = claim.lines[0], claim.diagnoses
    at = [claim.shape[claim.body.index(part)] for part in (first, second)]
    mixed = type(claim)((first, second, first), bytes([at[0], at[1], at[0]]))
    assert mixed.lines == (first, first)


def test_a_segment_that_says_nothing_is_told():
    remit = written(enveloped("835", base("835")))
    position = remit.index(b"SVC*")
    found = validate(remit[:position] + b"MOA~\n" + remit[position:])
    assert "x12.segment.empty" in {each.rule for each in found}


def test_bytes_have_no_problems():
    checker = Checker(seg("BIN", "file", "R", "1R 2R"), SEGMENTS["BIN"], frozenset(), Delimiters())
    assert not list(checker.problems(["BIN", "5", "\x01 {}"]))
