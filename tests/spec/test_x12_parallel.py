"""A file read in parts says what it says read in one piece: the same units under the same loops at the same places."""

import gzip
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from superbill.x12.errors import X12ReadError
from superbill.x12.library import guides_of
from superbill.x12.parallel import map_parts, map_units
from superbill.x12.parts import parts
from superbill.x12.tree import Record
from superbill.x12.walk import walk

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260821*1200*^*00501*{:09d}*0*T*:"
KINDS = {"837": ("HC", "005010X222A1"), "835": ("HP", "005010X221A1"), "834": ("BE", "005010X220A1"),
         "270": ("HS", "005010X279A1")}  # fmt: skip


@pytest.fixture(scope="module")
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def claims_of(number: int, lines: int = 2) -> list[str]:
    found = [f"CLM*C{number}*{10 * lines}***11:B:1*Y*A*Y*Y", "HI*ABK:J069"]
    for line in range(1, lines + 1):
        found += [f"LX*{line}", "SV1*HC:99213*10*UN*1***1", "DTP*472*D8*20260301"]
    return found


def professional(providers: int, subscribers: int) -> list[str]:
    """Every third patient is a dependent, every fourth has two claims."""
    body = ["BHT*0019*00*1*20260821*1200*CH", "NM1*41*2*SENDER*****46*1", "PER*IC*DESK*TE*6145550100",
            "NM1*40*2*RECEIVER*****46*2"]  # fmt: skip
    level = number = 0
    for provider in range(providers):
        level += 1
        top = level
        body += [f"HL*{level}**20*1", "PRV*BI*PXC*207Q00000X", f"NM1*85*2*PROVIDER {provider}*****XX*1234567893",
                 "N3*1 MAIN ST", "N4*COLUMBUS*OH*432150001", "REF*EI*311234567"]  # fmt: skip
        for _ in range(subscribers):
            level, number = level + 1, number + 1
            own = number % 3 != 0
            body += [f"HL*{level}*{top}*22*{int(not own)}", f"SBR*P*{'18' if own else ''}*******CI",
                     f"NM1*IL*1*DOE*JANE****MI*W{number}", "NM1*PR*2*PLAN*****PI*60054"]  # fmt: skip
            if not own:
                level += 1
                body += [f"HL*{level}*{level - 1}*23*0", "PAT*19", "NM1*QC*1*DOE*JOE"]
            body += claims_of(number)
            body += claims_of(1000 + number, 1) if number % 4 == 0 else []
    return body


def remittance(headers: int, claims: int) -> list[str]:
    body = ["BPR*I*10*C*CHK************20260815", "TRN*1*1*1512345678", "N1*PR*PLAN", "N3*1 PLAZA",
            "N4*HARTFORD*CT*061030001", "N1*PE*PRACTICE*XX*1234567893"]  # fmt: skip
    for header in range(1, headers + 1):
        body.append(f"LX*{header}")
        for claim in range(claims):
            body += [f"CLP*C{header}-{claim}*10*8*2*12*I1", "NM1*QC*1*DOE*JANE", "SVC*HC:99213*10*8", "CAS*PR*2*2"]
    return [*body, "PLB*1234567893*20261231*WO:1*0"]


def enrollment(members: int) -> list[str]:
    body = ["BGN*00*1*20260821*1200****2", "N1*P5*SPONSOR*FI*311234567", "N1*IN*PLAN*XV*12345"]
    for member in range(members):
        body += ["INS*Y*18*030*XN*A***FT", f"REF*0F*{member}", "DTP*356*D8*20260101", "NM1*IL*1*DOE*JANE"]
    return body


def inquiry(patients: int) -> list[str]:
    body = ["BHT*0022*13*1*20260821*1200", "HL*1**20*1", "NM1*PR*2*PLAN*****PI*1", "HL*2*1*21*1",
            "NM1*1P*2*PRACTICE*****XX*1234567893"]  # fmt: skip
    for patient in range(patients):
        body += [f"HL*{patient + 3}*2*22*0", f"NM1*IL*1*DOE*JANE****MI*{patient}", "EQ*30"]
    return body


def interchange(kind: str, bodies: Iterable[list[str]], number: int = 1, groups: int = 1) -> list[str]:
    """The segments of an interchange; each group has all bodies."""
    identifier, version = KINDS[kind]
    segments = [ISA.format(number)]
    given = list(bodies)
    for group in range(1, groups + 1):
        segments.append(f"GS*{identifier}*SENDER*RECEIVER*20260821*1200*{group}*X*{version}")
        for place, body in enumerate(given, 1):
            segments += [f"ST*{kind}*{place:04d}*{version}", *body, f"SE*{len(body) + 2}*{place:04d}"]
        segments.append(f"GE*{len(given)}*{group}")
    return [*segments, f"IEA*{groups}*{number:09d}"]


def text(segments: list[str], ending: str = "\n", mark: str = "~") -> bytes:
    return "".join(f"{segment}{mark}{ending}" for segment in segments).encode()


def seen(record: Record) -> tuple[Any, ...]:
    """All that a record says."""
    transaction, group, interchange = record.transaction, record.group, record.interchange
    return (
        record.position, record.unit, record.above, transaction.position, transaction.root, transaction.compiled,
        group.position, group.body[:1], interchange.position, interchange.header, interchange.delimiters,
        interchange.ending,
    )  # fmt: skip


def all_seen(records: Iterable[Record]) -> list[tuple[Any, ...]]:
    return list(map(seen, records))


def alone(source: Any) -> list[tuple[Any, ...]]:
    return [seen(each) for each in walk(source, guides_of, units=True) if isinstance(each, Record)]


def together(source: Any, pool: ThreadPoolExecutor, size: int = 900) -> tuple[list[tuple[Any, ...]], int]:
    """What the parts say, and how many there were."""
    made = list(map_parts(source, all_seen, executor=pool, size=size))
    return [each for part in made for each in part], len(made)


FILES = {
    "claims of one provider": interchange("837", [professional(1, 40)]),
    "claims of many providers": interchange("837", [professional(12, 3)]),
    "many sets": interchange("837", [professional(1, 2)] * 15),
    "many groups": interchange("837", [professional(1, 2)], groups=8),
    "claims of a payment": interchange("835", [remittance(1, 60)]),
    "payments under many headers": interchange("835", [remittance(9, 5), remittance(2, 2)]),
    "members": interchange("834", [enrollment(60), enrollment(1)]),
    "inquiries, which are not cut within": interchange("270", [inquiry(2)] * 30),
    "many interchanges": [each for n in range(1, 9) for each in interchange("837", [professional(1, 2)], n)],
    "of every kind": [
        *interchange("835", [remittance(2, 8)], 1),
        *interchange("270", [inquiry(3)] * 5, 2),
        *interchange("837", [professional(3, 4)], 3, groups=2),
        *interchange("834", [enrollment(20)], 4),
    ],
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=["joined", "newline", "crlf"])
def test_parts_say_what_the_whole_says(name: str, ending: str, threads: ThreadPoolExecutor) -> None:
    source = text(FILES[name], ending)
    made, count = together(source, threads)
    assert count >= 3
    assert made == alone(source)


@settings(max_examples=25, deadline=None)
@given(size=st.integers(200, 6000), name=st.sampled_from(sorted(FILES)), mark=st.sampled_from("~\n"))
def test_the_size_of_parts_changes_nothing(size: int, name: str, mark: str, threads: ThreadPoolExecutor) -> None:
    source = text(FILES[name], "", mark)
    assert together(source, threads, size)[0] == alone(source)


def test_interchanges_may_have_different_delimiters(threads: ThreadPoolExecutor) -> None:
    other = text(FILES["claims of many providers"], "\r\n").replace(b"*", b"|").replace(b"~", b"'").replace(b":", b">")
    source = text(FILES["claims of one provider"], "\r\n") + other + text(FILES["members"], "\r\n")
    made, count = together(source, threads)
    assert count > 20
    assert made == alone(source)


def odd(name: str) -> bytes:
    """Files whose parts can't be read by themselves, or not all of them."""
    segments = list(FILES["claims of one provider"])
    middle = next(place for place, each in enumerate(segments) if each.startswith("HL*30*"))
    if name == "a blank line":
        segments[middle] = "\n" + segments[middle]
    elif name == "two segments on a line":
        segments[middle] = "~".join([segments[middle], segments[middle + 1]])
        del segments[middle + 1]
    elif name == "an empty segment":
        segments.insert(middle, "")
    elif name == "the provider is told again":
        segments.insert(middle, "NM1*85*2*ANOTHER*****XX*1234567893")
    elif name == "levels without provider":
        segments = [each for each in segments if not each.startswith("HL*1*")]
    elif name == "no set":
        segments = [segments[0], *[segments[place] for place in range(3, len(segments) - 3)], segments[-1]]
    elif name == "no group":
        segments = [each for each in segments if each[:3] not in ("GS*", "GE*")]
    elif name == "a group begins within a set":
        segments.insert(middle, segments[1].replace("*1*X*", "*2*X*"))
    elif name == "a new set without the end of the last":
        segments.insert(middle, segments[2])
    elif name == "a set of another kind without its end":
        segments.insert(middle, "ST*835*0009")
    elif name == "segments after the end of their group":
        segments[middle:middle] = ["SE*1*0001", "GE*1*1", "ST*837*0002*005010X222A1", *professional(1, 8)]
    elif name == "a set of which no version is known":
        segments[2] = "ST*837*0001*009999"
    return text(segments)


@pytest.mark.parametrize(
    "name",
    [
        "a blank line", "two segments on a line", "an empty segment",
        "the provider is told again", "levels without provider", "no set",
        "no group", "a group begins within a set", "a new set without the end of the last",
        "a set of another kind without its end", "segments after the end of their group",
        "a set of which no version is known",
    ],
)  # fmt: skip
def test_odd_files_are_read_as_they_are(name: str, threads: ThreadPoolExecutor) -> None:
    source = odd(name)
    for size in (300, 900, 2500):
        assert together(source, threads, size)[0] == alone(source)


def test_a_part_that_misleads_is_not_used(threads: ThreadPoolExecutor) -> None:
    """The first parts are read by themselves; from the one that can't be, the rest is one."""
    _, whole = together(text(FILES["claims of one provider"]), threads)
    _, count = together(odd("the provider is told again"), threads)
    assert 2 < count < whole


def test_a_small_file_is_one_part(threads: ThreadPoolExecutor) -> None:
    source = text(interchange("837", [professional(1, 2)]))
    assert together(source, threads, 1 << 18) == (alone(source), 1)
    assert len(list(parts(source))) == 1


def test_a_set_that_can_not_be_cut_is_read_in_constant_memory() -> None:
    source = text(interchange("270", [inquiry(400)]))
    assert list(parts(source, 150))[-1] is None
    assert sum(map_units(source, one, processes=1)) == 400


def test_text_streams_and_packed_files_are_read_alike(threads: ThreadPoolExecutor) -> None:
    plain = text(FILES["claims of a payment"])
    expected = alone(plain)
    for source in (plain.decode(), BytesIO(plain), BytesIO(gzip.compress(plain)), gzip.compress(plain)):
        assert together(source, threads)[0] == expected


def test_a_stream_is_read_from_where_it_stands(threads: ThreadPoolExecutor) -> None:
    plain = odd("the provider is told again")
    stream = BytesIO(b"something else" + plain)
    stream.seek(14)
    assert together(stream, threads)[0] == alone(plain)


@pytest.mark.parametrize(
    "source",
    [
        b"",
        b"not X12",
        b"ISA*00*",
        text(FILES["claims of a payment"])[:3000],
        text(FILES["claims of a payment"]) + text([ISA.format(2)[:-1] + "*"]) * 9,
        gzip.compress(text(FILES["claims of a payment"]))[:300],
        text(FILES["claims of a payment"])[:5000] + b"x" * (1 << 21),
    ],
    ids=["empty", "prose", "cut header", "cut in a segment", "bad header later", "cut archive", "endless segment"],
)
def test_what_can_not_be_read_raises_as_reading_does(source: bytes, threads: ThreadPoolExecutor) -> None:
    with pytest.raises(X12ReadError) as right:
        alone(source)
    made: list[Any] = []
    with pytest.raises(X12ReadError) as found:
        for part in map_parts(source, all_seen, executor=threads, size=900):
            made += part
    assert found.value.finding == right.value.finding
    assert made == alone(text(FILES["claims of a payment"]))[: len(made)]
    assert bool(made) is (len(source) > 200)


def one(_record: Record) -> int:
    return 1


def charge(record: Record) -> tuple[int, int]:
    first: Any = record.unit.body[0]
    return record.position, first.charge


def refuses(record: Record) -> int:
    if record.position > 500:
        raise LookupError(record.position)
    return record.position


def first_only(records: Iterator[Record]) -> int:
    return next(records).position


def big() -> bytes:
    """Some parts of the usual size."""
    return text(interchange("837", [professional(1, 1200)]))


def test_processes_give_their_results_in_file_order() -> None:
    source = big()
    expected = [charge(each) for each in walk(source, guides_of, units=True) if isinstance(each, Record)]
    assert list(map_units(source, charge)) == expected


def test_a_file_is_read_from_its_path(tmp_path: Path) -> None:
    (tmp_path / "big.x12").write_bytes(big())
    assert sum(map_units(tmp_path / "big.x12", one, processes=1)) == 1500


def test_processes_start_also_beside_threads() -> None:
    done = threading.Event()
    beside = threading.Thread(target=done.wait)
    beside.start()
    try:
        assert sum(map_units(big(), one, processes=2)) == 1500
    finally:
        done.set()
        beside.join()


def test_what_the_function_raises_comes_here(threads: ThreadPoolExecutor) -> None:
    with pytest.raises(LookupError):
        list(map_units(big(), refuses, executor=threads))


def test_one_may_stop_early(threads: ThreadPoolExecutor) -> None:
    units = map_units(big(), charge, executor=threads)
    assert next(units)[1] == 2000
    del units
    assert next(map_units(big(), one, executor=threads)) == 1


def test_a_function_need_not_look_at_all_records(threads: ThreadPoolExecutor) -> None:
    source = text(FILES["claims of many providers"])
    starts = list(map_parts(source, first_only, executor=threads, size=900))
    assert len(starts) > 3
    assert starts == sorted(set(starts))
    assert set(starts) <= {position for position, *_ in alone(source)}
