"""ICD-10-PCS: what the tables, the definitions and the Index are read to, what is refused, and a code built by axes."""

from datetime import date
from pathlib import Path

import pytest
from tests.codesets_samples import drafts, order_file, store_of

from superbill.codesets.icd10pcs.definitions import DefinitionsLayout
from superbill.codesets.icd10pcs.index import PcsIndexLayout
from superbill.codesets.icd10pcs.labels import axis, headings, told_apart
from superbill.codesets.icd10pcs.lookup import PcsBook, book
from superbill.codesets.icd10pcs.navigate import PcsIndex
from superbill.codesets.icd10pcs.tables import TablesLayout
from superbill.codesets.release import Refused
from superbill.codesets.sources import Source
from superbill.codesets.store import Store

IN_FORCE = date(2030, 9, 30)
HEAD = "<?xml version='1.0'?>\n<ICD10PCS.{}>\n  <version>2030</version>\n"


def axis_xml(pos: int, title: str, values: dict[str, str], extra: str = "") -> str:
    labels = "".join(f'<label code="{code}">{label}</label>' for code, label in values.items())
    return f'<axis pos="{pos}" values="{len(values)}"><title>{title}</title>{labels}{extra}</axis>\n'


def tables_xml(count: int = 4, approaches: dict[str, str] | None = None) -> str:
    approaches = approaches or {"0": "Open way", "4": "Scope way"}
    row = (
        axis_xml(4, "Body Part", {"J": "Worm, Left", "Q": "Worm, Right"})
        + axis_xml(5, "Approach", approaches)
        + axis_xml(6, "Device", {"Z": "Nothing"})
        + axis_xml(7, "Qualifier", {"Z": "Nothing more"})
    )
    head = (
        axis_xml(1, "Section", {"0": "Cutting"})
        + axis_xml(2, "Body System", {"D": "Gut"})
        + axis_xml(3, "Operation", {"T": "Wholly Out"}, "<definition>All of it goes</definition>")
    )
    return (
        HEAD.format("tabular")
        + f'<pcsTable>\n{head}<pcsRow codes="{count}">\n{row}</pcsRow></pcsTable>\n'
        + ("</ICD10PCS.tabular>")
    )


DEFINITIONS = HEAD.format("definitions") + (
    '<section code="0"><title>Cutting</title><axis pos="3"><title>Operation</title><terms><title>Wholly Out</title>'
    "<definition>Taking all of it</definition><explanation>Leaving none</explanation></terms></axis>"
    '<axis pos="4"><title>Body Part</title><terms><title>Worm, Left</title><title>Worm, Right</title>'
    "<includes>Tail</includes><includes>Tip</includes></terms></axis></section></ICD10PCS.definitions>"
)
INDEX = HEAD.format("index") + (
    "<letter><title>W</title><mainTerm><title>Wormectomy</title><see>Wholly Out, Gut<tab>0DT</tab></see></mainTerm>"
    '<mainTerm><title>Wholly Out</title><term level="1"><title>Worm</title><term level="2"><title>Left</title>'
    '<code>0DTJ0ZZ</code></term><term level="2"><title>Right</title><codes>0DTQ</codes></term></term>'
    '<term level="1"><use>Worm, Left</use></term></mainTerm></letter></ICD10PCS.index>'
)
ORDER = order_file(
    [
        ("0D1", "Gut Organs, Detour"),
        ("0D1J0ZZ", "Detour of Left Worm, Open Approach"),
        ("0DT", "Gut Organs, Resection"),
        ("0DTJ0ZZ", "Resection of Left Worm Organ, Open Approach"),
        ("0DTJ4ZZ", "Resection of Left Worm Organ, Scoped Approach"),
        ("0DTQ0ZZ", "Resection of Right Worm Organ, Open Approach"),
        ("0DTQ0ZX", "Resection of Right Worm Organ, Open Approach, Peeking"),
        ("BW2", "Imaging, Regions, Head Scan"),
        ("BW20ZZZ", "Head Scan of Abdomen"),
    ]
)


def source(text: str | bytes, name: str = "icd10pcs_2030.xml") -> Source:
    return Source(name, text if isinstance(text, bytes) else text.encode())


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Store:
    """A store with the order file alone."""
    return store_of(tmp_path_factory.mktemp("bare") / "store", ("icd10pcs_order_2030.txt", ORDER))


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Store:
    """A store with the tables, definitions and Index too."""
    return store_of(
        tmp_path_factory.mktemp("full") / "store",
        ("icd10pcs_order_2030.txt", ORDER), ("tables.xml", tables_xml()), ("definitions.xml", DEFINITIONS),
        ("index.xml", INDEX),
    )  # fmt: skip


# --- reading --------------------------------------------------------------------------------------------------------


def test_tables_come_in_label_by_label(tmp_path: Path) -> None:
    assert TablesLayout().recognizes(source(tables_xml()))
    assert not TablesLayout().recognizes(source(INDEX))
    (draft,) = drafts(TablesLayout(), source(tables_xml(), "tables.xml"), tmp_path)
    assert (draft.release.version, draft.release.effective, draft.release.until) == (
        "2030", date(2029, 10, 1), IN_FORCE,
    )  # fmt: skip
    labels, definitions = draft.tables
    assert ("0DT", 0, 3, "T", "Wholly Out", "Operation") in list(labels.rows)
    assert ("0DT", 1, 4, "Q", "Worm, Right", "Body Part") in list(labels.rows)
    assert len(list(labels.rows)) == 9
    assert list(definitions.rows) == [("0DT", "All of it goes")]


@pytest.mark.parametrize(
    ("layout", "text", "says"),
    [
        (TablesLayout(), tables_xml()[:-40], "icd10pcs_2030.xml:13: is not whole XML"),
        (TablesLayout(), tables_xml().replace("way</label>", "w\xe4y</label>", 1).encode("latin-1"), "not whole XML"),
        (TablesLayout(), tables_xml(5), "table 0DT, row 1, not the 5 codes"),
        (TablesLayout(), tables_xml(2, {"0": "Open", "O": "Oh"}), "axis '5', values that are none"),
        (TablesLayout(), tables_xml().replace('pos="6"', 'pos="5"'), "table 0DT, row 1"),
        (TablesLayout(), tables_xml().replace('pos="2"', 'pos="3"'), "first three characters aren't fixed"),
        (TablesLayout(), tables_xml().replace("ICD10PCS.tabular", "ICD10PCS.index"), "begins with ICD10PCS.index"),
        (TablesLayout(), HEAD.format("tabular") + "</ICD10PCS.tabular>", "has no table"),
        (DefinitionsLayout(), DEFINITIONS.replace('code="0"', 'code="I"'), "section 'I', axis '3'"),
        (DefinitionsLayout(), DEFINITIONS.replace("<title>Wholly Out</title>", ""), "a definition of nothing"),
        (DefinitionsLayout(), HEAD.format("definitions") + "</ICD10PCS.definitions>", "has no definition"),
        (PcsIndexLayout(), INDEX.replace("0DTQ<", "0DIQ<"), "with the code '0DIQ'"),
        (PcsIndexLayout(), HEAD.format("index") + "</ICD10PCS.index>", "has no term"),
    ],
)
def test_what_is_refused(tmp_path: Path, layout, text, says) -> None:
    with pytest.raises(Refused) as refused:
        drafts(layout, source(text), tmp_path)
    assert says in str(refused.value)


def test_a_table_twice_is_refused(tmp_path: Path) -> None:
    text = tables_xml()
    twice = text.replace("</ICD10PCS.tabular>", text[text.index("<pcsTable>") :])
    with pytest.raises(Refused, match="has the table 0DT twice"):
        drafts(TablesLayout(), source(twice), tmp_path)


def test_a_file_without_its_year_is_refused(tmp_path: Path) -> None:
    text = tables_xml().replace("<version>2030</version>", "")
    with pytest.raises(Refused, match="doesn't say its year"):
        drafts(TablesLayout(), source(text, "tables.xml"), tmp_path)
    (draft,) = drafts(TablesLayout(), source(text, "tables.xml"), tmp_path, date(2031, 4, 1))
    assert (draft.release.version, draft.release.effective) == ("2031", date(2031, 4, 1))


def test_the_index_leads_to_tables_and_codes(full: Store) -> None:
    rows = full.in_force("icd10pcs-index", IN_FORCE).connection.execute(
        "SELECT level, path, relation, reference, code FROM term ORDER BY id"
    )
    assert list(rows) == [
        (0, "Wormectomy", "see", "Wholly Out, Gut", "0DT"),
        (0, "Wholly Out", "", "", ""),
        (1, "Wholly Out, Worm", "", "", ""),
        (2, "Wholly Out, Worm, Left", "", "", "0DTJ0ZZ"),
        (2, "Wholly Out, Worm, Right", "", "", "0DTQ"),
        (1, "Wholly Out", "use", "Worm, Left", ""),
    ]


# --- looking up -----------------------------------------------------------------------------------------------------


def test_a_code_and_a_header(bare: Store) -> None:
    on = PcsBook(bare, IN_FORCE)
    assert on.exact
    assert on.valid("0dtj 0zz")
    assert on.code("0DT").billable is False
    assert not on.valid("0DT")
    assert on.code("0DTJ0Z") is None


@pytest.mark.parametrize(
    ("day", "exact"),
    [(date(2029, 9, 30), False), (date(2029, 10, 1), True), (IN_FORCE, True), (date(2030, 10, 1), False)],
)
def test_a_code_set_is_of_its_fiscal_year(bare: Store, day: date, exact: bool) -> None:
    assert PcsBook(bare, day).exact is exact


def test_a_code_is_valid_by_the_day_of_discharge(tmp_path: Path) -> None:
    rows = [("0DT", "Gut, Resection"), ("0DTJ0ZZ", "Resection of Worm, Open"), ("0DTQ0ZZ", "Resection of Tail, Open")]
    store = store_of(
        tmp_path / "store",
        ("icd10pcs_order_2030.txt", order_file(rows)),
        ("icd10pcs_order_2031.txt", order_file([*rows[:2], ("0DTR0ZZ", "Resection of Root, Open")])),
    )
    before, after = book(store, IN_FORCE), book(store, date(2030, 10, 1))
    assert (before.valid("0DTQ0ZZ"), after.valid("0DTQ0ZZ")) == (True, False)
    assert (before.valid("0DTR0ZZ"), after.valid("0DTR0ZZ")) == (False, True)
    assert [value.character for value in after.values("0DT")] == ["J", "R"]


def test_values_without_tables_have_our_words_or_what_sets_titles_apart(bare: Store) -> None:
    on = PcsBook(bare, IN_FORCE)
    assert [(value.character, value.label) for value in on.values("")] == [
        ("0", "Medical and Surgical"), ("B", "Imaging"),
    ]  # fmt: skip
    assert [(value.character, value.label) for value in on.values("0")] == [("D", "Gut Organs")]
    operation = on.values("0D")[1]
    assert (operation.character, operation.label) == ("T", "Resection")
    assert operation.meaning.startswith("Cutting out all of a body part")
    assert [value.label for value in on.values("0DT")] == ["Left Worm Organ", "Right Worm Organ"]
    assert [value.label for value in on.values("0DTJ")] == ["Open", "Percutaneous Endoscopic"]
    assert [value.label for value in on.values("0DTQ0Z")] == ["Diagnostic", "No Qualifier"]
    assert [value.label for value in on.values("BW2")] == ["the only value"]
    assert on.values("0DTJ0ZZ") == ()
    assert on.values("0DX") == ()


def test_values_with_tables_have_their_labels_and_meanings(full: Store) -> None:
    on = PcsBook(full, IN_FORCE)
    assert [value.label for value in on.values("")] == ["Cutting", "Imaging"]  # B has no table here
    assert on.values("0D")[1].label == "Wholly Out"
    assert on.values("0D")[1].meaning == "Taking all of it. Leaving none"
    left, right = on.values("0DT")
    assert (left.label, left.meaning) == ("Worm, Left", "Includes: Tail; Tip")
    assert right.label == "Worm, Right"
    assert [value.label for value in on.values("0DTJ")] == ["Open way", "Scope way"]
    # The order file decides: the tables know no diagnostic resection, and 0DTQ4ZZ only they have.
    assert [value.character for value in on.values("0DTQ0Z")] == ["X", "Z"]
    assert [value.character for value in on.values("0DTQ")] == ["0"]


def test_a_tables_definition_stands_where_there_are_no_definitions(tmp_path: Path) -> None:
    store = store_of(tmp_path / "store", ("icd10pcs_order_2030.txt", ORDER), ("tables.xml", tables_xml()))
    assert PcsBook(store, IN_FORCE).values("0D")[1].meaning == "All of it goes"


def test_a_code_is_built_axis_by_axis(bare: Store) -> None:
    on = PcsBook(bare, IN_FORCE)
    step = on.build("0DT")
    assert ([value.character for value in step.chosen], step.axis, step.code) == (["0", "D", "T"], "Body Part", None)
    assert [value.character for value in step.values] == ["J", "Q"]
    whole = on.build("0DTQ0ZX")
    assert (whole.axis, whole.values, whole.code.title) == (
        "", (), "Resection of Right Worm Organ, Open Approach, Peeking",
    )  # fmt: skip
    assert on.build().axis == "Section"
    assert [code.code for code in on.complete("0DTQ")] == ["0DTQ0ZX", "0DTQ0ZZ"]
    assert on.complete("0X") == ()


@pytest.mark.parametrize(
    ("prefix", "says"),
    [
        ("0DTX", "X is no body part after '0DT'. Choose of J, Q."),
        ("9", "9 is no section after ''. Choose of 0, B."),
        ("0DTJ0ZZZ", "Z is no further character after '0DTJ0ZZ'. The code is whole before it."),
    ],
)
def test_a_character_that_leads_nowhere_is_refused(bare: Store, prefix: str, says: str) -> None:
    with pytest.raises(Refused) as refused:
        PcsBook(bare, IN_FORCE).build(prefix)
    assert str(refused.value) == says


def test_a_store_without_the_order_file_has_no_book(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="holds no ICD-10-PCS"):
        PcsBook(Store(tmp_path), IN_FORCE)


# --- words ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("titles", "section", "system", "operations"),
    [
        (["Regions, Upper, Change", "Regions, Upper, Drainage"], "0", "Regions, Upper", ["Change", "Drainage"]),
        (["Imaging, Veins, CT"], "B", "Veins", ["CT"]),
        (["New Technology, Nerves", "New Technology, Nerves, Cutting"], "X", "Nerves", ["", "Cutting"]),
        (["Mental Health, Hypnosis", "Mental Health, Light"], "G", "", ["Hypnosis", "Light"]),
    ],
)
def test_headers_tell_system_and_operation(titles, section, system, operations) -> None:
    assert headings(titles, section) == (system, operations)


def test_titles_are_told_apart_by_the_largest_group_under_the_prefix() -> None:
    titles = {
        "001607Z": "Bypass Cave to Nose with Own Tissue, Open Approach",
        "00160JZ": "Bypass Cave to Nose with Made Tissue, Open Approach",
        "00160ZB": "Bypass Cave to Basin, Open Approach",
    }
    assert told_apart(titles, "00160", "J") == "Made Tissue"
    assert told_apart(titles, "00160", "7") == "Own Tissue"
    assert told_apart({"00160ZB": "Bypass Cave to Basin"}, "00160", "Z") == ""


def test_axes_are_called_by_their_section() -> None:
    assert [axis("0DTJ0ZZ"[:at]) for at in range(8)] == [
        "Section", "Body System", "Operation", "Body Part", "Approach", "Device", "Qualifier", "",
    ]  # fmt: skip
    assert axis("B00") == "Body Part"
    assert axis("B000") == "Contrast"
    assert axis("F0") == "Type"


# --- the Index as a way ---------------------------------------------------------------------------------------------


def test_the_index_leads_to_codes_in_force(full: Store) -> None:
    index = PcsIndex(full, IN_FORCE)
    assert index.exact
    assert [entry.title for entry in index.main_terms()] == ["Wormectomy", "Wholly Out"]
    (wormectomy,) = index.main_terms("wormect")
    assert [code.code for code in index.codes(wormectomy)] == ["0DTJ0ZZ", "0DTJ4ZZ", "0DTQ0ZX", "0DTQ0ZZ"]
    (whole,) = index.referred(wormectomy)  # "Wholly Out, Gut" is no term: its first words are
    assert whole.title == "Wholly Out"
    worm, use = index.under(whole)
    assert (use.relation, use.reference, index.referred(use), index.codes(use)) == ("use", "Worm, Left", (), ())
    left, right = index.under(worm)
    assert [code.code for code in index.codes(left)] == ["0DTJ0ZZ"]
    assert [code.code for code in index.codes(right)] == ["0DTQ0ZX", "0DTQ0ZZ"]
    assert index.main_terms("z") == ()


def test_a_store_without_the_index_is_refused(bare: Store) -> None:
    with pytest.raises(Refused, match="no Index of ICD-10-PCS"):
        PcsIndex(bare, IN_FORCE)
