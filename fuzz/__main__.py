"""Run the targets in turn, each for its share of the time, in one process at a time."""

import argparse
import gzip
import subprocess
import sys
import time
from pathlib import Path

OUT = Path("out/fuzz")
NAMES = ("structured", "judge", "read", "json")
LIMITS = ("-timeout=20", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=0", "-verbosity=0")
CRASHES = ("crash-*", "timeout-*", "oom-*")
CORPUS = Path("../shared/data/x12")
LARGEST_SEED = 8192


def seeds(target: str, folder: Path) -> None:
    """Files to begin with: our own sound ones, and others' where they are at hand."""
    from tests.x12_valid import KEYS, base, enveloped, written

    from superbill.x12.tools.jsonform import to_json

    folder.mkdir(parents=True, exist_ok=True)
    for number, key in enumerate(KEYS):
        file = written(enveloped(key, base(key)))
        if target == "json":
            file = b"".join(to_json(file))
        elif target == "structured":
            file = bytes([0, number, 0, 0])
        elif number == 0:
            (folder / "compressed").write_bytes(gzip.compress(file))
        (folder / key).write_bytes(file)
    if target in ("read", "judge"):
        for path in sorted(CORPUS.rglob("*")):
            if path.is_file() and path.suffix not in (".csv", ".md") and path.stat().st_size < LARGEST_SEED:
                (folder / path.name).write_bytes(path.read_bytes())


def fuzz(target: str, arguments: list[str]) -> None:
    """In a process of its own, until the time is over or something is found."""
    import atheris

    with atheris.instrument_imports(include=["superbill.x12"]):
        from fuzz.targets import TARGETS
    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


def run(target: str, seconds: int) -> list[Path]:
    """Fuzz a target for that long, going on after each find. The files that it found something with."""
    place = OUT / target
    seeds(target, place / "seeds")
    (place / "corpus").mkdir(parents=True, exist_ok=True)
    before = set(_finds(place))
    end = time.monotonic() + seconds
    while (left := int(end - time.monotonic())) > 0:
        command = [sys.executable, "-m", "fuzz", "--only", target, f"-max_total_time={left}", *LIMITS]
        command += [f"-artifact_prefix={place}/", str(place / "corpus"), str(place / "seeds")]
        with (place / "log").open("a") as log:
            if subprocess.run(command, stdout=log, stderr=log, check=False).returncode == 0:
                break
    return sorted(set(_finds(place)) - before)


def _finds(place: Path) -> list[Path]:
    return [path for pattern in CRASHES for path in place.glob(pattern)]


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(NAMES)}; all unless named")
    parser.add_argument("--seconds", type=int, default=1800, help="for all targets together")
    options = parser.parse_args()
    targets = options.targets or list(NAMES)
    found = []
    for target in targets:
        new = run(target, options.seconds // len(targets))
        found += new
        print(f"{target}: {len(new)} found", *new, sep="\n  ", flush=True)
    sys.exit(bool(found))


if sys.argv[1:2] == ["--only"]:
    fuzz(sys.argv[2], sys.argv[3:])
else:
    main()
