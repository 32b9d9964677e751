"""A note's file is read to the text that a person sees, whatever its kind."""

import pytest

from superbill.chart.text.document import read_document

RTF = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0 Arial;}}{\*\generator Writer;}{\info{\author Nobody}}\uc1\pard\b "
    rb"ASSESSMENT:\b0\par 1. Sj\'f6gren\rquote s, \u946?-blocker 5 \{mg\}\par\trowd BP\cell 120/80\cell\row "
    rb"{\v hidden}{\pict 89504e47}{\field{\*\fldinst HYPERLINK x}{\fldrslt link}}\u55357?\u56832?}"
)
CDA = """<?xml version="1.0" encoding="UTF-8"?><ClinicalDocument xmlns="urn:hl7-org:v3"><title>Visit</title><component>
<structuredBody><component><section><title>Assessment</title><text><list listType="ordered"><item>Hypertension</item>
<item><content>Diabetes <sub>2</sub></content></item></list><table><tbody><tr><td>Lisinopril</td><td>10 mg</td></tr>
</tbody></table></text><entry><observation><text>not this</text></observation></entry><component><section>
<title>Plan</title><text>Rest<br/>Ice</text></section></component></section></component></structuredBody></component>
</ClinicalDocument>"""
HTML = b"""<!DOCTYPE html><html><head><title>N</title></head><body><h1>Assessment &amp; Plan</h1><ol><li>Hypertension
<ul><li>lisinopril</li></ul></li><li><p>Diabetes</p></li></ol><p>BP &lt; 140<br>line <b>two</b></p><table><tr>
<th>BP</th><td>120/80</td></tr></table><script>gone()</script><!-- gone --></body></html>"""


def test_rtf_gives_its_words_tables_as_rows_and_nothing_of_its_look():
    read = read_document(RTF)
    assert (read.kind, read.findings) == ("rtf", ())
    assert read.text == "ASSESSMENT:\n1. Sjögren’s, β-blocker 5 {mg}\nBP | 120/80 |\nlink😀\n"


def test_html_gives_blocks_as_lines_lists_with_marks_and_rows():
    read = read_document(HTML)
    assert read.kind == "html"
    assert read.text == (
        "Assessment & Plan\n\n1. Hypertension\n  - lisinopril\n2. Diabetes\n\nBP < 140\nline two\n\nBP | 120/80\n"
    )


def test_a_clinical_document_gives_every_sections_title_and_narrative_and_no_entries():
    read = read_document(CDA.encode())
    assert (read.kind, read.findings) == ("ccda", ())
    assert read.text == ("Assessment\n\n1. Hypertension\n2. Diabetes 2\n\nLisinopril | 10 mg\n\nPlan\n\nRest\nIce\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_text_is_read_without_a_finding(encoding):
    read = read_document("Fever since Monday, 38.2 °C\r\nno cough\r".encode(encoding))
    assert (read.text, read.kind, read.findings) == ("Fever since Monday, 38.2 °C\nno cough\n", "plain", ())


def test_old_windows_text_is_read_with_a_warning():
    read = read_document("Ménière’s disease".encode("cp1252"), "note.txt")
    assert read.text == "Ménière’s disease"
    assert [finding.rule for finding in read.findings] == ["chart.wrong-encoding"]


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "chart.empty-file"),
        (b" \r\n\x00", "chart.empty-file"),
        (b"{\\rtf1}", "chart.empty-file"),
        (b"%PDF-1.7 ...", "chart.not-text"),
        (b"PK\x03\x04....", "chart.not-text"),
        (bytes(range(32)) * 20, "chart.not-text"),
        (b"<?xml version='1.0'?><Invoice/>", "chart.not-text"),
        (b"<ClinicalDocument><component>", "chart.broken-xml"),
        (b"<!DOCTYPE c [<!ENTITY a 'b'>]><ClinicalDocument>&a;</ClinicalDocument>", "chart.document-type"),
        (b"<ClinicalDocument>\x01</ClinicalDocument>", "chart.broken-xml"),
    ],
    ids=[
        "nothing",
        "blanks",
        "rtf without words",
        "pdf",
        "zip",
        "bytes",
        "other xml",
        "cut off",
        "entities",
        "control",
    ],
)
def test_what_is_no_note_says_so_with_its_place_and_a_fix(data, rule):
    read = read_document(data, "visit.dat")
    assert [finding.rule for finding in read.findings] == [rule]
    assert str(read.findings[0]).startswith("visit.dat: ")
    assert read.findings[0].fix
    assert not read.text.strip()


def test_a_note_that_speaks_of_less_than_is_no_html():
    assert read_document(b"A1c <p7 is the goal & BP <140").kind == "plain"


def test_broken_markup_is_read_as_far_as_it_goes():
    assert read_document(b"<html><p>Hypertension<p>Pain < 5 <b").text == "Hypertension\n\nPain < 5 <b\n"
    assert read_document(rb"{\rtf1 {\b Hypertension\par {{{Diabetes").text == "Hypertension\nDiabetes\n"


def test_lone_surrogates_and_deep_braces_do_no_harm():
    assert read_document(rb"{\rtf1 a\u55357? b}").text == "a� b\n"
    assert read_document(b"{\\rtf1" + b"{" * 50_000 + b"x").text == "x\n"
