"""The texts of the pages: all of them can be translated, and the catalog has them."""

import re

from tools.messages import APP, CATALOG, catalog

TAGS = re.compile(
    r"{% block kind %}.*?{% endblock %}|{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
MARKUP = re.compile(r"<!--.*?-->|<script.*?</script>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'\b(?:aria-label|placeholder|title|alt|data-does)="([^"]*)"')
WORDS = re.compile(r"[A-Za-z]{2,}(?:[ ’'-][A-Za-z]+)*")
# Names of forms, files and keys, which are the same in every language.
NAMES = {
    "Superbill", "X12", "CMS-1500", "UB-04", "ADA", "PDF", "CSV", "Esc", "Enter", "Ctrl", "UTC", "csv", "jsonl", "GS",
    "NDC", "ICN", "MBI", "NPI", "TIN", "EFT", "EIN", "SSN", "EDI", "ZIP", "CPT", "HCPCS", "ICD-CM", "DRG", "MDM", "ms",
    "MM", "DD", "YYYY", "YYYY MM", "CA", "CMS", "UB", "ICD", "PCS", "HCC", "CO", "WO", "NSF", "Ctrl Enter",
}  # fmt: skip


def texts(source: str) -> set[str]:
    """Words of a template that stand outside of any tag of Django."""
    bare = TAGS.sub(" ", source)
    said = " ".join([*SPOKEN.findall(bare), MARKUP.sub(" ", bare)])
    said = re.sub(r"&[a-z]+;", " ", said)
    return {found for found in WORDS.findall(said) if found not in NAMES}


def test_the_catalog_has_every_text_and_no_other():
    assert CATALOG.read_text("utf-8") == catalog(), "python -m tools.messages --write"


def test_no_template_has_english_outside_of_a_translation():
    literal = {
        path.relative_to(APP).as_posix(): sorted(found)
        for path in sorted(APP.rglob("*.html"))
        if (found := texts(path.read_text("utf-8")))
    }
    assert literal == {}


def test_the_words_of_a_template_are_seen():
    assert texts('<p title="Close it">{{ x }} Hello {% translate "there" %}</p>') == {"Close it", "Hello"}
