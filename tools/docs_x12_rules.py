"""The rules of the X12 engine: what each holds to, and how the answers tell it."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tools.docs_findings import ids
from tools.docs_tables import code, table

WORDS = Path(__file__).with_suffix(".toml")
ENGINE = Path(__file__).parents[1] / "src" / "superbill" / "x12"
# Where the engine says what is wrong: the reader, the judge, the documents.
_SPEAKERS = (
    "lexer.py", "floods.py", "opening.py", "inspection.py", "judging.py", "judgements.py", "segment_check.py",
    "balances*.py", "partners/*.py", "documents/*.py",
)  # fmt: skip
_HEADS = {
    "unreadable": ("rule", "what is wrong"),
    "envelope": ("rule", "what it holds to", "answer"),
    "judged": ("rule", "SNIP", "what it holds to", "IK304", "IK403"),
    "read": ("rule", "what it says"),
    "refused": ("rule", "why it is not written"),
}
KINDS = tuple(_HEADS)
_FIELDS = {"envelope": ("words", "answer"), "judged": ("snip", "words", "segment", "element")}


def spoken() -> set[str]:
    """The ids of rules that stand in the engine's source."""
    return {rule for each in _SPEAKERS for path in sorted(ENGINE.glob(each)) for rule in _of(path)}


def _of(path: Path) -> Iterator[str]:
    for rule, _ in ids(ast.parse(path.read_text("utf-8"))):
        if rule.startswith("x12."):
            yield rule


def words() -> dict[str, dict[str, dict[str, str]]]:
    """What is said of each rule, by kind. Raises ValueError for a rule without words, or words without a rule."""
    found: dict[str, dict[str, dict[str, str]]] = tomllib.loads(WORDS.read_text("utf-8"))
    if off := {rule for kind in found.values() for rule in kind} ^ spoken():
        raise ValueError(f"{WORDS.name}: {sorted(off)} described or there, not both")
    return found


def rules(kind: str) -> str:
    """The rules of a kind as a table."""
    rows = [
        (code(rule), *(said.get(field, "") for field in _FIELDS.get(kind, ("words",))))
        for rule, said in words()[kind].items()
    ]
    return table(_HEADS[kind], rows)
