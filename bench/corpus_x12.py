"""Big X12 files from nothing: professional claims and remittances as clearinghouses see them.

Everything is made up from a fixed seed: the same call writes the same bytes. Names are common ones, provider numbers
are random with a right check digit.
"""

from collections.abc import Iterator
from pathlib import Path
from random import Random

from superbill.identifiers import npi

FIRST = ["AMARA", "BELEN", "CHEN", "DMITRI", "ELIF", "FATOU", "GRETA", "HIRO", "IMANI", "JONAS"]
LAST = ["ADLER", "BANERJEE", "CASTILLO", "DIALLO", "ERIKSEN", "FONTAINE", "GREEN", "HADDAD", "IBARRA", "JANSEN"]
PLACES = ("DAYTON*OH*454020001", "MESA*AZ*852010001", "SALEM*OR*973010001", "MACON*GA*312010001")
SERVICES = ((99213, 12500), (99214, 18500), (36415, 1500), (80053, 4200), (85025, 2800), (93000, 6500), (71046, 9800))
DIAGNOSES = ["E119", "I10", "J069", "M545", "R079", "Z0000", "E785", "N390", "K219", "F411"]
ISA = "ISA*00*          *00*          *ZZ*SUBMITTERID    *ZZ*RECEIVERID     *260821*1200*^*00501*000000001*0*T*:"
VERSIONS = {"837": ("HC", "005010X222A1"), "835": ("HP", "005010X221A1")}
PER_SET = {"837": 5000, "835": 1000}
LINES = {"837": 4, "835": 3}


def _npi(random: Random) -> str:
    return npi("1" + "".join(str(random.randrange(10)) for _ in range(8)))


def _usd(cents: int) -> str:
    text = f"{cents // 100}.{cents % 100:02d}"
    return text.rstrip("0").rstrip(".")


def _day(random: Random, first: int, last: int) -> str:
    return f"{random.randint(first, last)}{random.randint(1, 12):02d}{random.randint(1, 28):02d}"


def _who(random: Random) -> str:
    return f"{random.choice(LAST)}*{random.choice(FIRST)}"


def _claim(random: Random, number: int, lines: int, providers: list[str]) -> Iterator[str]:
    services = [random.choice(SERVICES) for _ in range(lines)]
    day, codes = _day(random, 2026, 2026), random.sample(DIAGNOSES, random.randint(1, 4))
    yield f"CLM*CLM{number:08d}*{_usd(sum(charge for _, charge in services))}***11:B:1*Y*A*Y*Y"
    yield f"REF*D9*{number:012d}"
    yield "*".join(["HI", f"ABK:{codes[0]}", *[f"ABF:{code}" for code in codes[1:]]])
    yield f"NM1*DN*1*{_who(random)}****XX*{random.choice(providers)}"
    yield f"NM1*82*1*{_who(random)}****XX*{random.choice(providers)}"
    yield "PRV*PE*PXC*207Q00000X"
    pointers = ":".join(map(str, range(1, len(codes) + 1)))
    for line, (code, charge) in enumerate(services, 1):
        modifier = random.choice(("", "", ":25", ":59"))
        yield f"LX*{line}"
        yield f"SV1*HC:{code}{modifier}*{_usd(charge)}*UN*1***{pointers}"
        yield f"DTP*472*D8*{day}"
        yield f"REF*6R*L{number:08d}{line:02d}"


def _claims(random: Random, first: int, count: int, lines: int) -> Iterator[str]:
    """One billing provider, a subscriber a claim, every fifth patient a dependent."""
    yield f"BHT*0019*00*BATCH{first:07d}*20260821*1200*CH"
    yield "NM1*41*2*EXAMPLE BILLING SERVICE*****46*SUBMITTERID"
    yield "PER*IC*EDI DESK*TE*6145550100"
    yield "NM1*40*2*EXAMPLE CLEARINGHOUSE*****46*RECEIVERID"
    yield "HL*1**20*1"
    yield "PRV*BI*PXC*207Q00000X"
    yield f"NM1*85*2*EXAMPLE FAMILY MEDICINE*****XX*{_npi(random)}"
    yield from ("N3*100 MAIN ST", "N4*COLUMBUS*OH*432150001", "REF*EI*311234567")
    providers = [_npi(random) for _ in range(20)]
    level = 1
    for number in range(first, first + count):
        dependent = random.randrange(5) == 0
        person = [f"N3*{random.randint(1, 9999)} OAK AVE", f"N4*{random.choice(PLACES)}",
                  f"DMG*D8*{_day(random, 1940, 2020)}*{random.choice('MF')}"]  # fmt: skip
        level += 1
        yield f"HL*{level}*1*22*{int(dependent)}"
        yield f"SBR*P*{'' if dependent else '18'}*GRP{random.randint(1000, 9999)}******CI"
        yield f"NM1*IL*1*{_who(random)}****MI*W{number:09d}"
        yield from () if dependent else person
        yield "NM1*PR*2*EXAMPLE HEALTH PLAN*****PI*60054"
        if dependent:
            level += 1
            yield f"HL*{level}*{level - 1}*23*0"
            yield from ("PAT*19", f"NM1*QC*1*{_who(random)}", *person)
        yield from _claim(random, number, lines, providers)


def _payment(random: Random, number: int, lines: int, providers: list[str]) -> tuple[int, list[str]]:
    """What a claim is paid, and its segments; every twelfth is denied."""
    denied = random.randrange(12) == 0
    day = _day(random, 2026, 2026)
    services: list[str] = []
    charged = paid = shared = 0
    for line in range(1, lines + 1):
        code, charge = random.choice(SERVICES)
        written_off = charge if denied else charge * random.randint(20, 45) // 100
        share = 0 if denied else min(charge - written_off, random.choice((0, 0, 2000, 500)))
        pays = charge - written_off - share
        charged, paid, shared = charged + charge, paid + pays, shared + share
        services += [f"SVC*HC:{code}*{_usd(charge)}*{_usd(pays)}**1", f"DTM*472*{day}"]
        services.append(f"CAS*CO*{'16' if denied else random.choice(('45', '97', '253'))}*{_usd(written_off)}")
        services += [f"CAS*PR*{random.choice('123')}*{_usd(share)}"] if share else []
        services.append(f"REF*6R*L{number:08d}{line:02d}")
        services.append("LQ*HE*N56" if denied else f"AMT*B6*{_usd(charge - written_off)}")
    head = f"CLP*CLM{number:08d}*{4 if denied else 1}*{_usd(charged)}*{_usd(paid)}*{_usd(shared) if shared else ''}"
    return paid, [
        f"{head}*12*ICN{number:012d}*11*1",
        f"NM1*QC*1*{_who(random)}****MI*W{number:09d}",
        f"NM1*82*1*{_who(random)}****XX*{random.choice(providers)}",
        f"DTM*232*{day}",
        f"DTM*233*{day}",
        "DTM*050*20260801",
        *services,
    ]


def _payments(random: Random, first: int, count: int, lines: int) -> Iterator[str]:
    providers = [_npi(random) for _ in range(20)]
    payments = [_payment(random, number, lines, providers) for number in range(first, first + count)]
    paid = sum(amount for amount, _ in payments)
    payee = _npi(random)
    kept = min(paid, 1000)
    yield (f"BPR*I*{_usd(paid - kept)}*C*ACH*CCP*01*999999992*DA*123456*1512345678**01*999988880*DA*98765*20260815")
    yield from (f"TRN*1*EFT{first:09d}*1512345678", "DTM*405*20260814")
    yield from ("N1*PR*EXAMPLE HEALTH PLAN", "N3*1 PAYER PLAZA", "N4*HARTFORD*CT*061030001")
    yield from ("PER*CX*CLAIMS DESK*TE*8605550101", "PER*BL*TECH SUPPORT*TE*8605550100")
    yield from (f"N1*PE*EXAMPLE FAMILY MEDICINE*XX*{payee}", "REF*TJ*311234567", "LX*1")
    for _, segments in payments:
        yield from segments
    yield f"PLB*{payee}*20261231*WO:CLM{first:08d}*{_usd(kept)}"


def write(path: Path, kind: str, claims: int) -> Path:
    """A file of so many claims: "837" of four lines each, or "835" of three, some thousands in a transaction set."""
    random = Random(claims)
    functional, version = VERSIONS[kind]
    body = _claims if kind == "837" else _payments
    starts = range(1, claims + 1, PER_SET[kind])
    with path.open("w") as out:
        out.write(f"{ISA}~\nGS*{functional}*SUBMITTERID*RECEIVERID*20260821*1200*1*X*{version}~\n")
        for number, first in enumerate(starts, 1):
            count = min(PER_SET[kind], claims + 1 - first)
            segments = list(body(random, first, count, LINES[kind]))
            out.write(f"ST*{kind}*{number:04d}" + (f"*{version}" if kind == "837" else "") + "~\n")
            out.writelines(f"{segment}~\n" for segment in segments)
            out.write(f"SE*{len(segments) + 2}*{number:04d}~\n")
        out.write(f"GE*{len(starts)}*1~\nIEA*1*000000001~\n")
    return path
