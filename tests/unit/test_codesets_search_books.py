"""The search in systems that keep their codes in their own way, each from a file in its layout with invented texts."""

from datetime import date

import pytest
from tests.codesets_samples import hcpcs_file, hcpcs_line, order_file, store_of

from superbill.codesets.search import Search, open_search
from superbill.codesets.search.books import BOOKS
from superbill.codesets.systems import systems

DAY = date(2031, 5, 1)
FROM = date(2031, 1, 1)
NOTICE = "Invented file, no one's copyright\r\nCPT 2031\r\n\r\n"
CPT = NOTICE + "00100\tSleep on the sled, a dog on each side\r\n0042T\tMap of snow\r\n"
CDT = 'Code,Descriptor,Category\r\nD0100,"Look at a tusk, from afar",Looking\r\nD9999,Other tusk,\r\n'
TAXONOMY = (
    "Code,Grouping,Classification,Specialization,Definition,Notes,Display Name,Section\n"
    "207X00000X,Snow Healers,Sled Surgeon,Paws,,,Paw Surgeon,Individual\n"
)
PRODUCTS = (
    "PRODUCTID\tPRODUCTNDC\tPRODUCTTYPENAME\tPROPRIETARYNAME\tPROPRIETARYNAMESUFFIX\tNONPROPRIETARYNAME\tDOSAGEFORMNAME"
    "\tROUTENAME\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tLABELERNAME\tSUBSTANCENAME\tACTIVE_NUMERATOR_STRENGTH\t"
    "ACTIVE_INGRED_UNIT\tPHARM_CLASSES\tDEASCHEDULE\r\n"
    "1234-5678_a\t1234-5678\tDRUG\tFrostol\tXR\tglaciol\tTABLET\tORAL\t20200101\t\tIgloo\tGLACIOL\t10\tmg/1\t\tCII\r\n"
)
PACKAGES = (
    "PRODUCTID\tPRODUCTNDC\tNDCPACKAGECODE\tPACKAGEDESCRIPTION\tSTARTMARKETINGDATE\tENDMARKETINGDATE\tNDC_EXCLUDE_FLAG\t"
    "SAMPLE_PACKAGE\r\n1234-5678_a\t1234-5678\t1234-5678-90\t30 in a flask\t20200101\t\tN\tN\r\n"
)
HCPCS = hcpcs_file(
    [hcpcs_line("E0143", 100, "3", "Sled, folding, on runners", short="Sled w runners", added="19900101"),
     hcpcs_line("QZ", 100, "7", "Pulled by one dog", short="One dog", added="19900101")]
)  # fmt: skip
DRG = (
    '"TABLE 5.—LIST OF GROUPS,\nAND LENGTH OF STAY—FY 2031 Final Rule"\t\t\t\t\t\t\t\t\r\n'
    "MS-DRG \tFY 2031 Final Post-Acute DRG\tFY 2031 Final Special Pay DRG\tMDC\tTYPE\tMS-DRG Title\t"
    "Weights\tGeometric mean LOS\tArithmetic mean LOS\r\n"
    "470\tYes\tYes\t08\tMED\tNEW KNEE FOR A DOG\t1.8855\t1.7\t2.1\r\n"
).encode("cp1252")


@pytest.mark.parametrize(
    ("system", "files", "query", "code"),
    [
        ("cpt", [("list.txt", CPT)], "dog sled sleep", "00100"),
        ("cpt", [("list.txt", CPT)], "0042T", "0042T"),
        ("msdrg", [("Table 5.txt", DRG)], "knees of dogs", "470"),
        ("msdrg", [("Table 5.txt", DRG)], "470", "470"),
        ("cdt", [("cdt.csv", CDT)], "tusks from afar", "D0100"),
        ("taxonomy", [("nucc_taxonomy_310.csv", TAXONOMY)], "sled surgeons", "207X00000X"),
        ("ndc", [("product.txt", PRODUCTS), ("package.txt", PACKAGES)], "glaciol 10 mg tablets", "01234567890"),
        ("ndc", [("package.txt", PACKAGES)], "1234-5678-90", "01234567890"),
        ("hcpcs", [("HCPC2031_CONTR_ANWEB.txt", HCPCS)], "folding sleds", "E0143"),
        ("hcpcs", [("HCPC2031_CONTR_ANWEB.txt", HCPCS)], "e0143", "E0143"),
        ("hcpcs_modifier", [("HCPC2031_CONTR_ANWEB.txt", HCPCS)], "one dog", "QZ"),
    ],
)
def test_a_code_is_found_in_its_system(system, files, query, code, tmp_path):
    store = store_of(tmp_path / "store", *files, effective=FROM)
    hit = open_search(store, DAY, system).find(query, billable=True)[0]
    assert hit.code == code
    assert hit.title or system == "ndc"
    assert open_search(store, DAY, system).find("qqqqq wwwww") == []


def test_every_system_of_releases_has_its_way_to_be_searched():
    held = {each.slug for each in systems() if each.held_in} | {"cpt", "cdt"}
    assert set(BOOKS) | {"icd10cm"} == held


DRUGS = """<?xml version="1.0"?><ICD10CM.index><version>2031</version><title>TABLE of DRUGS and CHEMICALS</title>
<indexHeading><head col="1">Substance</head><head col="2">Poisoning</head></indexHeading>
<letter><title>G</title><mainTerm><title>Glaciol</title><cell col="2">T36.0X1</cell><cell col="6">T36.0X5</cell>
</mainTerm></letter></ICD10CM.index>"""
CODES = order_file(
    [("T36", "Poisoning by systemic antibiotics"), ("T360X1", "Poisoning by penicillins, accidental"),
     ("T360X5", "Adverse effect of penicillins")]
)  # fmt: skip


def test_a_drug_is_found_by_the_table_of_drugs(tmp_path):
    files = [("icd10cm_order_2031.txt", CODES)]
    alone = Search(store_of(tmp_path / "without", *files, effective=FROM), DAY)
    assert alone.find("glaciol") == []
    both = Search(store_of(tmp_path / "with", *files, ("icd10cm_drug_2031.xml", DRUGS), effective=FROM), DAY)
    assert both.find("adverse effect glaciol")[0].code == "T36.0X5"
    assert both.find("glaciol accidental")[0].code == "T36.0X1"


PROCEDURES = order_file([("0DT", "Gastrointestinal System, Resection"), ("0DTJ4ZZ", "Resection of Appendix, Scoped"),
                         ("0DTJ0ZZ", "Resection of Appendix, Open Approach")])  # fmt: skip
INDEX = (
    "<?xml version='1.0'?><ICD10PCS.index><version>2031</version><letter><title>S</title><mainTerm><title>Snowectomy"
    "</title><code>0DTJ0ZZ</code></mainTerm></letter></ICD10PCS.index>"
)


def test_a_procedure_is_found_by_its_name_and_by_the_index(tmp_path):
    files = [("icd10pcs_order_2031.txt", PROCEDURES), ("icd10pcs_index_2031.xml", INDEX)]
    search = Search(store_of(tmp_path / "store", *files, effective=FROM), DAY, "icd10pcs")
    assert search.find("appendectomy", billable=True)[0].code == "0DTJ4ZZ"
    assert search.find("open appendectomy", billable=True)[0].code == "0DTJ0ZZ"
    assert search.find("snowectomy", billable=True)[0].code == "0DTJ0ZZ"
    assert "diabetes" not in str(search.find("appendicitis diabetes"))
