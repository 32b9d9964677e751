"""X12 files for the tests of the tools: claims of two providers, a remittance with a provider adjustment, odd marks."""

from superbill.x12.inspection import inspect

ISA = "ISA*00*          *00*          *ZZ*{sender:<15}*ZZ*{receiver:<15}*260105*1200*^*00501*{number:09}*0*{usage}*:"


def faults(data):
    """What the validator finds."""
    return [str(finding) for finding in inspect(data).findings]


def file_of(body, functional="HC", version="005010X222A1", *, number=1, sender="SENDER"):
    """Transaction sets, each a list of segments without ST and SE, as one interchange."""
    kind = {"HC": "837", "HP": "835"}[functional]
    made = [ISA.format(sender=sender, receiver="RECEIVER", number=number, usage="T")]
    made.append(f"GS*{functional}*{sender}*RECEIVER*20260105*1200*{number}*X*{version}")
    for at, segments in enumerate(body, 1):
        st = f"ST*{kind}*{at:04}" + (f"*{version}" if kind == "837" else "")
        made += [st, *segments, f"SE*{len(segments) + 2}*{at:04}"]
    made += [f"GE*{len(body)}*{number}", f"IEA*1*{number:09}"]
    return "".join(f"{segment}~\n" for segment in made).encode()


HEAD = ["BHT*0019*00*BATCH7*20260105*1200*CH", "NM1*41*2*LAKESIDE BILLING*****46*SUB01",
        "PER*IC*EDNA KRABAPPEL*TE*5551234567", "NM1*40*2*HOUSE OF CLAIMS*****46*RCV01"]  # fmt: skip


def provider(level, name, npi):
    return [f"HL*{level}**20*1", f"NM1*85*2*{name}*****XX*{npi}", "N3*12 ORCHARD ROAD", "N4*SPRINGFIELD*IL*627010000",
            "REF*EI*371234567"]  # fmt: skip


def subscriber(level, parent, last, first, member, *, children="0", born="19700412", self=True):
    who = ["N3*77 EVERGREEN TERRACE", "N4*SPRINGFIELD*IL*62702", f"DMG*D8*{born}*F"] if self else []
    return [f"HL*{level}*{parent}*22*{children}", f"SBR*P*{'18' if self else ''}*GRP55******CI",
            f"NM1*IL*1*{last}*{first}****MI*{member}", *who,
            "NM1*PR*2*MUTUAL OF NOWHERE*****PI*PAY77"]  # fmt: skip


def patient(level, parent, last, first):
    return [f"HL*{level}*{parent}*23*0", "PAT*19", f"NM1*QC*1*{last}*{first}", "N3*77 EVERGREEN TERRACE",
            "N4*SPRINGFIELD*IL*62702", "DMG*D8*20150802*M"]  # fmt: skip


def claim(number, *lines):
    made = [f"CLM*{number}*{sum(charge for _, charge in lines)}***11:B:1*Y*A*Y*Y", "REF*EA*MEDREC4711",
            "NTE*ADD*MRS SIMPSON FELL DOWN", "HI*ABK:I10*ABF:E119"]  # fmt: skip
    for at, (code, charge) in enumerate(lines, 1):
        made += [f"LX*{at}", f"SV1*HC:{code}:25*{charge}*UN*1***1:2", "DTP*472*D8*20251220", f"REF*6R*{number}L{at}"]
    return made


CLAIMS = file_of([[
    *HEAD,
    *provider(1, "LAKESIDE FAMILY MEDICINE", "1234567893"),
    *subscriber(2, 1, "SIMPSON", "MARGE", "MEM900100"),
    *claim("ACCT1001", ("99213", 120), ("36415", 15)),
    *claim("ACCT1002", ("99214", 180)),
    *subscriber(3, 1, "FLANDERS", "EDWARD", "MEM900200", children="1", self=False, born="19330101"),
    *patient(4, 3, "FLANDERS", "RODD"),
    *claim("ACCT1003", ("90471", 25)),
    *provider(5, "HARBOR ORTHOPEDICS", "1993999998"),
    *subscriber(6, 5, "SZYSLAK", "MOE", "MEM900300", born="19330101"),
    *claim("ACCT1004", ("73030", 90), ("20610", 210)),
]])  # fmt: skip

REMITTANCE = file_of([[
    "BPR*I*170*C*ACH*CCP*01*021000021*DA*123456789*1512345678**01*011000015*DA*987654321*20260110",
    "TRN*1*TRACE555*1512345678",
    "DTM*405*20260108",
    "N1*PR*MUTUAL OF NOWHERE", "N3*1 PLAZA", "N4*CHICAGO*IL*60601",
    "PER*BL*EDI DESK*TE*8005551212",
    "N1*PE*LAKESIDE FAMILY MEDICINE*XX*1234567893",
    "LX*1",
    "CLP*ACCT1001*1*135*100*20*12*PCN1*11*1",
    "NM1*QC*1*SIMPSON*MARGE****MI*MEM900100",
    "SVC*HC:99213:25*120*90**1", "DTM*472*20251220", "CAS*CO*45*15", "CAS*PR*2*15", "AMT*B6*105",
    "SVC*HC:36415:25*15*10**1", "DTM*472*20251220", "CAS*PR*3*5", "AMT*B6*15",
    "CLP*ACCT1002*1*180*80**12*PCN2*11*1",
    "CAS*CO*45*100",
    "NM1*QC*1*SIMPSON*MARGE****MI*MEM900100",
    "DTM*232*20251220", "DTM*233*20251221",
    "PLB*1234567893*20261231*L6:INTREF*10",
]], "HP", "005010X221A1")  # fmt: skip

BIG = file_of([[*HEAD, *provider(1, "ONE", "1234567893"), *subscriber(2, 1, "DOE", "JO", "M1"),
                *(each for n in range(9) for each in claim(f"C{n}", ("99213", 10)))]])  # fmt: skip
