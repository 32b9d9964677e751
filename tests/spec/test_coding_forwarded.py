"""What was copied forward from an earlier note is told, and which codes rest on nothing else."""

from tests.codesets import APRIL, embedded_store

from superbill.coding.suggest.engine import suggest
from superbill.coding.suggest.forwarded import RULE, told
from superbill.coding.suggest.model import Visit

EARLIER = (
    "ASSESSMENT AND PLAN\n"
    "1. Chronic obstructive pulmonary disease, for which she uses her two inhalers every single day.\n"
    "2. Cough.\n"
)
TODAY = EARLIER.replace("2. Cough.", "2. Gout. Colchicine is started for the attack in her left foot.")


def findings(text, earlier):
    said = suggest(text, embedded_store(), Visit(on=APRIL, age=60))
    return said, [each for each in told(said, text, earlier).findings if each.rule == RULE]


def test_a_code_that_rests_on_copied_text_alone_is_told_with_its_position():
    said, found = findings(TODAY, [EARLIER])
    copied = [each.where.position for each in found if each.where.field == "diagnoses"]
    assert [said.diagnoses[position - 1].code for position in copied] == ["J44.9"]
    assert "%" in found[0].message and found[0].where.field == "note"


def test_without_an_earlier_note_or_a_copy_nothing_is_said():
    assert findings(TODAY, [])[1] == []
    assert findings(TODAY, ["ASSESSMENT\n1. Sprained ankle after a fall on the stairs at home last night.\n"])[1] == []
