"""What to do about a claim that was not taken into adjudication, by what the acknowledgement says."""

from collections.abc import Mapping

# Claim status code (source 508) -> what a biller does. The claim is then sent again as the original that it is.
BY_STATUS: Mapping[str, str] = {
    "19": "Ask the payer which entity it means; it acknowledged the file but not the claim.",
    "21": "Open the claim beside the rejection: a required field is empty or can't be read. Fill it in.",
    "24": "Enrol this provider for electronic claims with the payer, or name the one who is enrolled.",
    "26": "The payer does not know this entity: compare its name and number with the payer's own records.",
    "33": "Check the insurance card: number, name and birth date must be those of the card. Verify coverage (270).",
    "54": "The payer has this claim already: look for its answer before sending it once more.",
    "88": "The patient was not covered on that day: verify coverage and bill the payer that was in force.",
    "97": "The payer does not find the patient: check member id, name and birth date, then verify coverage.",
    "109": "The patient or provider is not eligible: verify coverage for the day of service.",
    "116": "It went to the wrong payer: check the payer id on the insurance card and in the site file.",
    "125": "Correct the name: it must be as on the insurance card or in the provider's enrolment.",
    "126": "Correct the address.",
    "153": "Correct the number of this provider.",
    "158": "Enter the birth date as the payer has it.",
    "164": "Enter the member id as on the card, with its letters.",
    "178": "Correct the charge; what is on the books stays, so ask who keeps them.",
    "187": "Correct the days of service.",
    "188": "Correct the statement's days: every line must lie in them.",
    "189": "Enter the day of admission.",
    "228": "Correct the type of bill.",
    "232": "Enter the admitting diagnosis.",
    "234": "Enter the patient's status at discharge.",
    "244": "Correct the tooth number or letter.",
    "247": "Look at the lines named here.",
    "249": "Correct the place of service.",
    "254": "Enter the principal diagnosis.",
    "255": "Correct the diagnosis code: it must be in force on the day of service.",
    "453": "Correct the modifier.",
    "454": "Correct the procedure code: it must be in force on the day of service.",
    "455": "Correct the revenue code.",
    "464": "Give the payer's own number of the claim that this one replaces or voids.",
    "476": "Correct the units.",
    "477": "Point every line to a diagnosis of the claim.",
    "507": "Correct the HCPCS code.",
    "562": "Correct the NPI, or enrol it with the payer.",
}
BY_CATEGORY: Mapping[str, str] = {
    "A3": "Correct what is named and send the claim again.",
    "A4": "The payer does not have it: send the claim again.",
    "A6": "Fill in what is missing and send the claim again.",
    "A7": "Correct what is named and send the claim again.",
    "A8": "Two statements of the claim contradict each other: correct one and send the claim again.",
}
ANY = "Correct the claim and send it again as a new claim; it was not adjudicated."

# TA105, in our own words, and what to do.
INTERCHANGE: Mapping[str, tuple[str, str]] = {
    "001": ("the control numbers in its first and last segment differ", "Send the claims again in a new file."),
    "005": ("the qualifier of our id is not known there", "Correct sender_qualifier in the site file."),
    "006": ("our id is not known there", "Correct submitter_id in the site file, or have it enrolled."),
    "007": ("the qualifier of the receiver's id is wrong", "Correct receiver_qualifier in the site file."),
    "008": ("the receiver's id is wrong", "Correct receiver_id in the site file."),
    "009": ("it was meant for somebody else", "Send it to the receiver that its header names."),
    "017": ("its version is not taken there", "Ask the receiver which version it takes."),
    "018": ("its control number is not valid", "Send the claims again in a new file."),
    "019": ("its first and last segment do not agree", "Send the claims again in a new file."),
    "020": ("it is marked as test, or as production, against the agreement", "Correct usage in the site file."),
    "021": ("the number of its groups is wrong", "Send the claims again in a new file."),
    "022": ("its control structure is not valid", "Send the claims again in a new file."),
    "023": ("it was cut off on its way", "Send the claims again."),
    "025": ("its control number was used before", "Send the claims again in a new file."),
}
ENTITIES: Mapping[str, str] = {
    "1P": "the provider",
    "40": "the receiver",
    "41": "the submitter",
    "71": "the attending provider",
    "72": "the operating physician",
    "77": "the service facility",
    "82": "the rendering provider",
    "85": "the billing provider",
    "87": "the pay-to address",
    "DK": "the ordering provider",
    "DN": "the referring provider",
    "IL": "the insured",
    "PR": "the payer",
    "QC": "the patient",
}
