"""The pages behind gunicorn and a proxy, and the worker beside them, each as a process of its own."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.test import Client
from tests.app_samples import AT
from tests.web_samples import member_of

from superbill.app.accounts.actors import Scope
from superbill.app.accounts.permissions import Role
from superbill.app.accounts.queries import actor_for
from superbill.app.boot import disconnect
from superbill.app.jobs.actions import start
from superbill.app.jobs.models import Job

GUNICORN = shutil.which("gunicorn", path=Path(sys.executable).parent)


def environment(database, tmp_path, **more):
    (tmp_path / "secret").write_text("a" * 64)
    ours = {
        "SUPERBILL_DB": database.address,
        "SUPERBILL_SECRET_KEY_FILE": str(tmp_path / "secret"),
        "WEB_CONCURRENCY": "1",
    }
    return {**os.environ, **ours, **more}


def asked(address, **headers):
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=60) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.headers, refused.read()


def test_the_health_address_says_a_word_to_anybody(database):
    answer = Client(headers={"host": "localhost"}).get("/healthy")
    assert (answer.status_code, answer.content) == (200, b"well\n")
    assert not answer.cookies


@pytest.mark.skipif(GUNICORN is None, reason="gunicorn is an extra")
@pytest.mark.parametrize("proxy", [None, "1"])
def test_gunicorn_serves_the_pages_and_believes_a_proxy_only_when_told(database, practice, tmp_path, proxy):
    more = {"SUPERBILL_HTTPS": "1", **({"SUPERBILL_PROXY": proxy} if proxy else {})}
    server = subprocess.Popen(
        [GUNICORN, "-c", "python:superbill.app.web.gunicorn", "--bind", "127.0.0.1:0"],
        env=environment(database, tmp_path, **more), stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = ""
        while not (found := re.search(r"Listening at: (http://127\.0\.0\.1:\d+)", said)):
            line = server.stderr.readline()
            assert line, said
            said += line
        assert asked(f"{found[1]}/healthy")[0] == 200
        plain, claimed = asked(f"{found[1]}/sign-in"), asked(f"{found[1]}/sign-in", **{"X-Forwarded-Proto": "https"})
        assert plain[0] == claimed[0] == 200
        assert "default-src 'none'" in plain[1]["Content-Security-Policy"]
        assert "Secure" in plain[1]["Set-Cookie"]
        assert plain[1]["Strict-Transport-Security"] is None
        assert (claimed[1]["Strict-Transport-Security"] is not None) == bool(proxy)
        sheet = re.search(rb"/static/[0-9a-f]{12}/app\.css", plain[2])
        assert asked(found[1] + sheet[0].decode())[0] == 200
        assert asked(f"{found[1]}/sign-in", Host="evil.example")[0] == 400
    finally:
        server.send_signal(signal.SIGTERM)
        server.stderr.read()
        assert server.wait(30) == 0


def test_the_worker_finishes_the_job_at_hand_when_it_is_told_to_end(database, practice, tmp_path):
    manager = actor_for(member_of(practice, "manager", Role.MANAGER), practice.pk)
    jobs = [start(manager, "export", at=AT, form="csv"), start(manager, "tasks", at=AT)]
    disconnect()
    worker = subprocess.Popen(
        [sys.executable, "-m", "superbill", "worker", "--db", database.address],
        env={**environment(database, tmp_path), "SUPERBILL_FILES": str(tmp_path / "files"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    rows = Scope(practice.pk).rows(Job)
    deadline = time.monotonic() + 60
    while rows.filter(pk=jobs[0], state="waiting").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    said, _ = worker.communicate(timeout=60)
    assert worker.returncode == 0
    assert re.search(r"[12] jobs done", said)
    assert rows.get(pk=jobs[0]).state == "done", rows.get(pk=jobs[0]).message
    assert rows.get(pk=jobs[1]).state in ("waiting", "done")
    assert len(list((tmp_path / "files" / "jobs" / str(jobs[0])).glob("*.zip"))) == 1
