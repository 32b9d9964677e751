"""Loop 2400 of the institutional claim of version 4010."""

from superbill.x12.guides.v4010.parts import (
    PRICING,
    REJECTIONS,
    adjudications,
    amount,
    drugs,
    numbered,
    on_day,
    provider_name,
    secondary_ids,
    specialty,
)
from superbill.x12.rules import R, S, loop, seg

LINE_PROVIDER_IDS = "0B,1A,1B,1C,1D,1G,1H,EI,G2,LU,N5,SY,X5"
_REPORTS = "AS,B2,B3,B4,CT,DA,DG,DS,EB,MT,NN,OB,OZ,PN,PO,PZ,RB,RR,RT"

LINE = loop(
    "2400", "lines", R, 999,
    seg("LX", "line_number", R, "1R"),
    seg("SV2", "service", R, "1R 2 2.1R:HC,IV,N4,ZZ 2.2R 2.3 2.4 2.5 2.6 3R 4R:DA,F2,UN 5R 6 7"),
    seg("PWK", "supplemental_information", S, f"1R:{_REPORTS} 2R:AA,AB,AD,AF,AG,BM,EL,EM,FX 5:AC 6", 5),
    seg("DTP", "service_date", S, "1R:472 2R:D8,RD8 3R"),
    on_day("assessment_date", "866"),
    amount("service_tax", "GT"),
    amount("facility_tax", "N8"),
    seg("HCP", "pricing", S, f"1R:{PRICING},06 2R {numbered(3, 8)} 9:HC 10 11:DA,UN 12 {REJECTIONS}"),
    drugs(),
    loop("2420A", "attending_provider", S, 1,
         provider_name("71"), specialty("AT"), secondary_ids(LINE_PROVIDER_IDS, 1)),
    loop("2420B", "operating_physician", S, 1,
         provider_name("72", "1", names="3R 4R 5 7"), specialty("OP"), secondary_ids(LINE_PROVIDER_IDS, 1)),
    loop("2420C", "other_provider", S, 1,
         provider_name("73"), specialty("OT,PE"), secondary_ids(LINE_PROVIDER_IDS, 1)),
    adjudications("3 3.1R:HC,IV,ZZ 3.2R 3.3 3.4 3.5 3.6 3.7 4R 5R 6", S),
)  # fmt: skip
