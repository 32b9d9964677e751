"""Builds src/superbill/demo/charge_master.csv, the fictional practices' charges.

    python tools/build_charge_master.py [--data ../shared/data]

A code with relative value units is charged at 2.2 times the Medicare amount: total non-facility RVU x conversion
factor x 2.2, rounded up to whole dollars (CMS PPRRVU, July 2026 release; US government work). Codes that Medicare
prices elsewhere or not at all (laboratory, vaccines, drugs, supplies) have charges of our own, below. The file holds
code numbers and dollars only, no descriptor. Same inputs, same bytes.
"""

import argparse
import csv
import gzip
import math
import re
import sys
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "src/superbill/demo/charge_master.csv"
RVU_FILE = "codesets/PPRRVU2026_Jul_nonQPP.csv.gz"
CONVERSION_FACTOR = Decimal("33.4009")
MARKUP = Decimal("2.2")
START = "2015-01-01"
LEAST = 5  # dollars: no charge is below this, Medicare's cents for an item notwithstanding

# What an ambulatory practice bills, beside what coding can produce. Ranges are inclusive.
USUAL = """
99202-99205 99211-99215 99281-99285 99381-99387 99391-99397 99406 99407 99417 99421-99423 99483 99490 99495 99496
99441-99443 99024 G2211 G0402 G0438 G0439 G0442 G0444 G0447 G0008-G0010 T1015 98000-98016 99341-99350 99291 99292
10060 10061 10120 10140 10160 11042 11055 11056 11102-11107 11200 11300-11303 11305-11308 11400-11403 11719 11720
11721 11730 11740 11750 11765 11900 11981-11983 12001 12002 12004 12005 12006 12011 12013 12014 12031 12032 12041
12051 16000 16020 17000 17003 17004 17110 17111 20526 20550 20551 20552 20553 20600 20604 20605 20606 20610 20611
20612 26010 28190 29075 29105 29125 29130 29200 29260 29280 29505 29515 29530 29540 29550 29580 30300 30901 36415
36416 36600 45300 46083 46600 51701 51702 51798 54150 55250 56405 56420 57170 57452 57454 57460 58100 58300 58301
59025 59400 59409 59410 59425 59426 59430 59510 62270 64400 64405 64450 65205 65220 65222 67700 69200 69209 69210
71045-71048 72040 72050 72070 72100 72110 72170 73000 73010 73030 73060 73070 73080 73090 73100 73110 73120 73130
73140 73502 73560 73562 73564 73590 73600 73610 73620 73630 73650 73660 74018 74019 76536 76700 76705 76770 76801
76805 76815 76817 76830 76856 76882 77067 77080 70450 70486 70551 70553 72131 72141 72148 73221 73721 74176 74177
80048 80050 80051 80053 80055 80061 80069 80074 80076 80305 80306 81000 81001 81002 81003 81025 82043 82044 82270
82274 82306 82465 82533 82550 82565 82570 82607 82670 82728 82746 82947 82948 82950 82951 82962 83001 83036 83037
83540 83550 83655 83690 83721 83735 83880 84075 84100 84132 84153 84155 84156 84295 84402 84403 84436 84439 84443
84450 84460 84478 84481 84484 84520 84550 84702 84703 85007 85014 85018 85025 85027 85610 85651 85652 85730 86038
86140 86308 86430 86480 86580 86592 86593 86677 86703 86706 86762 86765 86780 86787 86803 86850 86900 86901 87040
87045 87070 87077 87081 87086 87088 87186 87205 87210 87220 87340 87389 87426 87428 87430 87491 87502 87591 87624
87635 87637 87653 87804 87807 87811 87880 88141 88142 88175 88305 90460 90461 90471-90474 90480 90619 90620 90621
90632 90633 90636 90647 90648 90651 90656 90657 90658 90661 90662 90670 90671 90672 90677 90678 90680 90681 90685-90688
90694 90696 90697 90698 90700 90702 90707 90710 90713 90714 90715 90716 90723 90732 90734 90736 90739 90740 90743
90744 90746 90747 90750 90756 91318-91322 90785 90791 90792 90832 90833 90834 90836 90837 90846 90847 90853 92551
92552 92567 93000 93005 93010 93306 93784 93922 94010 94060 94375 94640 94664 94760 94761 95004 95115 95117 95810
96110 96127 96156 96160 96161 96360 96361 96365 96372 96374 97010 97014 97035 97110 97112 97116 97140 97161-97164
97530 97535 97802 97803 99000 99173 99177 99188 99401-99404 99408 J0171 J0561 J0696 J0702 J0897 J1030 J1040 J1050
J1071 J1100 J1200 J1885 J2001 J2270 J2405 J2550 J2920 J2930 J3301 J3420 J7040 J7050 J7298 J7300 J7307 J7613 J7620
J7644 A4550 A4565 A4570 A4614 A6216 A6250 A6402 A6449 E0114 L1830 L3260 L3908 L4360 L4361 Q2037 Q2038 Q2039 Q4081
S0020 S9083 G0101 Q0091 G0103 G0328 G0180 G0181 G0463 G2010 G2012 H0031 H0049
"""

# Whole dollars where no relative value units exist (or where they are a bundle of nothing), by us.
OWN = """
36415:12 36416:8 80048:48 80050:138 80051:42 80053:62 80055:178 80061:78 80069:52 80074:160 80076:50 80305:52
80306:68 81000:16 81001:15 81002:12 81003:14 81025:28 81420:1150 82043:34 82044:26 82105:92 82270:18 82274:58 82306:128
82465:22 82533:72 82550:34 82565:22 82570:24 82607:66 82670:104 82728:62 82746:64 82947:18 82948:12 82950:24
82951:48 82962:12 83001:84 83036:44 83037:46 83540:30 83550:38 83655:52 83690:34 83721:46 83735:30 83880:142
84075:22 84100:20 84132:20 84153:84 84155:16 84156:18 84295:20 84402:108 84403:110 84436:28 84439:40 84443:76
84450:22 84460:22 84478:26 84481:72 84484:54 84520:18 84550:20 84702:66 84703:36 85007:20 85014:12 85018:12
85025:38 85027:30 85610:20 85651:18 85652:16 85730:28 86003:28 86038:54 86140:24 86308:26 86430:26 86480:240
86592:22 86593:26 86677:72 86703:58 86706:48 86762:64 86765:60 86780:58 86787:60 86803:64 86804:72 86850:42
86900:22 86901:22 87040:52 87045:46 87070:42 87077:38 87081:32 87086:38 87088:40 87186:42 87205:24 87210:26
87220:22 87320:58 87340:46 87389:98 87390:84 87426:64 87428:118 87430:54 87491:142 87502:210 87591:142 87624:146
87635:110 87637:298 87653:132 87802:62 87804:44 87807:46 87811:72 87880:42 88142:72 88164:64 88175:92 88271:92
88275:148 90389:420 90619:248 90620:310 90621:282 90632:108 90633:62 90636:168 90647:48 90648:42 90649:276 90651:386
90655:34 90656:36 90657:28 90658:32 90661:58 90662:112 90670:328 90671:348 90672:46 90677:372 90678:462 90680:152
90681:208 90685:38 90686:38 90687:34 90688:34 90694:118 90696:98 90697:224 90698:168 90700:52 90702:64 90707:138
90710:372 90713:64 90714:58 90715:78 90716:232 90723:152 90732:196 90734:222 90736:352 90739:242 90740:218 90743:96
90744:52 90746:104 90747:218 90750:298 90756:52 91300:40 91301:40 91303:40 91318:128 91319:132 91320:212 91321:208
91322:216 90676:410 90999:480 99000:18 99024:5 94760:16 94761:24 97010:18 97014:38 92551:38 99173:18 99177:24
99188:44 99324:128 99325:186 99326:298 99327:394 99328:464 99334:124 99335:198 99336:284 99337:402 99441:118
99442:188 99443:262 G0008:52 G0009:52 G0010:52 G0027:28 G0103:72 G0328:58 G0424:88 G0463:248 G0472:78 G8427:5
G0152:168 G0299:188 T1015:214 T2042:236 S9083:185 S0020:22 G2012:38 S0199:640 H0010:420 H0018:360 H0031:180 H0049:48
J0165:32 J0171:28 J0561:148 J0696:38 J0702:32 J0897:1980 J1030:28 J1040:38 J1050:118 J1071:24 J1100:12 J1200:12
J1670:420 J1885:18 J2001:8 J2270:14 J2405:14 J2550:14 J2790:186 J2920:18 J2930:24 J3301:22 J3420:22 J7040:22
J7050:18 J7298:1460 J7300:1380 J7307:1520 J7613:6 J7620:8 J7644:8 J9060:48 J9260:36 J9267:28 A4550:42 A4565:28
A4570:32 A4614:48 A6216:6 A6250:18 A6402:6 A6449:12 E0114:88 L1830:142 L3260:64 L3908:98 L4360:286 L4361:286
P9016:420 Q2034:44 Q2035:36 Q2036:36 Q2037:36 Q2038:36 Q2039:36 Q4081:12 Q5001:240 01967:980 01968:420 0866T:640
41899:520 55700:560 D7240:620 93784:168 95165:32 86580:32
"""

_CODE = re.compile(r"\b(?:\d{5}|[A-V]\d{4}|\d{4}[TU])\b")


def expand(words: Iterable[str]) -> Iterable[str]:
    """Single codes of codes and ranges."""
    for word in words:
        first, _, last = word.partition("-")
        if not last:
            yield first
            continue
        head = first[:1] if first[0].isalpha() else ""
        for number in range(int(first[len(head) :]), int(last[len(head) :]) + 1):
            yield f"{head}{number:0{len(first) - len(head)}d}"


def coded(data: Path) -> set[str]:
    """Every code that coding can produce: the crosswalk's own list, with the codes that its notes name."""
    found: set[str] = set()
    try:
        from superbill.codesets.crosswalk import all_billing_codes

        found |= set(all_billing_codes())
    except ImportError:
        print("superbill.codesets.crosswalk is not there: reading the crosswalk's files alone", file=sys.stderr)
    columns = {
        "procedures.csv": ("code", "notes"),
        "vaccines.csv": ("product_code", "admin_code", "notes"),
        "encounters.csv": ("em_default", "em_range", "notes"),
    }
    for name, fields in columns.items():
        with (data / "crosswalk" / name).open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                for field in fields:
                    text = row[field] or ""
                    found |= set(_CODE.findall(text))
    return found


def medicare(data: Path) -> dict[tuple[str, str], int]:
    """Whole-dollar charges by (code, modifier) from total non-facility RVUs; codes without RVUs are absent."""
    charges: dict[tuple[str, str], int] = {}
    with gzip.open(data / RVU_FILE, "rt", encoding="latin-1", newline="") as file:
        for row in csv.reader(file):
            if len(row) < 26 or not re.fullmatch(r"[0-9A-Z]{5}", row[0]) or row[1] not in ("", "26", "TC"):
                continue
            rvu = Decimal(row[11] or 0)
            if rvu > 0:
                charges[row[0], row[1]] = max(LEAST, math.ceil(rvu * CONVERSION_FACTOR * MARKUP))
    return charges


def build(data: Path) -> tuple[str, list[str]]:
    """The CSV, and the codes that ought to have a charge and have none."""
    priced = medicare(data)
    own = {code: int(dollars) for code, _, dollars in (entry.partition(":") for entry in OWN.split())}
    named = coded(data) | {word for word in USUAL.split() if "-" not in word} | set(own)
    # A range also spans numbers that were never codes: only those that have a price are meant.
    wanted = named | {code for code in expand(USUAL.split()) if (code, "") in priced}
    lines, missing = ["code,modifier,start,charge"], []
    for code in sorted(wanted):
        rows = {modifier: priced[code, modifier] for modifier in ("", "26", "TC") if (code, modifier) in priced}
        if code in own:
            rows[""] = own[code]
        if "" not in rows:
            missing.append(code)
            continue
        lines += [f"{code},{modifier},{START},{dollars}" for modifier, dollars in sorted(rows.items())]
    return "\n".join(lines) + "\n", missing


def main() -> int:
    """Write the file and say what it holds; a code without a charge is an error."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    parser.add_argument("--out", type=Path, default=OUT)
    arguments = parser.parse_args()
    text, missing = build(arguments.data)
    if missing:
        print(f"no charge for {len(missing)} codes, add them to OWN: {' '.join(missing)}", file=sys.stderr)
        return 1
    arguments.out.write_text(text, encoding="utf-8")
    print(f"{arguments.out}: {len(text.splitlines()) - 1} charges")
    return 0


if __name__ == "__main__":
    sys.exit(main())
