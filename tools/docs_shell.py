"""Runs `superbill` commands in children of one process that has the program loaded: as new each time, and quick.

`python -m tools.docs_shell` reads one request per line, JSON of {"args", "cwd", "env"}, forks, runs the command there
and answers one line, JSON of {"code", "printed"}.
"""

import gc
import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

# Modules that do something when they are loaded: the program itself, and what a server of others opens a database by.
STARTED = ("superbill.__main__", "superbill.app.web.wsgi")


class Shell:
    """The process behind `run`; a context manager that ends it."""

    def __init__(self) -> None:
        root = Path(__file__).parents[1]
        environment = os.environ | {"PYTHONPATH": str(root)}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tools.docs_shell"],
            cwd=root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, args: list[str], cwd: Path, env: dict[str, str]) -> tuple[int, str]:
        """Exit code and what `superbill ARGS` printed, errors included."""
        assert self._process.stdin is not None and self._process.stdout is not None
        print(json.dumps({"args": args, "cwd": str(cwd), "env": env}), file=self._process.stdin, flush=True)
        answer = json.loads(self._process.stdout.readline())
        return answer["code"], answer["printed"]

    def __enter__(self) -> "Shell":
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)


def serve() -> None:
    """Answer requests until there are no more."""
    from superbill.app.boot import prepare
    from superbill.cli.root import main

    prepare()
    _load_everything()
    for line in sys.stdin:
        request = json.loads(line)
        with tempfile.TemporaryFile() as kept:
            child = os.fork()
            if child == 0:
                _become(request, kept.fileno())
                main(request["args"])
            _, status = os.waitpid(child, 0)
            kept.seek(0)
            printed = kept.read().decode()
        print(json.dumps({"code": os.waitstatus_to_exitcode(status), "printed": printed}), flush=True)


def _load_everything() -> None:
    """Every module of the program, the migrations too: what a child loads by itself, it loads for every command."""
    import superbill

    for module in pkgutil.walk_packages(superbill.__path__, "superbill."):
        if module.name not in STARTED:
            importlib.import_module(module.name)
    gc.freeze()  # a child's collector leaves alone what it shares with this process


def _become(request: dict[str, Any], output: int) -> None:
    os.chdir(request["cwd"])
    os.environ.clear()
    os.environ.update(request["env"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (output, 1), (output, 2)):
        os.dup2(source, target)


if __name__ == "__main__":
    serve()
