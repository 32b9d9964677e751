"""Run the benchmarks named on the command line, or all."""

import importlib
import sys

CODING = ("coding", "coding_acceptance", "coding_codiesp", "coding_batch")
NAMES = (
    "pipeline",
    "x12",
    "hostile",
    "codesets",
    "codesets_search",
    *CODING,
    "edits",
    "defects",
    "pricing",
    "posting",
    "receivables",
    "web_lists",
    "web_load",
)


def main(wanted: list[str]) -> None:
    """Each benchmark is a module with a `main`."""
    for name in wanted or NAMES:
        if name not in NAMES:
            sys.exit(f"no benchmark {name}; there are: {', '.join(NAMES)}")
        print(f"== {name}")
        importlib.import_module(f"bench.{name}").main()


main(sys.argv[1:])
