"""What a redacted file may keep, by data element; everything that is not named here is replaced or dropped.

Kept are codes, amounts, counts, measures and times of day: none of the identifiers of 45 CFR 164.514(b)(2)(i). A kept
code still has to look like one, so that a name in the wrong place does not pass.
"""

import re


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


# Amounts, rates, counts, positions, measures.
NUMBERS = _set(
    """
    2 65 81 96 97 118 123 212 280 289 332 338 358 380 554 609 610 616 649 719 722 725 739 740 741 757 782 784 954
    1018 1167 1328 1371 1470 1528 1686 I16
    """
)

# Codes of the standard and of code sets, qualifiers, versions, states and countries, levels, times.
CODES = _set(
    """
    26 66 98 100 107 110 128 143 156 234 235 236 248 305 306 309 331 337 346 350 353 355 363 365 366 374 378 426 447
    455 478 479 480 481 482 499 506 522 559 569 584 591 594 615 618 620 621 623 628 639 640 641 647 648 659 662 669
    673 678 679 687 704 706 715 716 717 718 720 721 723 734 735 736 737 738 752 755 756 770 786 799 812 819 822 875
    889 901 921 923 934 935 936 1005 1029 1032 1033 1034 1048 1065 1066 1067 1068 1069 1073 1109 1136 1137 1138 1143
    1146 1149 1154 1161 1165 1166 1176 1201 1203 1205 1207 1209 1211 1212 1213 1214 1215 1216 1218 1219 1220 1221
    1222 1223 1250 1270 1271 1300 1301 1303 1314 1315 1316 1317 1321 1322 1325 1327 1331 1332 1333 1334 1335 1336
    1337 1338 1339 1340 1341 1342 1343 1345 1348 1349 1350 1351 1352 1354 1358 1359 1360 1361 1362 1363 1364 1365
    1366 1367 1368 1369 1373 1382 1383 1384 1390 1473 1476 1514 1525 1526 1527 1570 1595 1596 1609 1701 1705 1715
    I01 I03 I05 I09 I11 I13 I14 I15 I17 I18 I65
    """
)

# Fields whose data element is used for much else, and which hold a code here.
CODE_FIELDS = frozenset(
    [("DN2", "tooth"), ("HCP", "drg")] + [(id, f"remark_{number}") for id in ("MIA", "MOA") for number in range(1, 6)]
)

# Names of people, organizations, streets and towns, and where they are reached: each word becomes another.
WORDS = _set("19 93 166 364 1035 1036 1037")

# Free text, copies of what was wrong, attachments: gone, or this word where a segment can't be without.
TEXTS = _set("3 61 352 449 724 785 933 961 1204 9998 9999")
GONE = "REDACTED"

# Never needed: titles and generations, passwords of the interchange.
DROPPED = _set("1038 1039 I02 I04")

# Whose names, addresses and numbers stay when providers and payers are kept: NM101 and N101.
PROVIDERS = _set("1P 2B 40 41 71 72 73 77 80 82 85 87 98 DD DK DN DQ FA P3 PE PR PRP QB SJ TV X3 ZZ 1I 1T 36 AAJ")
PROVIDER_FIELDS = frozenset(
    (id, name)
    for id, names in (
        ("PLB", "provider_id"),
        ("TS3", "provider_id"),
        ("PS1", "provider_id"),
        ("SVD", "payer_id"),
        ("ISA", "sender receiver"),
        ("GS", "sender receiver"),
    )
    for name in names.split()
)
PERSONAL_REFERENCES = _set("SY")  # a social security number is a person's, whoever he is

# Who a patient is: NM101 of one that a level or a claim is about, the patient before the subscriber.
PATIENTS = ("QC", "IL", "74", "QE")

# Numbers whose form says more than their characters.
ROUTING_NUMBERS = _set("507")
ORIGINATORS = _set("509")

_TAXONOMY = re.compile(r"[0-9A-Z]{9}[NXY]")
_CODE = re.compile(r"[A-Za-z0-9.\-+/ ]{1,13}")
# What stands where a date could be, by its format qualifier: a time of day, a number of days.
_NO_DATES = {"TM": re.compile(r"\d{4}(?:\d\d){0,2}"), "UN": re.compile(r"\d{1,4}")}


def is_code(text: str) -> bool:
    """Whether a text may be a code, a version or a time of day."""
    return _CODE.fullmatch(text) is not None


def is_taxonomy(text: str) -> bool:
    """Whether a text may be a provider taxonomy code."""
    return _TAXONOMY.fullmatch(text) is not None


def is_no_date(text: str, format: str) -> bool:
    """Whether a text in the place of a date is none by its format, and tells nobody's."""
    return format in _NO_DATES and _NO_DATES[format].fullmatch(text) is not None
