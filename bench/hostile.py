"""Hostile input of 10 MB: CPU seconds and memory of a refusal or an answer, as ratios to seconds allowed and file size.

`python -m bench hostile`, or `python -m bench.hostile CASE …` for some. Every case is read in its own process in three
ways: judged, streamed without judging, and kept whole and rendered again.
"""

import gzip
import json
import random
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

SIZE = 10_000_000
SECONDS = 2.0  # CPU, allowed
FACTOR = 8.0  # memory, of the file's size, allowed
PATIENCE = 60  # CPU seconds after which a run is given up
WAYS = ("inspect", "stream", "keep")

ISA = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *260101*1200*^*00501*000000001*0*T*:~"
GS = "GS*HC*SENDER*RECEIVER*20260101*1200*1*X*005010X222A1~"
ST = (
    "ST*837*0001*005010X222A1~BHT*0019*00*1*20260101*1200*CH~"
    "NM1*41*2*S*****46*1~PER*IC*N*TE*5555555555~NM1*40*2*R*****46*2~"
)
BILLING = "HL*1**20*1~NM1*85*2*CLINIC*****XX*1234567893~N3*1 MAIN ST~N4*DAYTON*OH*454020001~REF*EI*311234567~"
SUBSCRIBER = "HL*2*1*22*0~SBR*P*18*******CI~NM1*IL*1*ROE*RITA****MI*M77~NM1*PR*2*PAYER*****PI*9~"
CLAIM = "CLM*A1*100***11:B:1*Y*A*Y*Y~HI*ABK:E119~"
HEAD = ISA + GS + ST + BILLING + SUBSCRIBER + CLAIM
PAID = (
    ISA + "GS*HP*S*R*20260101*1200*1*X*005010X221A1~ST*835*0001~BPR*I*1*C*CHK************20260101~TRN*1*1*1311234567~"
    "N1*PR*P~N1*PE*C*XX*1234567893~LX*1~"
)


def _times(head: str, piece: str, size: int, tail: str = "") -> bytes:
    return (head + piece * ((size - len(head) - len(tail)) // len(piece)) + tail).encode("latin-1")


def _counted(head: str, piece: str, size: int) -> bytes:
    """`piece` with a number in it that grows."""
    pieces, length, number = [head], len(head), 0
    while length < size:
        number += 1
        pieces.append(piece.format(number, number - 1))
        length += len(pieces[-1])
    return "".join(pieces).encode()


def _random(head: str, alphabet: bytes, size: int) -> bytes:
    return head.encode() + bytes(random.Random(1).choices(alphabet, k=size - len(head)))


def _many_isa(size: int, terminator: str = "~", marks: str = ":") -> bytes:
    """Interchanges of nothing else, their component separators taking turns."""
    dice = random.Random(2)
    isa = ISA[:-2]
    return "".join(isa + dice.choice(marks) + terminator for _ in range(size // (len(isa) + 2))).encode("latin-1")


def _many_marks(size: int) -> bytes:
    """Whole small files, each with its own separators and its own day."""
    pieces, length, number = [], 0, 0
    body = HEAD[len(ISA) :] + "LX*1~SV1*HC:99213*100*UN*1***1~DTP*472*D8*20260101~SE*21*0001~GE*1*1~IEA*1*000000001~"
    punctuation = "!#$%&'()+,;<=>?@[]_`{|}"
    while length < size:
        mark, repeat = punctuation[number % 23], punctuation[(number // 23 + number + 1) % 23]
        day = f"2026{number // 28 % 12 + 1:02}{number % 28 + 1:02}"
        file = (ISA.replace("^", repeat).replace(":~", f"{mark}~") + body.replace(":", mark)).replace("20260101", day)
        pieces.append(file)
        length += len(file)
        number += 1
    return "".join(pieces).encode()


CASES: dict[str, Callable[[int], bytes]] = {
    "one endless segment": lambda size: _times(HEAD, "A", size),
    "one segment of elements": lambda size: _times(HEAD + "NTE*ADD", "*A", size, "~"),
    "segments of 1 MB": lambda size: _times(HEAD, "NTE*ADD*" + "A" * 1_000_000 + "~", size),
    "segments of 300,000 elements": lambda size: _times(HEAD, "NTE*ADD" + "*A" * 300_000 + "~", size),
    "an element of repetitions": lambda size: _times(PAID + "CLP*1*1*1*1~", "SVC*HC:1" + "^A" * 400_000 + "*1~", size),
    "an element of components": lambda size: _times(HEAD, "HI*ABK" + ":A" * 400_000 + "~", size),
    "terminators only": lambda size: _times(HEAD, "~", size),
    "newlines only": lambda size: _times(HEAD, "\n", size),
    "blanks and terminators": lambda size: _times(HEAD, "~ \n", size),
    "blanks first": lambda size: _times(" " * 1000, " ", size),
    "empty elements": lambda size: _times(HEAD, "*~", size),
    "a million lines": lambda size: _times(HEAD, "LX*1~", size),
    "a million numbered lines": lambda size: _counted(HEAD, "LX*{0}~", size),
    "a million claims": lambda size: _times(HEAD, "CLM*A~", size),
    "a million remitted claims": lambda size: _times(PAID, "CLP*A~", size),
    "a million services": lambda size: _times(PAID + "CLP*1*1*1*1~", "SVC*A~", size),
    "a million transaction sets": lambda size: _times(ISA + GS, "ST*837*1~", size),
    "a million unknown sets": lambda size: _times(ISA + GS, "ST*999999*1~SE*2*1~", size),
    "a million groups": lambda size: _times(ISA, "GS*HC~", size),
    "deep levels": lambda size: _counted(HEAD, "HL*{0}*{1}*23*1~", size),
    "levels of one kind": lambda size: _counted(HEAD, "HL*{0}*{1}*20*1~", size),
    "random bytes": lambda size: _random("", bytes(range(256)), size),
    "random bytes after a header": lambda size: _random(ISA, bytes(range(256)), size),
    "random text of separators": lambda size: _random(HEAD, b"*:^~A1 \n", size),
    "random small segments": lambda size: _random(HEAD, b"ABCDEFG*~", size),
    "unknown segments": lambda size: _times(HEAD, "ZZZ*1~", size),
    "numbered unknown segments": lambda size: _counted(HEAD, "ZZ{0}~", size),
    "segments outside": lambda size: _counted(ISA, "ZZ{0}~", size),
    "envelopes' ends": lambda size: _times(ISA, "SE~GE~IEA~", size),
    "wrong segments": lambda size: _counted(HEAD, "REF*{0}~", size),
    "wrong lines": lambda size: _counted(HEAD, "LX*{0}~SV1*ZZ:{0}*A{0}*UN*X~", size),
    "header after header": _many_isa,
    "header after header, new marks": lambda size: _many_isa(size, marks="!#$%&'()+,-./;<=>?@[]_`{|}"),
    "header after header, blanks": lambda size: _many_isa(size, terminator="~ \n "),
    "small files, new marks and days": _many_marks,
    "almost headers": lambda size: _times(HEAD + "NTE*ADD*", "ISA", size, "~"),
    "almost headers in segments": lambda size: _times(HEAD, "A ISA*~", size),
    "almost headers behind blanks": lambda size: _times(HEAD, "A  ISA*", size, "~"),
    "huge numbers": lambda size: _times(HEAD, "AMT*F5*" + "9" * 500_000 + "~", size),
    "huge fractions": lambda size: _times(HEAD, "AMT*F5*-." + "9" * 500_000 + "~", size),
    "huge counts": lambda size: _times(HEAD, "LX*" + "1" * 500_000 + "~", size),
    "huge exponents": lambda size: _times(HEAD, "AMT*F5*1E999999999~", size),
    "numbers almost": lambda size: _times(HEAD, "QTY*PT*" + "1" * 500_000 + "A~", size),
    "not UTF-8": lambda size: _times(HEAD, "NTE*ADD*\xff\xfe\xc0\x80\xed\xa0\x80~", size),
    "NULs": lambda size: _times(HEAD, "NTE*ADD*\0\0\0~\0", size),
    "trailing blanks": lambda size: _times(HEAD, "NTE*ADD*" + " " * 500_000 + "~", size),
    "bomb": lambda size: gzip.compress(_times(HEAD, "A" * 1000, size * 100), 9),
    "bomb of segments": lambda size: gzip.compress(_times(HEAD, "LX*1~", size), 9),
}


def use(way: str, source: Any) -> str:
    """Read a source in one of the `WAYS`: "ok", or the rule by which it was refused."""
    from superbill.x12.errors import X12ReadError
    from superbill.x12.inspection import inspect
    from superbill.x12.library import guides_of
    from superbill.x12.render import rendered
    from superbill.x12.walk import walk

    try:
        if way == "inspect":
            return f"ok, {len(inspect(source).findings)} findings"
        if way == "stream":
            return f"ok, {sum(1 for _ in walk(source, guides_of, units=True))} units"
        kept = list(walk(source, guides_of, units=False, keep=True))
        return f"ok, {sum(map(len, rendered(kept)))} bytes"  # type: ignore[arg-type] # units=False gives interchanges
    except X12ReadError as refused:
        return refused.finding.rule


def _peak() -> int:
    """The most memory that this process has had, in kB; what getrusage says begins with that of its parent."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1])


def _one(way: str, path: str) -> None:
    """In a process of its own: use a file, and say what it took."""
    for warm in WAYS:
        use(warm, (HEAD + "LX*1~SV1*HC:99213*1*UN*1***1~SE*1*1~GE*1*1~IEA*1*1~").encode())
    resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE + 5))
    before, start = _peak(), time.process_time()
    with Path(path).open("rb") as stream:
        answer = use(way, stream)
    memory = _peak() - before
    print(json.dumps({"answer": answer, "cpu": time.process_time() - start, "memory": memory * 1024}))


def measured(way: str, path: Path) -> dict[str, Any]:
    """What one reading took: `cpu` seconds, `memory` bytes, `answer`."""
    command = [sys.executable, "-m", "bench.hostile", f"--{way}", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    except subprocess.CalledProcessError as failed:
        if failed.returncode == -signal.SIGXCPU:
            return {"answer": "GIVEN UP", "cpu": float("inf"), "memory": 0}
        return {"answer": f"CRASH {failed.stderr.strip().splitlines()[-1:]}", "cpu": float("inf"), "memory": 0}
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def main(wanted: list[str] | None = None, size: int = SIZE) -> None:
    """Measure the cases of those names, or all, and say which are past a limit."""
    worst_cpu = worst_memory = 0.0
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "hostile.x12"
        for name in wanted or CASES:
            path.write_bytes(CASES[name](size))
            for way in WAYS:
                found = measured(way, path)
                cpu, memory = found["cpu"] / SECONDS, found["memory"] / size
                worst_cpu, worst_memory = max(worst_cpu, cpu), max(worst_memory, memory)
                mark = "" if cpu <= 1 and memory <= FACTOR else "  <<<"
                print(
                    f"{name:34} {way:8} {found['cpu']:7.2f} s {memory:6.1f}×  {found['answer'][:60]}{mark}", flush=True
                )
    print(f"worst: {worst_cpu:.2f} of the {SECONDS:g} s, memory {worst_memory / FACTOR:.2f} of the {FACTOR:g}× allowed")


if __name__ == "__main__":
    arguments = sys.argv[1:]
    if arguments and arguments[0].startswith("--"):
        _one(arguments[0][2:], arguments[1])
    else:
        main(arguments)
