"""Pairs, units and add-on codes on any claim: as a plain reading of the tables says, whatever the order and company."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.edits_reference import sample_reference

from superbill.claims.model import Claim, Person, Procedure, Provider, ServiceLine
from superbill.codesets.ncci import packed
from superbill.edits import RULES, History, PastClaim, RuleSet
from superbill.edits.cases import made
from superbill.effective import Period

FAMILIES = RuleSet(one for one in RULES.values() if one.family in ("ncci", "mue", "add_on"))
DAY = date(2026, 3, 1)
PAIRED = ("20610", "20611", "45378", "45330", "58150", "58661", "93000", "93005", "99213", "12001")
COUNTED = ("27447", "97110", "88305", "11721", "17110", "20610", "99213")
ADDED = ("11000", "11001", "22600", "22610", "22612", "22614", "0054T", "76937", "36556", "99291", "99292")
CODES = tuple(sorted({*PAIRED, *COUNTED, *ADDED}))
UNRELATED = "36416"  # in none of the sample tables
OTHER = Provider(person=Person("Lindqvist", "Nils"), npi="1881745671", taxonomy="207Q00000X")
CLEAN, CONTEXT = made({}, sample_reference())


@st.composite
def lines(draw, number: int, of: tuple[str, ...] = CODES) -> ServiceLine:
    """A line of any of the codes in the sample tables."""
    start = DAY + timedelta(draw(st.integers(0, 2)))
    modifiers = st.lists(st.sampled_from(["59", "XS", "25", "RT", "LT", "50", "51", "76"]), max_size=2, unique=True)
    return replace(
        CLEAN.lines[0],
        number=number,
        control_number=f"A1007-{number}",
        procedure=Procedure(draw(st.sampled_from(of)), tuple(draw(modifiers))),
        units=Decimal(draw(st.sampled_from(["1", "2", "5", "7", "0.5"]))),
        service=Period(start, start + timedelta(draw(st.sampled_from([0, 0, 0, 2])))),
        rendering=draw(st.sampled_from([None, None, OTHER])),
    )


@st.composite
def claims(draw, of: tuple[str, ...] = CODES) -> Claim:
    count = draw(st.integers(1, 6))
    return replace(CLEAN, lines=tuple(draw(lines(number, of)) for number in range(1, count + 1)))


def found(claim: Claim) -> set[tuple[str, str, str, str]]:
    """What is found, and where, in whatever order."""
    return {(one.rule, str(one.where), one.message, one.severity) for one in FAMILIES.run(claim, CONTEXT)}


@settings(max_examples=60, deadline=None)
@given(claims(), st.randoms(use_true_random=False))
def test_the_order_of_lines_changes_no_finding(claim, random):
    shuffled = list(claim.lines)
    random.shuffle(shuffled)
    assert found(replace(claim, lines=tuple(shuffled))) == found(claim)


# Whether anything but add-on codes was done that day is about the whole day: company settles it, and asks the next.
ABOUT_THE_DAY = {"add_on.alone"}


@settings(max_examples=60, deadline=None)
@given(claims())
def test_an_unrelated_line_takes_no_finding_away_and_brings_none(claim):
    more = replace(
        CLEAN.lines[0], number=99, control_number="A1007-99", procedure=Procedure(UNRELATED), service=Period(DAY, DAY)
    )
    before = {one for one in found(claim) if one[0] not in ABOUT_THE_DAY}
    after = {one for one in found(replace(claim, lines=(*claim.lines, more))) if one[0] not in ABOUT_THE_DAY}
    assert before <= after
    assert {rule for rule, *_ in after - before} <= {"add_on.primary-unlisted"}


@settings(max_examples=60, deadline=None)
@given(claims(PAIRED))
def test_pairs_are_those_of_the_table(claim):
    table = CONTEXT.reference.pairs["practitioner"].on(date(2026, 3, 31))

    def days(line: ServiceLine) -> set[date]:
        return {
            line.service.start + timedelta(n) for n in range((line.service.end - line.service.start).days + 1)
        }  # fmt: skip

    def bypassed(edit, column1: ServiceLine, column2: ServiceLine) -> bool:
        return edit.indicator == 1 and bool(
            {"59", "XS", "25", "RT", "LT"} & {*column1.procedure.modifiers, *column2.procedure.modifiers}
        )

    expected = set()
    for column1 in claim.lines:
        for column2 in claim.lines:
            common = days(column1) & days(column2)
            edit = common and table.pair(column1.procedure.code, column2.procedure.code, min(common))
            if edit and column1.rendering == column2.rendering and not bypassed(edit, column1, column2):
                expected.add((column2.number, edit.column1, edit.column2))
    said = {
        (one.where.service_line, one.message.split(" beside ")[1][:5], one.message[:5])
        for one in FAMILIES.run(claim, CONTEXT)
        if one.rule == "ncci.pair"
    }
    assert said == expected


def single_day(line: ServiceLine) -> ServiceLine:
    return replace(line, service=Period(line.service.start, line.service.start))


@settings(max_examples=60, deadline=None)
@given(lines(1, PAIRED[:4]), lines(2, PAIRED[:4]))
def test_a_pair_is_found_whether_its_lines_are_on_one_claim_or_on_two(one, two):
    one, two = single_day(one), single_day(two)

    def pairs(found_on, rule):
        return {message.split(":")[1] for each, _, message, _ in found_on if each == rule}

    together = pairs(found(replace(CLEAN, lines=(one, two))), "ncci.pair")
    before = History([PastClaim(claim=replace(CLEAN, control_number="A0999P1", lines=(one,)))])
    context = replace(CONTEXT, history=before)
    apart = FAMILIES.run(replace(CLEAN, lines=(two,)), context)
    assert pairs(((each.rule, "", each.message, "") for each in apart), "ncci.pair-earlier") == together


@settings(max_examples=60, deadline=None)
@given(claims(COUNTED))
def test_units_are_those_of_a_plain_sum(claim):
    claim = replace(claim, lines=tuple(map(single_day, claim.lines)))
    quarter = CONTEXT.reference.units["practitioner"].on(DAY)
    sums: dict[tuple[str, date, str], Decimal] = {}
    expected = set()
    for line in claim.lines:
        most = quarter[line.procedure.code]
        if most is None:
            continue
        key = (most.code, line.service.start, line.rendering.npi if line.rendering else "")
        sums[key] = sums.get(key, Decimal()) + line.units
        if most.indicator == 1 and line.units > most.units:
            expected.add(("mue.line", line.number))
    for (code, day, npi), units in sums.items():
        most = quarter[code]
        if most.indicator > 1 and units > most.units:
            mine = [
                line.number for line in claim.lines
                if (line.procedure.code, line.service.start) == (code, day)
                and (line.rendering.npi if line.rendering else "") == npi
            ]  # fmt: skip
            expected.add(("mue.day" if most.indicator == 2 else "mue.likely", max(mine)))
    said = {(one.rule, one.where.service_line) for one in FAMILIES.run(claim, CONTEXT) if one.rule.startswith("mue.")}
    assert said == expected


@settings(max_examples=60, deadline=None)
@given(claims(ADDED))
def test_an_add_on_code_of_type_1_is_found_exactly_where_its_primary_lacks(claim):
    claim = replace(claim, lines=tuple(map(single_day, claim.lines)))
    table = CONTEXT.reference.add_ons
    expected = set()
    for line in claim.lines:
        code, day = line.procedure.code, line.service.start
        added = table.add_on(code, day)
        if added is None or added.kind != 1:
            continue
        there = {
            other.procedure.code for other in claim.lines
            if (day - other.service.start).days in ((0, 1) if code == "99292" else (0,))
            and (code == "99292" or other.rendering == line.rendering)
        }  # fmt: skip
        if not there & added.primaries:
            expected.add(line.number)
    said = {one.where.service_line for one in FAMILIES.run(claim, CONTEXT) if one.rule == "add_on.primary-missing"}
    assert said == expected


codes = st.from_regex(r"[0-9A-Z][0-9]{3}[0-9A-Z]", fullmatch=True)
days = st.dates(date(1990, 1, 1), date(2100, 1, 1))


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        codes, st.tuples(days, st.none() | days, st.sampled_from([0, 1, 9]), st.booleans(), st.integers(0, 255))
    ),
    st.lists(codes, max_size=5),
)
def test_what_is_packed_is_found_and_the_same(pairs, others):
    whole = b"".join(sorted(code.encode() + packed.tail(*told) for code, told in pairs.items()))
    assert len(whole) == packed.WIDTH * len(pairs)
    assert [packed.unpack(record) for record in packed.records(whole)] == [
        (code, *pairs[code]) for code in sorted(pairs)
    ]  # fmt: skip
    for code in [*pairs, *others]:
        assert [packed.unpack(record)[1:] for record in packed.find(whole, code.encode())] == (
            [pairs[code]] if code in pairs else []
        )  # fmt: skip
