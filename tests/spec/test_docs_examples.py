"""Every example of the README and the manual runs and prints what its page shows."""

from collections.abc import Iterator

import pytest
from tools import docs_examples as docs
from tools.docs_shell import Shell

PAGES = [page for page in docs.pages() if any(block.examples for block in docs.blocks(page.read_text("utf-8")))]
MEND = "If the new output is right: python -m tools.docs_examples --write"

# What can't run here, and why.
NOT_TESTED = {
    "docs/how-to/code-sets.md": ["# not tested: the file comes from its publisher"],
    "docs/how-to/reference-tables.md": ["# not tested: the files come from CMS, the FDA and the NUCC"],
    "README.md": ["# not tested: makes an environment of its own and runs every test"],
    "docs/how-to/postgresql.md": [
        "# not tested: makes a database on your server; the tests run the app on a private one"
    ],
    "docs/how-to/serving.md": [
        "# not tested: serves until you stop it; the tests of the web pages start it this way",
        "# not tested: installs into your system",
    ],
    "docs/how-to/work-in-the-browser.md": [
        "# not tested: serves until you stop it; the tests of the web pages drive it"
    ],
    "docs/how-to/write-the-manual.md": ["# not tested: these run the checks that the tests run"],
}


def name_of(page):
    return page.relative_to(docs.ROOT).as_posix()


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Iterator[docs.Demo]:
    with Shell() as shell:
        yield docs.run_demo(tmp_path_factory.mktemp("docs") / "demo", shell)


@pytest.mark.xdist_group("docs")
@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_the_examples_of_a_page_print_what_it_shows(page, demo, tmp_path):
    different = docs.run_page(page, tmp_path / "page", demo)
    assert not different, "\n".join(map(str, [*different, MEND]))


def test_what_is_not_tested_is_listed_with_its_reason():
    found = {
        name_of(page): skipped
        for page in docs.pages()
        if (skipped := [block.skipped for block in docs.blocks(page.read_text("utf-8")) if block.skipped])
    }
    assert found == NOT_TESTED


def test_no_page_shows_a_traceback():
    assert [name_of(page) for page in docs.pages() if "Traceback" in page.read_text("utf-8")] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_a_block_that_is_no_example_is_not_taken_for_one(page):
    """A block in another language, or one with a word after `console`, would go unrun."""
    for line in page.read_text("utf-8").splitlines():
        if line.startswith("```"):
            assert line in ("```", "```console", "```python", "```text", "```toml", "```ini", "```nginx"), line


@pytest.mark.parametrize(
    "shown, printed",
    [
        ("a\nb\n", "a\nb\n"),
        ("a  \n", "a\n"),
        ("done in 3.2 s\n", "done in 17.9 s\n"),
        ("file … of 3\n", "file 12 of 3\n"),
        ("a\n…\nz\n", "a\nb\nc\nz\n"),
        ("", ""),
    ],
)
def test_what_counts_as_the_same(shown, printed):
    assert docs.same(shown, printed)


@pytest.mark.parametrize(
    "shown, printed",
    [
        ("a\n", "b\n"),
        ("a\n", "a\nb\n"),
        ("$1.00\n", "$1.01\n"),
        ("", "Error: no such file\n"),
        ("file … of 3\n", "file 12\nof 3\n"),
        ("a\n", "a\n[exit 1]\n"),
    ],
)
def test_what_does_not(shown, printed):
    assert not docs.same(shown, printed)


def test_commands_and_their_output_are_told_apart():
    text = (
        "Text\n\n```console\n$ one \\\n> --more\nprinted\n$ two\n```\n\n```python\nprint(1)\n```\n\n```text\n1\n```\n"
    )
    console, python = docs.blocks(text)
    assert [(e.source, e.shown) for e in console.examples] == [("one \\\n--more", "printed\n"), ("two", "")]
    assert [(e.source, e.shown) for e in python.examples] == [("print(1)\n", "1\n")]


def test_a_wrong_page_is_found_and_mended(tmp_path, monkeypatch):
    monkeypatch.setattr(docs, "ROOT", tmp_path)
    (tmp_path / "src").mkdir()
    (tmp_path / "demo").mkdir()
    page = tmp_path / "page.md"
    page.write_text("# P\n\n```console\n$ echo now\nthen\n$ false\n```\n\nAfter.\n")
    demo = docs.Demo(tmp_path / "demo", "", shell=None)  # no example of this page needs it
    assert [one.printed for one in docs.run_page(page, tmp_path / "a", demo)] == ["now\n", "[exit 1]\n"]
    docs.run_page(page, tmp_path / "b", demo, write=True)
    assert page.read_text() == "# P\n\n```console\n$ echo now\nnow\n$ false\n[exit 1]\n```\n\nAfter.\n"
    assert docs.run_page(page, tmp_path / "c", demo) == []
