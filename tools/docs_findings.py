"""Every rule id of a finding that stands in the source outside the edits, with its room and its severity."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "superbill"
_ID = re.compile(
    r"(?:answer|chart|claims|coding|edits|forms|pricing|receive|remit|x12)\.[a-z0-9…][a-z0-9.…-]*[a-z0-9…]"
)
# Calls that make an error without saying so at the place, and the doctor's, which add the family.
_ERRORS = frozenset({"_error", "_held", "Problem", "Unbalanced", "flaw", "tell", "_off"})


@cache
def rows() -> list[tuple[str, str, str]]:
    """(id, room, severities), sorted; `…` in an id stands for a part that the finding fills in."""
    from superbill.chart.report import RULES

    found: dict[tuple[str, str], set[str]] = {
        (rule, "chart"): {str(kind.severity.value)} for rule, kind in RULES.items()
    }
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room == "demo":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        if "doctor" in path.parts:
            found |= {(f"doctor.{rule}", room): {"error"} for rule in _doctors(tree)}
        for rule, severities in ids(tree):
            model = room == "app" and rule.startswith("claims.")  # claims.batch is a table of Django's
            if (rule, "chart") not in found and not model:
                found.setdefault((rule, room), set()).update(severities)
    return [(rule, room, _severity(rule, severities)) for (rule, room), severities in sorted(found.items())]


def _severity(rule: str, severities: set[str]) -> str:
    """What claims and X12 files can't be built from or read with is an error unless its place says otherwise."""
    usual = {"error"} if rule.startswith(("claims.", "x12.")) else set()
    return ", ".join(sorted(severities or usual))


def _doctors(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and _called(node) == "add"
            and len(node.args) >= 3
            and (rule := _text(node.args[0]))
        ):
            yield rule


def ids(tree: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Every rule id in a module, with the severities that are said with it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            for value in (*node.args, *(word.value for word in node.keywords)):
                for part in (value, *getattr(value, "elts", ())):
                    if _ID.fullmatch(_text(part)):
                        yield _text(part), set(_severities(node))
        elif isinstance(node, ast.Assign | ast.Return | ast.Tuple | ast.Dict | ast.IfExp):
            for part in ast.walk(node):
                if isinstance(part, ast.Constant) and isinstance(part.value, str) and _ID.fullmatch(part.value):
                    yield part.value, set()


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _text(value: ast.expr) -> str:
    if isinstance(value, ast.Constant) and isinstance(value.value, str):
        return value.value
    if isinstance(value, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "…" for part in value.values)
    return ""


def _severities(node: ast.Call) -> Iterator[str]:
    if _called(node) in _ERRORS:
        yield "error"
    for value in (*node.args, *(word.value for word in node.keywords)):
        for part in ast.walk(value):
            if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Severity":
                yield part.attr.lower().replace("_", " ")
