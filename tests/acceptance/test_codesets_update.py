"""`superbill codesets` at the shell: updating from a server that keeps the official files, and every other verb."""

import functools
import http.server
import json
import threading
from pathlib import Path

import pytest
from click.testing import CliRunner

from superbill.cli.root import root

CODESETS = Path(__file__).parents[3] / "shared" / "data" / "codesets"
pytestmark = [
    pytest.mark.shared_data,
    pytest.mark.skipif(not CODESETS.is_dir(), reason="../shared/data/codesets is not here"),
]


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format, *args):
        """Says nothing."""


@pytest.fixture(scope="module")
def address():
    """A server on this machine that serves the folder of official files."""
    handler = functools.partial(Quiet, directory=str(CODESETS))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("codesets") / "store"


def run(folder, *arguments):
    return CliRunner().invoke(root, ["codesets", *arguments, "--codesets", str(folder)])


@pytest.fixture(scope="module")
def updated(folder, address):
    """The store after one update on 1 September 2026 from that server."""
    return run(folder, "update", "--from", address, "--on", "2026-09-01", "--json")


def test_update_takes_what_the_server_has_and_tells_what_it_lacks(folder, updated):
    assert updated.exit_code == 1  # editions that the server doesn't keep
    done = {each["edition"]["title"]: each for each in json.loads(updated.stdout)}
    taken = done["ICD-10-CM FY2026 order file"]["outcome"]["taken"]
    assert [release["effective"] for release in taken] == ["2025-10-01", "2024-10-01"]
    assert "can't be downloaded" in done["ICD-10-CM FY2027 order file"]["problem"]
    assert done["ICD-10-CM FY2027 order file"]["outcome"] is None
    names = {release["system"] for release in json.loads(run(folder, "list", "--json").stdout)}
    assert {"icd10cm", "icd10cm-tabular", "icd10pcs", "poa-exempt", "icd10cm-conversion"} <= names


def test_update_again_asks_only_for_what_is_missing(folder, address, updated):
    again = run(folder, "update", "--from", address, "--on", "2026-09-01")
    assert "FY2026" not in again.stdout
    assert "FY2027" in again.stdout


def test_a_base_that_is_no_web_address(folder, updated):
    refused = run(folder, "update", "--from", "file:///etc")
    assert refused.exit_code != 0
    assert "no http or https address" in str(refused.exception)


def test_diff_says_what_replaces_what(folder, updated):
    shown = run(folder, "diff", "icd10cm-2024-10-01-r1", "icd10cm-2025-10-01-r1", "--kind", "header").stdout
    assert "E78.01" in shown
    assert "E78.010 E78.011 E78.019" in shown


def test_impact_on_rules_of_ours_and_of_payers(folder, updated, tmp_path):
    """FY2026 splits G35 and E78.01: our groups of chronic illnesses are told, and a payer's own file."""
    payer = tmp_path / "payer.toml"
    payer.write_text('[[rule]]\ncovers = ["E78.01", "I10"]\n')
    arguments = ("icd10cm-2024-10-01-r1", "icd10cm-2025-10-01-r1", "--rules", str(payer), "--json")
    told = json.loads(run(folder, "impact", *arguments).stdout)
    assert all(each["change"]["kind"] in ("deleted", "header", "revised", "billable") for each in told)
    places = {(each["use"]["where"], each["use"]["code"]) for each in told}
    assert (f"{payer}:2", "E78.01") in places
    assert any(where.startswith("coding/data/groups.yaml") and code == "G35" for where, code in places)
    assert not any(code == "I10" for _, code in places)


def test_verify_and_list(folder, updated):
    checked = run(folder, "verify", "--json")
    assert checked.exit_code == 0
    assert set(json.loads(checked.stdout).values()) == {""}
    assert "icd10pcs-2025-10-01-r1" in run(folder, "list").stdout


def test_import_says_what_came_and_what_was_passed_over(tmp_path):
    said = run(tmp_path, "import", str(CODESETS / "POAexemptCodesFY26.zip")).stdout
    assert "poa-exempt-2025-10-01-r1: from 2025-10-01 on, 38,349 exempt" in said
    assert "passed over: POAexemptCodesFY26.zip/ReadMePOAexemptFY26.txt" in said
    assert "was here already" in run(tmp_path, "import", str(CODESETS / "POAexemptCodesFY26.zip")).stdout
