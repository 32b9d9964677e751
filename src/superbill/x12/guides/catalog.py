"""Every guide that we have. Of several for one transaction set, the likeliest comes first."""

from superbill.x12.guides import (
    acknowledgement_997,
    acknowledgement_999,
    advice_824,
    attachment_275,
    claim_837d,
    claim_837i,
    claim_837p,
    claims_277ca,
    eligibility_270,
    eligibility_271,
    enrollment_834,
    enrollment_834_exchange,
    post_adjudicated,
    predetermination,
    premium_820,
    remittance_835,
    reporting_277,
    review_278,
    status_276,
    status_277,
)
from superbill.x12.guides.v4010 import claim_837d as claim_837d_4010
from superbill.x12.guides.v4010 import claim_837i as claim_837i_4010
from superbill.x12.guides.v4010 import claim_837p as claim_837p_4010
from superbill.x12.guides.v4010 import remittance_835 as remittance_835_4010
from superbill.x12.rules import Guide

GUIDES: tuple[Guide, ...] = (
    claim_837p.GUIDE,
    claim_837i.GUIDE,
    claim_837d.GUIDE,
    *predetermination.GUIDES,
    *post_adjudicated.GUIDES,
    remittance_835.GUIDE,
    acknowledgement_999.GUIDE,
    claims_277ca.GUIDE,
    status_276.GUIDE,
    status_277.GUIDE,
    eligibility_270.GUIDE,
    eligibility_271.GUIDE,
    review_278.REQUEST,
    review_278.RESPONSE,
    enrollment_834.GUIDE,
    enrollment_834_exchange.GUIDE,
    premium_820.GUIDE,
    premium_820.EXCHANGE,
    advice_824.GUIDE,
    # Only read:
    attachment_275.GUIDE,
    reporting_277.GUIDE,
    acknowledgement_997.GUIDE,
    claim_837p_4010.GUIDE,
    claim_837i_4010.GUIDE,
    claim_837d_4010.GUIDE,
    remittance_835_4010.GUIDE,
)
