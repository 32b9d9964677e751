"""What we call procedures and supplies: files that can be read, and nothing said twice."""

import msgspec
import pytest

from superbill.codesets import naming
from superbill.codesets.hcpcs import supplies
from superbill.codesets.icd10pcs import procedures


@pytest.mark.parametrize(("entries", "least"), [(procedures.entries, 1500), (supplies.entries, 400)])
def test_a_term_is_said_once(entries, least):
    terms = [term.casefold() for entry in entries() for term in entry.terms]
    assert len(terms) >= least
    assert sorted(set(terms)) == sorted(terms)


@pytest.mark.parametrize(
    "text",
    [
        "- {terms: [], means: nothing}",
        "- {terms: [CABG]}",
        "- {terms: [CABG], means: bypass, codes: ['02']}",
        "- {terms: [CABG], means: bypass, prefix: 021}",
    ],
)
def test_a_file_that_departs_from_the_schema_is_named(text, tmp_path, monkeypatch):
    (tmp_path / "names.yaml").write_text(text)
    monkeypatch.setattr(naming.resources, "files", lambda package: tmp_path)
    with pytest.raises(msgspec.ValidationError, match=r"names\.yaml: "):
        naming.read("anywhere", r"names\.yaml")
    (tmp_path / "names.yaml").write_text("- {terms: [CABG], means: bypass, codes: ['021']}")
    assert naming.read("anywhere", r"names\.yaml")[0].codes == ("021",)
