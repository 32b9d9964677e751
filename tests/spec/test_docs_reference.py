"""The reference says what the code says, the manual builds without a warning, and its links and pictures hold."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest
from tools import docs_findings, docs_reference, docs_tables

from superbill.codesets.carc.lookup import all_reasons
from superbill.edits import RULES
from superbill.ledger.accounts import Account

ROOT = docs_reference.ROOT
REFERENCE = ROOT / "docs" / "reference"


@pytest.mark.parametrize("page", docs_reference.pages(), ids=lambda page: page.name)
def test_a_generated_page_is_what_the_code_says(page):
    text = page.read_text("utf-8")
    assert docs_reference.rebuilt(text) == text, "behind the code: python -m tools.docs_reference --write"


def test_every_generated_part_stands_on_some_page():
    found = [
        match["name"] for page in docs_reference.pages() for match in docs_reference.PART.finditer(page.read_text())
    ]
    assert sorted(found) == sorted(docs_reference.PARTS)


def test_every_rule_reason_and_account_is_on_its_page():
    edits = (REFERENCE / "edits.md").read_text("utf-8")
    assert [rule for rule in RULES if f"`{rule}`" not in edits] == []
    reasons = (REFERENCE / "adjustment-reasons.md").read_text("utf-8")
    assert [code for code in all_reasons() if f"| {code} |" not in reasons] == []
    accounts = (REFERENCE / "accounts.md").read_text("utf-8")
    assert [one for one in Account if f"| `{one.value}` |" not in accounts] == []


def test_the_findings_page_knows_rules_of_every_kind():
    ids = {rule for rule, _, _ in docs_findings.rows()}
    assert {
        "chart.broken-json",
        "coding.no-diagnosis",
        "claims.payer-unknown",
        "x12.se.count",
        "doctor.unbalanced",
    } <= ids
    assert {"remit.trace-number-again", "pricing.no-charge", "receive.not-an-answer", "answer.unknown-claim"} <= ids


def test_a_field_without_a_description_stops_the_reference(monkeypatch, tmp_path):
    words = docs_tables.FIELDS.read_text("utf-8").replace("statement_minimum =", "statement_maximum =")
    monkeypatch.setattr(docs_tables, "FIELDS", tmp_path / "fields.toml")
    docs_tables.FIELDS.write_text(words)
    with pytest.raises(ValueError, match=r"statement_maximum.*statement_minimum"):
        docs_tables.site_file()


def test_the_manual_builds_without_a_warning(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html", "docs", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "tutorial" / "first-visit.html").exists()


@pytest.mark.parametrize("name", ["README.md", "CHANGELOG.md"])
def test_links_outside_the_manual_lead_somewhere(name):
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (ROOT / name).read_text("utf-8"))
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).exists()] == []


def test_the_screenshot_is_small():
    assert 10_000 < (ROOT / "docs" / "images" / "statement.png").stat().st_size <= 150_000


def test_the_architecture_picture_is_drawn_for_light_and_dark_and_loads_nothing():
    text = (ROOT / "docs" / "images" / "architecture.svg").read_text("utf-8")
    tree = ET.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    assert tree.find(f"{space}title") is not None and tree.find(f"{space}desc") is not None
    assert "prefers-color-scheme:dark" in text
    assert not re.search(r"href|url\(\s*['\"]?https?:|@import|<script", text)
    rooms = {node.text for node in tree.iter(f"{space}text") if node.get("class") == "name"}
    assert {"chart", "coding", "claims", "edits", "x12", "connectors", "payer", "remits", "ledger", "forms"} <= rooms


def test_the_readme_says_there_is_no_license_only_while_there_is_none():
    says_so = "No license has been granted" in (ROOT / "README.md").read_text("utf-8")
    assert says_so == (not list(ROOT.glob("LICENSE*")))
