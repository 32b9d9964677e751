"""In which context a mention stands, phrase by phrase."""

import pytest
from tests.coding_mentions import flags, read

from superbill.coding.reading import context
from superbill.coding.reading.phrasebook import listed

CASES = [
    # negation and its end
    ("Denies chest pain, dyspnea or edema, but reports cough.", {"chest pain": "negated", "cough": ""}),
    ("Denies chest pain, dyspnea or edema, but reports cough.", {"dyspnea": "negated", "edema": "negated"}),
    ("No fever, chills or cough.", {"fever": "negated", "cough": "negated"}),
    ("No evidence of pneumonia; cough persists.", {"pneumonia": "negated", "cough": ""}),
    ("Headache without nausea or vomiting.", {"headache": "", "nausea": "negated", "vomiting": "negated"}),
    ("Negative for fever and cough.", {"fever": "negated", "cough": "negated"}),
    ("Pneumonia was ruled out.", {"pneumonia": "negated"}),
    ("Cough, pneumonia ruled out.", {"cough": "", "pneumonia": "negated"}),
    ("Nausea, vomiting and fever were denied.", {"nausea": "negated", "vomiting": "negated", "fever": "negated"}),
    ("Pulmonary embolism is unlikely.", {"pulmonary embolism": "negated"}),
    ("Edema is absent.", {"edema": "negated"}),
    ("A fracture is not seen.", {"fracture": "negated"}),
    ("Not gout but osteoarthritis.", {"osteoarthritis": ""}),
    ("This is not gout but osteoarthritis.", {"gout": "negated", "osteoarthritis": ""}),
    ("Free of angina.", {"angina": "negated"}),
    ("Fever: no", {}),
    ("Chest pain (-), cough (+)", {"chest pain": "negated", "cough": ""}),
    ("Chest pain - denies", {"chest pain": "negated"}),
    ("Symptoms: [ ] fever [x] cough", {"fever": "negated", "cough": ""}),
    ("Never had a stroke.", {"stroke": "negated"}),
    ("Neither fever nor cough.", {"fever": "negated", "cough": "negated"}),
    ("No family history of colon cancer.", {"colon cancer": "negated"}),
    ("Doubt pneumonia.", {"pneumonia": "negated"}),
    ("No fever, however cough is present.", {"fever": "negated", "cough": ""}),
    ("Denies any symptoms except cough.", {"cough": ""}),
    ("No exercise because of gout.", {"gout": ""}),
    ("Migraine without aura, hypertension, gout.", {"hypertension": "", "gout": ""}),
    ("He does not currently have asthma.", {"asthma": "negated"}),
    ("No history of stroke.", {"stroke": "negated"}),
    ("Has no history of diabetes but does have a history of gout.", {"diabetes": "negated listed", "gout": "listed"}),
    ("Less likely pneumonia.", {"pneumonia": "negated"}),
    ("Pneumonia less likely.", {"pneumonia": "negated"}),
    ("CT ruled out pulmonary embolism.", {"pulmonary embolism": "negated"}),
    ("+cough, -fever", {"cough": "", "fever": "negated"}),
    # what looks like negation
    ("There is no doubt that this is gout.", {"gout": ""}),
    ("Asthma, not improving.", {"asthma": ""}),
    ("No change in cough.", {"cough": ""}),
    ("No increase in edema.", {"edema": ""}),
    ("Not only gout, also anemia.", {"gout": "", "anemia": ""}),
    ("Hypertension, not at goal.", {"hypertension": ""}),
    ("Gram-negative pneumonia.", {"pneumonia": ""}),
    ("No relief of headache with ibuprofen.", {"headache": ""}),
    ("Bronchitis has not resolved.", {"bronchitis": ""}),
    # uncertainty
    ("Possible pneumonia.", {"pneumonia": "uncertain"}),
    ("Cannot rule out pneumonia.", {"pneumonia": "uncertain"}),
    ("Rule out pulmonary embolism.", {"pulmonary embolism": "uncertain"}),
    ("R/o pneumonia", {"pneumonia": "uncertain"}),
    ("Asthma vs COPD", {"asthma": "uncertain", "copd": "uncertain"}),
    ("Chest pain, likely GERD.", {"chest pain": "", "gerd": "uncertain"}),
    ("Pneumonia is likely.", {"pneumonia": "uncertain"}),
    ("It is likely gout.", {"gout": "uncertain"}),
    ("Cough likely due to GERD.", {"cough": "", "gerd": "uncertain"}),
    ("Hyperglycemia due to probable diabetes.", {"hyperglycemia": "", "diabetes": "uncertain"}),
    ("Suspected gout, hypertension.", {"gout": "uncertain", "hypertension": ""}),
    ("Possible asthma, bronchitis or COPD.", {"asthma": "uncertain", "bronchitis": "uncertain", "copd": "uncertain"}),
    ("Consistent with gout.", {"gout": "uncertain"}),
    ("?gout", {"gout": "uncertain"}),
    ("Pneumonia has not been ruled out.", {"pneumonia": "uncertain"}),
    ("Hernia will likely need surgery, hypertension stable.", {"hypertension": ""}),
    ("Gout likely needs allopurinol.", {"gout": ""}),
    ("Evidence of osteoarthritis.", {"osteoarthritis": ""}),
    ("I believe this is gout.", {"gout": "believed"}),
    ("I think it is most likely gout.", {"gout": "uncertain believed"}),
    ("Differential includes GERD, angina and anxiety.", {"gerd": "uncertain"}),
    ("I suspect it is due to gout.", {"gout": "uncertain"}),
    ("The most likely cause of his cough is GERD.", {"cough": "", "gerd": "uncertain"}),
    ("We need to exclude pneumonia.", {"pneumonia": "uncertain"}),
    ("Symptoms similar to migraine.", {"migraine": "uncertain"}),
    # past
    ("LAST VISIT:\nAssessment: pneumonia.\nASSESSMENT:\nGout.", {"pneumonia": "past", "gout": ""}),
    ("History of angina repair.", {"angina": "past"}),
    ("History of pneumonia.", {"pneumonia": "past"}),
    ("History of hypertension.", {"hypertension": "listed"}),
    ("Past medical history significant for hypertension, diabetes and kidney stones.",
     {"hypertension": "listed", "diabetes": "listed", "kidney stones": "past"}),
    ("3-day history of cough.", {"cough": ""}),
    ("Two week history of headache.", {"headache": ""}),
    ("Recent history of vomiting.", {"vomiting": ""}),
    ("Pneumonia has resolved.", {"pneumonia": "past"}),
    ("Pneumonia, resolved.", {"pneumonia": "past"}),
    ("He no longer has headache.", {"headache": "negated past"}),
    ("She had pancreatitis in 2014.", {"pancreatitis": "past"}),
    ("Kidney stones about 2 years ago.", {"kidney stones": "past"}),
    ("Knee pain began 2 years ago.", {"knee pain": ""}),
    ("Diabetes diagnosed 10 years ago.", {"diabetes": ""}),
    ("He has had nausea for 2 days.", {"nausea": ""}),
    ("Used to have migraine.", {"migraine": "past"}),
    ("Previous stroke.", {"stroke": "past"}),
    ("Status post cholecystectomy.", {"cholecystectomy": "past"}),
    # planned and hypothetical
    ("Scheduled for cholecystectomy.", {"cholecystectomy": "planned"}),
    ("We will order a colonoscopy for anemia.", {"colonoscopy": "planned", "anemia": ""}),
    ("If he develops fever, he will return.", {"fever": "hypothetical"}),
    ("Return for fever, vomiting or rash.", {"fever": "hypothetical", "rash": "hypothetical"}),
    ("Aspirin to prevent stroke.", {"stroke": "hypothetical"}),
    ("Risk of stroke discussed.", {"stroke": "hypothetical"}),
    ("Screening for diabetes.", {"diabetes": "hypothetical"}),
    ("She is worried about breast cancer.", {"breast cancer": "hypothetical"}),
    ("She is worried about dizziness.", {"dizziness": ""}),
    # someone else
    ("FAMILY HISTORY:\nHe himself has anemia.", {"anemia": ""}),
    ("Mother has diabetes.", {"diabetes": "family"}),
    ("Mother states that he has fever.", {"fever": ""}),
    ("Her mother had breast cancer, and she has anemia.", {"breast cancer": "past family", "anemia": ""}),
    ("Gout runs in the family.", {"gout": "family"}),
    ("His wife has bronchitis.", {"bronchitis": "other"}),
    ("Lives with her mother. Asthma.", {"asthma": ""}),
    ("FAMILY HISTORY:\nDiabetes, stroke.", {"diabetes": "family", "stroke": "family"}),
    ("PAST MEDICAL HISTORY:\nHypertension, pneumonia.", {"hypertension": "listed", "pneumonia": "past"}),
    ("INSTRUCTIONS:\nFever or rash.", {"fever": "hypothetical"}),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wanted"), CASES, ids=[text[:60] for text, _ in CASES])
def test_the_context_of_what_is_mentioned(text, wanted):
    _, found = read(text)
    assert {name: flags(found[name]) for name in wanted} == wanted


def test_cues_are_where_they_are_said():
    text = "She denies fever but has possible pneumonia."
    _, found = read(text)
    assert [text[start:end] for start, end in found["fever"].cues] == ["denies"]
    assert [text[start:end] for start, end in found["pneumonia"].cues] == ["possible"]


def test_the_table_says_every_phrase_once():
    phrases = [phrase for group in context._table().cues for phrase in listed(group.phrases)]
    assert sorted({each for each in phrases if phrases.count(each) > 1}) == []
