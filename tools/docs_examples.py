"""The examples of the manual: find them, run them, compare what they print, and write it anew.

A page's ```console blocks run in order, each command for itself, in a folder of the page's own that begins with a copy
of one demo run (`out/`) and this checkout's `src/`. Lines that begin with "$ " are commands ("> " continues one), the
others what they print, errors included; a command that ends with another exit code than 0 prints `[exit 1]` at the end.
`…` stands for anything within a line, alone on a line for any lines; seconds taken are not compared. A ```python block
is a script of its own; a ```text block right after it is what it prints. A console block whose first line begins with
`# not tested` is not run.

    python -m tools.docs_examples            compare every page
    python -m tools.docs_examples --write    put what commands print now into the pages, where it differs
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path

from tools.docs_shell import Shell

ROOT = Path(__file__).parents[1]
NOT_TESTED = "# not tested"
# The only commands that are not run as they stand: the Makefile runs them in its own environment.
STANDS_FOR = {"make demo": "superbill demo --out out"}

_CONSOLE = re.compile(r"^```console\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(?P<body>.*?)^```$(?:\n\n```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL)
_SECONDS = re.compile(r"\b\d+\.\d s\b")


@dataclass(frozen=True)
class Example:
    """A command (or a Python script) and what the page says that it prints; None: the page does not say."""

    kind: str
    source: str
    shown: str | None


@dataclass
class Demo:
    """One finished demo run: the folder that holds `out/`, what the run printed, and the process that runs commands."""

    folder: Path
    printed: str
    shell: Shell


@dataclass(frozen=True)
class Block:
    """A fenced block: where its text begins and ends in the page, and its examples."""

    kind: str
    start: int
    end: int
    examples: tuple[Example, ...] = ()
    skipped: str = field(default="")


def pages() -> list[Path]:
    """The README and every page of the manual that is written by hand, in a stable order."""
    built = ROOT / "docs" / "_build"
    return [ROOT / "README.md", *(page for page in sorted((ROOT / "docs").rglob("*.md")) if built not in page.parents)]


def blocks(text: str) -> list[Block]:
    """Every example block of a page, in order."""
    found = []
    for match in _CONSOLE.finditer(text):
        body = match["body"]
        if body.startswith(NOT_TESTED):
            found.append(Block("console", *match.span("body"), skipped=body.partition("\n")[0]))
        else:
            found.append(Block("console", *match.span("body"), examples=tuple(_commands(body))))
    for match in _PYTHON.finditer(text):
        example = Example("python", match["body"], match["output"])
        span = match.span("output") if match["output"] is not None else (match.end("body"), match.end("body"))
        found.append(Block("python", *span, examples=(example,)))
    return sorted(found, key=lambda block: block.start)


def _commands(body: str) -> list[Example]:
    examples: list[Example] = []
    for line in body.splitlines():
        if line.startswith("$ "):
            examples.append(Example("console", line[2:], ""))
        elif line.startswith("> ") and examples and not examples[-1].shown:
            examples[-1] = replace(examples[-1], source=f"{examples[-1].source}\n{line[2:]}")
        elif examples:
            examples[-1] = replace(examples[-1], shown=f"{examples[-1].shown}{line}\n")
        else:
            raise ValueError(f"a console block begins with a command: {line!r}")
    return examples


def run_demo(folder: Path, shell: Shell) -> Demo:
    """Run the demo once in `folder`; pages begin with a copy of what it leaves."""
    folder.mkdir(parents=True, exist_ok=True)
    return Demo(folder, _superbill(STANDS_FOR["make demo"], folder, shell), shell)


def run(example: Example, folder: Path, demo: Demo) -> str:
    """What an example prints in `folder`."""
    if example.kind == "python":
        return _run([sys.executable, "-c", example.source], folder)
    if example.source in STANDS_FOR:
        return demo.printed
    command, pipe, rest = example.source.partition(" | ")
    if not command.startswith("superbill ") or set(command) & set("$;&<>*`\n"):
        return _run(["bash", "-c", example.source], folder)
    printed = _superbill(command, folder, demo.shell, code=not pipe)
    return _run(["bash", "-c", rest], folder, given=printed) if pipe else printed


def _superbill(command: str, folder: Path, shell: Shell, *, code: bool = True) -> str:
    ended, printed = shell.run(shlex.split(command)[1:], folder, _environment(folder))
    return _ended(printed, ended if code else 0)


def _run(command: list[str], folder: Path, given: str = "") -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=_environment(folder),
        input=given.encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=300,
        check=False,
    )
    return _ended(done.stdout.decode(), done.returncode)


def _environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "COLUMNS": "100",
        "NO_COLOR": "1",
    }


def _ended(printed: str, code: int) -> str:
    text = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
    return text if code == 0 else f"{text}[exit {code}]\n"


def same(shown: str, printed: str) -> bool:
    """Whether a page shows what was printed."""
    return re.fullmatch(_pattern(shown), _plain(printed)) is not None


def _pattern(shown: str) -> str:
    lines = []
    for line in _plain(shown).splitlines(keepends=True):
        lines.append("(?:.*\n)*?" if line.strip() == "…" else ".*".join(map(re.escape, line.split("…"))))
    return "".join(lines)


def _plain(text: str) -> str:
    return _SECONDS.sub("# s", "".join(f"{line.rstrip()}\n" for line in text.strip("\n").splitlines()))


@dataclass(frozen=True)
class Difference:
    """An example that prints something else than its page shows."""

    page: str
    example: Example
    printed: str

    def __str__(self) -> str:
        return f"{self.page}: {self.example.source}\n--- shown\n{self.example.shown}--- printed\n{self.printed}"


def run_page(page: Path, folder: Path, demo: Demo, *, write: bool = False) -> list[Difference]:
    """Run a page's examples in `folder`, a new one; what differs. `write` puts what was printed into the page."""
    text = page.read_text("utf-8")
    shutil.copytree(demo.folder, folder)
    (folder / "src").symlink_to(ROOT / "src")
    different, parts, done = [], [], 0
    for block in blocks(text):
        shown = []
        for example in block.examples:
            printed = run(example, folder, demo)
            if example.shown is None and "[exit " not in printed:
                continue
            if not same(example.shown or "", printed):
                different.append(Difference(page.relative_to(ROOT).as_posix(), example, printed))
                example = replace(example, shown=printed.strip("\n") + "\n" if printed.strip() else "")
            shown.append(example)
        if shown:
            parts += [text[done : block.start], "".join(map(_text, shown))]
            done = block.end
    if write and different:
        page.write_text("".join([*parts, text[done:]]), "utf-8")
    return different


def _text(example: Example) -> str:
    if example.kind == "python":
        return example.shown or ""
    first, *more = example.source.split("\n")
    return "\n".join([f"$ {first}", *(f"> {line}" for line in more)]) + "\n" + (example.shown or "")


def main(arguments: list[str]) -> int:
    """Compare, or with --write mend, the pages named (all without names)."""
    write = "--write" in arguments
    named = [Path(name).resolve() for name in arguments if not name.startswith("--")]
    different = []
    with tempfile.TemporaryDirectory() as place, Shell() as shell:
        demo = run_demo(Path(place) / "demo", shell)
        for number, page in enumerate(named or pages()):
            if any(block.examples for block in blocks(page.read_text("utf-8"))):
                different += run_page(page, Path(place) / f"page{number}", demo, write=write)
    for one in different:
        print(one if not write else f"{one.page}: rewritten: {one.example.source}")
    return 0 if write or not different else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
