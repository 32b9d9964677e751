"""The house rules that no linter knows: small files, small functions, no secrets of the workplace, no bulk."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TRACKED = [
    ROOT / name
    for name in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / name).is_file()
]
PYTHON = [path for path in TRACKED if path.suffix == ".py"]


def name_of(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", PYTHON, ids=name_of)
def test_files_and_functions_stay_small(path):
    text = path.read_text()
    assert text.count("\n") <= 400, f"{name_of(path)} has {text.count(chr(10))} lines; 400 is the limit"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= 60, f"{name_of(path)}:{node.lineno}: {node.name} is {length} lines; 60 is the limit"


@pytest.mark.parametrize("path", [p for p in PYTHON if "src" in p.parts], ids=name_of)
def test_every_module_function_and_class_for_others_says_what_it_does(path):
    tree = ast.parse(path.read_text())
    missing = [] if ast.get_docstring(tree) or not path.read_text().strip() else ["the module"]
    if "migrations" in path.parts:
        return
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        speaks_for_itself = isinstance(node, ast.ClassDef) and len(node.body) <= 12
        if not ast.get_docstring(node) and not speaks_for_itself:
            missing.append(node.name)
    assert not missing, f"{name_of(path)}: no docstring on {', '.join(missing)}"


def test_nothing_big_is_committed():
    heavy = {name_of(path): path.stat().st_size for path in TRACKED if path.stat().st_size > 1_000_000}
    assert not heavy


def test_lock_files_carry_hashes_and_no_addresses():
    for path in (ROOT / "requirements").glob("*.txt"):
        text = path.read_text()
        assert not re.search(r"https?://", text), path.name
        pinned = re.findall(
            r"^[a-z0-9_.-]+(?:\[[a-z,]+\])?==\S+(?: ;[^\\\n]+)? \\\n +--hash=sha256:",
            text,
            re.MULTILINE | re.IGNORECASE,
        )
        assert len(pinned) == len(re.findall(r"^[a-z0-9]\S*==", text, re.MULTILINE | re.IGNORECASE)), path.name


SKIPS = re.compile(r"pytest\.mark\.(skip|xfail)\b(?!if)|# noqa(?!:)|# type: ignore(?!\[)|pragma: no cover")


@pytest.mark.parametrize("path", [p for p in PYTHON if p.name != Path(__file__).name], ids=name_of)
def test_an_exception_to_a_check_names_what_it_lets_through(path):
    found = [line.strip() for line in path.read_text().splitlines() if SKIPS.search(line)]
    assert not found
