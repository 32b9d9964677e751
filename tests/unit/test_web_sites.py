"""`--site` with a folder: a site file for each practice, with the contracts and payers that lie beside them."""

from importlib.resources import files

import pytest
from django.conf import settings
from tests.portal_samples import settings_kept

from superbill.app.session import BadInput, site_files
from superbill.app.web import sites
from superbill.cli.serve import settle


@pytest.fixture
def folder(tmp_path):
    """The demo clinic's files: its site, contracts, payers and charges, as somebody copies them."""
    for place in (files("superbill.demo"), files("superbill.demo") / "clinic"):
        for file in place.iterdir():
            if file.is_file() and file.name.endswith((".toml", ".csv")):
                (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_a_folder_of_site_files_holds_their_contracts_too(folder):
    there = (folder / "site.toml").read_text()
    (folder / "b-second.toml").write_text(there.replace('key = "lakeland"', 'key = "hillside"', 1))
    assert len(list(folder.glob("*.toml"))) > 4

    with settings_kept():
        settle("superbill.db", folder, None, None)
        assert folder == settings.SUPERBILL_SITE
        known = {key: sites.site_of(key) for key in ("lakeland", "hillside", "nowhere")}

    assert {key: site and site.practice.key for key, site in known.items()} == {
        "lakeland": "lakeland", "hillside": "hillside", "nowhere": None,
    }  # fmt: skip
    assert known["lakeland"].contracts


def test_a_folder_of_contracts_alone_is_told_at_the_start_with_what_to_put_there(folder):
    (folder / "site.toml").unlink()

    with (
        settings_kept(),
        pytest.raises(BadInput, match=r"none of the files in this folder is a site.*\[practice\]"),
    ):
        settle("superbill.db", folder, None, None)


def test_a_file_that_is_no_toml_is_named_by_whoever_opens_it(folder):
    (folder / "broken.toml").write_text("[practice\n")

    assert folder / "broken.toml" in site_files(folder)
