"""Twenty people at the pages for two minutes: each signs in, then opens lists and records as fast as a person reads.

    python -m bench web_load   (SUPERBILL_BENCH_DB=a demo's database; SUPERBILL_BENCH_SECONDS, SUPERBILL_BENCH_PEOPLE)

Against `superbill serve`, and against gunicorn where it is installed; milliseconds on loopback, seen by the browser.
"""

import contextlib
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from http.cookiejar import CookieJar
from pathlib import Path
from statistics import quantiles

PEOPLE, SECONDS, PAUSE = 20, 120, (0.5, 1.5)
PATHS = (
    "claims", "claims?state=denied", "visits", "payments", "payments/1", "accounts", "accounts/1", "accounts/1/journal",
    "claims/A1001P1", "claims/A1001P1/837", "visits/A1001", "denials", "today", "jobs",
)  # fmt: skip
LOG_INS = ("biller", "manager")


def main() -> None:
    """Copy the demo, serve it, and ask."""
    given = os.environ.get("SUPERBILL_BENCH_DB", "out/superbill.db")
    if not Path(given).is_file():
        sys.exit(f"{given}: no demo's database. Make one: superbill demo, or name one in SUPERBILL_BENCH_DB.")
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "out"
        shutil.copytree(Path(given).parent, folder)
        database = folder / Path(given).name
        passwords = folder / "passwords"
        options = ["--db", str(database), "--demo-users", "--password-file", str(passwords), "--port", "0"]
        serve = [sys.executable, "-m", "superbill", "serve", *options]
        _measure("superbill serve", serve, "stdout", {}, passwords)
        gunicorn = Path(sys.executable).with_name("gunicorn")
        if gunicorn.exists():
            ours = {
                "SUPERBILL_DB": str(database),
                "SUPERBILL_SITE": str(folder / "site.toml"),
                "SUPERBILL_SECRET_KEY_FILE": str(folder / "superbill.key"),
            }
            command = [str(gunicorn), "-c", "python:superbill.app.web.gunicorn", "--bind", "127.0.0.1:0"]
            _measure("gunicorn", command, "stderr", ours, passwords)


def _measure(name: str, command: list[str], says: str, more: dict[str, str], passwords: Path) -> None:
    """Start the server, let people work, print p50, p95, p99 and errors."""
    people = int(os.environ.get("SUPERBILL_BENCH_PEOPLE", PEOPLE))
    seconds = float(os.environ.get("SUPERBILL_BENCH_SECONDS", SECONDS))
    pipes = {says: subprocess.PIPE}
    with subprocess.Popen(command, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1", **more}, **pipes) as server:
        address = _address(getattr(server, says))
        known = dict(row.split() for row in passwords.read_text().splitlines())
        seen: list[tuple[float, int]] = []
        until = time.monotonic() + seconds
        threads = [
            threading.Thread(target=_person, args=(address, LOG_INS[n % len(LOG_INS)], known, n, until, seen))
            for n in range(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        server.terminate()
    times = [1000 * took for took, _ in seen]
    cuts = quantiles(times, n=100)
    errors = Counter(status for _, status in seen if status != 200)
    print(
        f"{name}: {people} people, {seconds:.0f} s, {len(seen):,} pages ({len(seen) / seconds:.1f}/s); "
        f"p50 {cuts[49]:.0f} ms, p95 {cuts[94]:.0f} ms, p99 {cuts[98]:.0f} ms; errors: {dict(errors) or 'none'}"
    )


def _address(lines: object) -> str:
    for line in lines:  # type: ignore[attr-defined]  # a pipe
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            threading.Thread(target=_drain, args=(lines,), daemon=True).start()
            return found[0]
    raise SystemExit("the server did not start")


def _drain(lines: object) -> None:
    """Read what the server says, so that it never waits for a reader."""
    with contextlib.suppress(ValueError):  # closed at the end
        for _ in lines:  # type: ignore[attr-defined]  # a pipe
            pass


def _person(
    address: str, name: str, known: dict[str, str], seed: int, until: float, seen: list[tuple[float, int]]
) -> None:
    """Sign in, then open one page after the other."""
    chance = random.Random(seed)
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    _ask(browser, f"{address}/sign-in", seen)
    while not _signed_in(browser, address, name, known[name]):
        time.sleep(chance.uniform(*PAUSE))
    while time.monotonic() < until:
        _ask(browser, f"{address}/p/lakeland/{chance.choice(PATHS)}", seen)
        time.sleep(chance.uniform(*PAUSE))


def _signed_in(browser: urllib.request.OpenerDirector, address: str, name: str, password: str) -> bool:
    """Sign in. False where too many try under this name at one moment, as ten people of one name do here."""
    page = browser.open(f"{address}/sign-in", timeout=60).read().decode()
    fields = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    field = "login" if 'name="login"' in page else "username"
    sent = urllib.parse.urlencode({**fields, field: name, "password": password}).encode()
    try:
        browser.open(urllib.request.Request(f"{address}/sign-in", sent, {"Referer": f"{address}/sign-in"}), timeout=60)
    except urllib.error.HTTPError as refused:
        if refused.code != 429:
            raise
        return False
    return True


def _ask(browser: urllib.request.OpenerDirector, address: str, seen: list[tuple[float, int]]) -> None:
    started = time.perf_counter()
    try:
        with browser.open(address, timeout=60) as answer:
            answer.read()
            status = answer.status if "/sign-in?" not in answer.url else 401
    except urllib.error.HTTPError as refused:
        status = refused.code
    except OSError:
        status = 0
    seen.append((time.perf_counter() - started, status))


if __name__ == "__main__":
    main()
