"""Seeded defects: 2,000 clean Synthea claims, a defect of one of many kinds in each; how many the right rule catches,
and how many clean claims are held without cause.

    python -m bench defects [--claims 2000]
"""

import argparse
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from superbill.app.boot import connect
from superbill.edits import check
from superbill.findings import Severity

SEED = 6
FOLDERS = ("bundles", "csv", "ndjson")


def main(args: Sequence[str] = ()) -> None:
    """Print the shares, and what was missed."""
    parser = argparse.ArgumentParser(prog="python -m bench defects", description=__doc__)
    parser.add_argument("--claims", type=int, default=2000)
    wanted = parser.parse_args(args).claims
    with tempfile.TemporaryDirectory() as place:
        connect(str(Path(place) / "defects.db"), create=True)  # the command line's path knows the database
        _measure(wanted)


def _measure(wanted: int) -> None:
    from tests.edits_defects import DEFECTS
    from tests.synthea_claims import built_claims, clean_claims

    everything = held = 0
    for claim, context in built_claims(*FOLDERS):
        everything += 1
        held += any(one.severity is Severity.ERROR for one in check(claim, context))
    clean = clean_claims(wanted, *FOLDERS)
    draw = random.Random(SEED)
    missed: Counter[str] = Counter()
    for number, (claim, context) in enumerate(clean):
        kinds = [DEFECTS[number % len(DEFECTS)], *draw.sample(DEFECTS, len(DEFECTS))]
        defect, spoiled = next((kind, made) for kind in kinds if (made := kind.inject(claim, context)) is not None)
        if not {one.rule for one in check(*spoiled)}.intersection(defect.rules):
            missed[defect.name] += 1
    caught = len(clean) - missed.total()
    print(f"{everything:,} claims built, {held} held by an error before any defect ({held / everything:.2%})")
    print(
        f"{len(clean):,} clean claims, {len(DEFECTS)} kinds of defects: {caught:,} caught ({caught / len(clean):.2%})"
    )
    for name, times in missed.most_common():
        print(f"  missed {times:>3} × {name}")


if __name__ == "__main__":
    main(sys.argv[1:])
