"""The codes that a note names: every way of writing that the Tabular List has."""

import pytest
from tests.codesets import embedded_book

from superbill.codesets.icd10cm import schema
from superbill.codesets.icd10cm.instructions import coverage, instructions, table
from superbill.codesets.icd10cm.lookup import Note
from superbill.codesets.icd10cm.targets import Target, fits, introduces, parse, scope


def written(targets):
    return " ".join(
        (each.first if each.first == each.last else f"{each.first}-{each.last}")
        + (f"[{each.characters}]" if each.characters else "")
        for each in targets
    )


READ = {
    "type 1 diabetes mellitus (E10.-)": "E10",
    "acute upper respiratory infections (J00-J22)": "J00-J22",
    "oral antidiabetic drugs (Z79.84)": "Z7984",
    "one or the other (I20.0, I21.-)": "I200 I21",
    "without blanks (C43.2-,C44.2-)": "C432 C442",
    "with a semicolon (J00-J06; J20-J22)": "J00-J06 J20-J22",
    "with a full stop for a comma (I60.-. I61.-, I62.-)": "I60 I61 I62",
    "with blanks in the range (S00 - S09)": "S00-S09",
    "with one blank in it (I01.0 -I01.9)": "I010-I019",
    "with dashes on both ends (S12.0--S12.6.-)": "S120-S126",
    "with dashes and blanks (P28.3- - P28.4-)": "P283-P284",
    "a range in words (M05.00 to M05.8A)": "M0500-M058A",
    "two parentheses (K82.A1), or another (K82.A2)": "K82A1 K82A2",
    "not closed (Z89.52-": "Z8952",
    "closed otherwise (E87.8}": "E878",
    "closed twice (J91.0))": "J910",
    "letters within a code (C7A.-, Z3A, QA0.0, T45.AX5)": "C7A Z3A QA00 T45AX5",
    "glucose-6-phosphate dehydrogenase (G6PD) deficiency (D55.0)": "D550",
    "influenza A/H1N1 (J10.-)": "J10",
    "vitamin B12 deficiency anemia (D51.-)": "D51",
    "code for adverse effect (T36-T50 with fifth or sixth character 5)": "T36-T50[5or6=5]",
    "poisoning, if applicable (T36-T65 with fifth or sixth character 1-4)": "T36-T65[5or6=1|2|3|4]",
    "poisoning (T36-T65 with fifth or sixth character 1-4 or 6)": "T36-T65[5or6=1|2|3|4|6]",
    "underdosing (T36-T50) with fifth or sixth character 6": "T36-T50[5or6=6]",
    "underdosing (T36-T50 with final character 6)": "T36-T50[5or6=6]",
    "poisoning (T51-T65 with fifth or sixth character to indicate intent)": "T51-T65",
    "salicylates (T39.0-, with sixth character 5)": "T390[6=5]",
    "polyneuropathy (E08-E13 with .42)": "E08-E13[4=42]",
    "angiopathy (E08-E13 with .51-.52)": "E08-E13[4=51|52]",
    "skin (E08-E13 with .62-)": "E08-E13[4=62]",
    "dementia (F10-F19, with .17, .27, .97)": "F10-F19[4=17|27|97]",
    "drug use (F11-F19 with .15. .25, .95)": "F11-F19[4=15|25|95]",
    "hyperosmolarity (E08, E09 with final characters .00 or .01)": "E08[4=00|01] E09[4=00|01]",
    "aphasia (I69. with final characters -20)": "I69[end=20]",
    "hallucinations (F11-F19 with fifth to sixth characters 51)": "F11-F19[5=51]",
    "amnestic syndrome (F10-F19 with 5th character .6)": "F10-F19[5=6]",
    "whooping cough (A37 with fifth-character 1)": "A37[5=1]",
    "concussion (S06.0X- with seventh character S)": "S060X[7=S]",
    "open fracture (S42.- with 7th character B or C)": "S42[7=B|C]",
    "open fracture (S92.-with 7th character B)": "S92[7=B]",
    "open fracture (S52.- with open fracture 7th character)": "S52[7=B|C|E|F|H|J|M|N|Q|R]",
    "conditions classified to Q87.-": "Q87",
    "conditions classifiable to S06.0- to S06.8-code to injury": "S060-S068",
    "from categories E08, E09 and E13 to identify": "E08 E09 E13",
    "code from category T31 or T32 to identify": "T31 T32",
    "code (Chapter 20) to identify external cause": "V00-Y99",
    "jaw pain R68.84": "R6884",
    "heart disease (I05-I09) unless rheumatic fever is present": "I05-I09[?]",
    "code to identify any functional activity": "E058 E070 E16-E31 E34",
    "diabetic acidosis - see categories E08-E10, E11, E13 with ketoacidosis": (
        "E08[4=1] E09[4=1] E10[4=1] E11[4=1] E13[4=1]"
    ),
    "underlying disease": "A00-T88[?] U07-U09[?]",
    "underlying disease, such as:": "",
    "code, if applicable, for codes G31.0-G31.83, to identify:": "",
    "code (B95-B97) to identify infectious agent, such as:": "B95-B97",
    "sepsis with something unreadable (A41.9 with a twist)": "",
    "current pain": "",
    "": "",
}


@pytest.mark.parametrize("text", READ, ids=lambda text: text or "nothing")
def test_a_note_names_its_codes(text):
    assert written(parse(text)) == READ[text]


@pytest.mark.parametrize(
    "target, among, not_among",
    [
        (Target("E11", "E11"), "E11 E119 E11621", "E10 E12 F11"),
        (Target("J00", "J22"), "J00 J09X1 J22", "J23 I99 J30"),
        (Target("B650", "B839"), "B650 B700 B839 B8390", "B64 B84"),
        (Target("T36", "T50", "5or6=5"), "T360X5A T45515A T3695XA", "T360X1A T43651A T45511A T3691XA T515"),
        (Target("E08", "E13", "4=42"), "E1142 E0842", "E1141 E114"),
        (Target("I69", "I69", "end=20"), "I69020 I69320", "I69021"),
        (Target("S06", "S06", "7!=S"), "S060X0A S060X0D", "S060X0S"),
        (Target("S52", "S52", "7=B|C 4=5"), "S52501B", "S52501A S52401B"),
    ],
)
def test_who_is_among_them(target, among, not_among):
    assert [code for code in among.split() if not target.matches(code)] == []
    assert [code for code in not_among.split() if target.matches(code)] == []


@pytest.mark.parametrize("words, intent", [("adverse effect", "5"), ("underdosing", "6"), ("poisoning", "1|2|3|4")])
def test_the_character_of_intent_is_found_in_every_drug_code(words, intent):
    """T43.65- has a 5 at the fifth place and is methamphetamine; the titles say what each code really is."""
    rows = embedded_book().codes_file.execute(
        "SELECT code, title FROM code WHERE billable = 1 AND code BETWEEN 'T36' AND 'T509ZZZ' ORDER BY code"
    )
    target = Target("T36", "T50", f"5or6={intent}")
    wrong = [(code, title) for code, title in rows if target.matches(code) != title.casefold().startswith(words)]
    assert wrong == []


def test_a_code_that_is_only_rough_proves_nothing():
    assert not Target("A00", "T88", "?").proves
    assert Target("A00", "T88", "?").matches("I10")
    assert Target("E11", "E11").proves
    assert fits("4=42?", "E1142")
    assert not fits("4=42?", "E1141")


def test_headlines_introduce_and_may_limit():
    assert introduces("code to identify:")
    assert introduces("poisoning by, adverse effect of and underdosing of")
    assert not introduces("code to identify infection")
    assert written(scope("code, if applicable, for codes G31.0-G31.83, G31.85-G31.9, to identify:")) == (
        "G310-G3183 G3185-G319"
    )
    assert written(scope(", for adverse effects, the nature of the adverse effect, such as:")) == "T36-T50[5or6=5]"
    assert scope("code to identify:") == ()


def read(kind, *texts, node="X00"):
    return instructions([Note(node, kind, text, parse(text)) for text in texts])


def test_items_under_a_headline_are_alternatives():
    (one,) = read(schema.CODE_FIRST, "underlying disease, such as:", "amyloidosis (E85.-)", "gout (M10.-)")
    assert [item.text for item in one.items] == ["amyloidosis (E85.-)", "gout (M10.-)"]
    assert one.open
    assert one.wish == "always"
    assert one.text == "underlying disease, such as: amyloidosis (E85.-); gout (M10.-)"


def test_another_beginning_is_another_instruction():
    first, second, third = read(
        schema.USE_ADDITIONAL,
        "code for adverse effect, if applicable (T36-T50 with fifth or sixth character 5)",
        "code to identify control using:",
        "insulin (Z79.4)",
        "oral drugs (Z79.84)",
        "code to identify stage (N18.-)",
    )
    assert (first.wish, second.wish, third.wish) == ("if applicable", "any", "always")
    assert [len(each.items) for each in (first, second, third)] == [1, 2, 1]


def test_an_item_that_begins_with_or_belongs_to_the_one_before():
    (one,) = read(schema.USE_ADDITIONAL, "code to identify radiation (W88.-)", "or radiation therapy (Y84.2)")
    assert len(one.items) == 2


def test_each_excluded_item_stands_for_itself():
    one, two = read(schema.EXCLUDES1, "arthropathy in:", "gout (M10.-)", "diabetes (E08-E13 with .61-)")
    assert one.text == "arthropathy in: gout (M10.-)"
    assert written(two.targets) == "E08-E13[4=61]"


@pytest.mark.parametrize(
    "kind, text, wish",
    [
        (schema.CODE_FIRST, "underlying neoplasm (C00-D49)", "always"),
        (schema.CODE_FIRST, "any associated intracranial injury (S06.-)", "any"),
        (schema.CODE_FIRST, "poisoning due to drug, if applicable (T36-T65)", "if applicable"),
        (schema.CODE_FIRST, "heart failure complicating pregnancy (O75.4)", "in its case"),
        (schema.USE_ADDITIONAL, "external cause code to identify place (Y92)", "any"),
        (schema.USE_ADDITIONAL, "code to identify stage of chronic kidney disease (N18.1-N18.6)", "always"),
        (schema.CODE_ALSO, "if applicable head injury (S00-S09)", "if applicable"),
    ],
)
def test_how_a_note_asks(kind, text, wish):
    (one,) = read(kind, text)
    assert one.wish == wish


def test_a_note_of_a_chapter_cannot_ask_every_code():
    (one,) = read(schema.USE_ADDITIONAL, "code to identify resistance (Z16.-)", node="1")
    assert one.wish == "any"


def test_the_table_of_the_reference_counts_every_kind():
    rows = coverage(embedded_book())
    text = table(rows)
    assert text.count("\n") == 2 + len(rows)
    assert "| code first | 809 | 134 |" in text
