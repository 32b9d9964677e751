"""The fields of the edit form, group by group, in the order of the forms that claims are printed on."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.app.web.claims.field_lines import LINE_FIELDS, LINE_MORE, YES, D, F, P
from superbill.app.web.claims.field_lists import (
    ATTACHMENTS,
    CAUSES,
    DIAGNOSES,
    EPSDT,
    FILE_INFORMATION,
    MISSING_TEETH,
    NOTES,
    OCCURRENCES,
    PROCEDURES,
    REFERENCES,
    SPANS,
    VALUES,
    codes,
)
from superbill.app.web.claims.field_paid import ADJUSTED
from superbill.app.web.claims.fields import (
    Field,
    Word,
    accident_of,
    accident_part,
    address,
    attribute,
    code,
    dated,
    diagnosis,
    dollars,
    field,
    months,
    of_period,
    person,
    provider,
    text,
    turned,
    when,
    yes,
)

RELATIONS = {
    "18": _("self"), "01": _("spouse"), "19": _("child"), "20": _("employee"), "21": _("unknown"),
    "39": _("organ donor"), "40": _("cadaver donor"), "53": _("life partner"), "G8": _("other"),
}  # fmt: skip
SEXES: Mapping[str, Word] = {"F": _("female"), "M": _("male"), "U": _("unknown")}
_MAYBE_SEX = {"": "–", **SEXES}
ASSIGNMENTS = {"A": _("accepted"), "B": _("laboratory only"), "C": _("not accepted")}
_RELEASES = {"Y": _("signed"), "I": _("by law")}
_BENEFITS = {"Y": _("to the provider"), "N": _("to the insured"), "W": _("not applicable")}
_TAX_KINDS = {"": "–", "EI": _("employer’s (EIN)"), "SY": _("social security (SSN)")}


class Group(Struct, frozen=True, kw_only=True):
    """Fields that stand together; `folded` while none of them says anything."""

    label: Word
    fields: tuple[Field, ...]
    folded: bool = False


# A void is no edit: it has a step of its own.
_FREQUENCIES: Mapping[str, Word] = {"1": _("original"), "7": _("replacement")}
_BILL_FREQUENCIES: Mapping[str, Word] = {
    "0": _("no payment asked"), "1": _("original"), "2": _("interim, first"), "3": _("interim, continuing"),
    "4": _("interim, last"), "5": _("late charges"), "7": _("replacement"), "9": _("final"),
}  # fmt: skip


_sex = turned("subscriber.sex", lambda found: found or "", lambda text: text or None)
_COVERAGE = (
    code("member_id", _("Member id"), "subscriber.member_id", 30),
    code("group_number", _("Group number"), "subscriber.group_number", 30),
    text("group_name", _("Group name"), "subscriber.group_name"),
    text("relationship", _("Patient is to the insured"), "subscriber.relationship", options=RELATIONS),
    text("insured_last", _("Insured: last name"), "subscriber.person.last", place="subscriber.name"),
    text("insured_first", _("Insured: first name"), "subscriber.person.first", 35, place="subscriber.name"),
    text("insured_middle", _("Insured: middle name"), "subscriber.person.middle", 25),
    text("insured_suffix", _("Insured: suffix"), "subscriber.person.suffix", 10),
    when("insured_born", _("Insured: born"), "subscriber.birth_date"),
    field("insured_sex", _("Insured: sex"), _sex, "subscriber.sex", options=_MAYBE_SEX),
    code("insurance_type", _("Insurance type"), "subscriber.insurance_type", 3, kinds=(*P, *D)),
    code("filing", _("Filing indicator"), "payer.claim_filing_indicator", 2, shape="two"),
    code("casualty", _("Casualty claim number"), "subscriber.property_casualty_claim_number", kinds=(*P, *D)),
)
_PATIENT = (
    text("patient_last", _("Last name"), "patient.person.last", place="patient.name"),
    text("patient_first", _("First name"), "patient.person.first", 35, place="patient.name"),
    text("patient_middle", _("Middle name"), "patient.person.middle", 25),
    text("patient_suffix", _("Suffix"), "patient.person.suffix", 10),
    when("patient_born", _("Born"), "patient.birth_date"),
    text("patient_sex", _("Sex"), "patient.sex", options=SEXES),
    code("record_number", _("Medical record number"), "institutional.medical_record_number", kinds=F),
    *address("", "patient.address"),
)
_DIAGNOSES = (
    *(
        field(
            f"dx{place + 1}", str(place + 1), diagnosis(place), "diagnoses", most=8, look="code", shape="icd10",
            kinds=(*P, *D) if place < 4 else P,
        )
        for place in range(12)
    ),
    DIAGNOSES,
    code("admitting", _("Admitting diagnosis"), "institutional.admitting_diagnosis", 8, kinds=F, shape="icd10"),
    codes(
        "reasons", _("Reasons for the visit"), "institutional.reasons_for_visit", 3, "icd10", 8, kinds=F
    ),
    CAUSES,
    PROCEDURES,
    code("drg", _("MS-DRG"), "institutional.drg", 3, kinds=F, shape="drg"),
)  # fmt: skip
_STAY = (
    code("facility_type", _("Facility type"), "institutional.facility_type", 2, kinds=F, shape="two"),
    field("frequency", _("Sent as"), attribute("frequency"), options=_BILL_FREQUENCIES, kinds=F),
    field("statement_from", _("Statement from"), of_period("institutional.statement", "start"),
          "institutional.statement", most=10, look="day", kinds=F),
    field("statement_through", _("Statement through"), of_period("institutional.statement", "end"),
          "institutional.statement", most=10, look="day", kinds=F),
    when("admission", _("Admitted"), kinds=(*P, *F)),
    code("admission_hour", _("Hour of admission"), "institutional.admission_hour", 2, kinds=F, shape="hour"),
    code("admission_minute", _("Minute of admission"), "institutional.admission_minute", 2, kinds=F, shape="minute"),
    code("admission_type", _("Admission type"), "institutional.admission_type", 1, kinds=F, shape="one"),
    code("origin", _("Point of origin"), "institutional.point_of_origin", 1, kinds=F, shape="one"),
    when("discharge", _("Discharged"), kinds=P),
    code("discharge_hour", _("Hour of discharge"), "institutional.discharge_hour", 2, kinds=F, shape="hour"),
    code("discharge_minute", _("Minute of discharge"), "institutional.discharge_minute", 2, kinds=F, shape="minute"),
    code("discharge_status", _("Discharge status"), "institutional.discharge_status", 2, kinds=F, shape="two"),
    codes("conditions", _("Condition codes"), "institutional.conditions", 24, kinds=F),
    OCCURRENCES,
    SPANS,
    VALUES,
    codes("treatments", _("Treatment codes"), "institutional.treatments", 12, "", 3, kinds=F),
    field("estimated_due", _("Patient will owe"), dollars("institutional.estimated_due"),
          "institutional.estimated_due", most=12, look="n", kinds=F),
)  # fmt: skip
_DENTAL = (
    MISSING_TEETH,
    field("months", _("Braces: months planned"), months("dental.orthodontics.months"), "dental.orthodontics",
          most=3, look="n", kinds=D),
    field("months_left", _("Braces: months left"), months("dental.orthodontics.months_left"),
          "dental.orthodontics.months_left", most=3, look="n", kinds=D),
    field("appliance", _("Braces: day placed"), dated("dental.orthodontics.placed"),
          "dental.orthodontics.placed", most=10, look="day", kinds=D),
    code("predetermination", _("Predetermination number"), "dental.predetermination_number", kinds=D),
    field("assistant", _("Assistant surgeon"), provider("dental.assistant_surgeon"), "dental.assistant_surgeon",
          look="provider", kinds=D),
)  # fmt: skip
_PROVIDERS = (
    code("place_of_service", _("Place of service"), most=2, kinds=(*P, *D), shape="two"),
    *person("attending", _("Attending"), "institutional.attending", taxonomy=True, kinds=F),
    code("attending_taxonomy", _("Attending: taxonomy"), "institutional.attending.taxonomy", 10, kinds=F),
    *person("operating", _("Operating"), "institutional.operating", kinds=F),
    *person("other_operating", _("2nd operating"), "institutional.other_operating", kinds=F),
    field("rendering", _("Rendering"), provider("rendering"), look="provider"),
    *person("referring", _("Referring")),
    *person("supervising", _("Supervising"), kinds=(*P, *D)),
)  # fmt: skip
_FACILITY = (
    text("facility_name", _("Facility: name"), "service_facility.organization", place="service_facility"),
    code("facility_npi", _("Facility: NPI"), "service_facility.npi", 10, shape="npi"),
    *address("facility_", "service_facility.address", _("Facility")),
)
_BILLING = (
    text("billing_name", _("Billing organization"), "billing.organization", place="billing.name"),
    code("billing_npi", _("Billing NPI"), "billing.npi", 10, shape="npi"),
    code("billing_taxonomy", _("Billing taxonomy"), "billing.taxonomy", 10),
    code("billing_tin", _("Tax number"), "billing.tin", 9),
    field("billing_tin_kind", _("Which one it is"), attribute("billing.tin_kind"), "billing.tin_kind",
          options=_TAX_KINDS),
    code("billing_phone", _("Telephone"), "billing.contact.phone", 10, shape="phone"),
    *address("billing_", "billing.address", _("Billing")),
)  # fmt: skip
_PAY_TO = address("pay_to_", "pay_to.address", _("Pay to"))
_PAYER = address("payer_", "payer.address", _("Payer"))
_ACCIDENT = (
    field("accident_auto", _("Auto accident"), accident_of("AA"), "accident.causes", options=YES, kinds=(*P, *D)),
    field("accident_employment", _("At work"), accident_of("EM"), "accident.causes", options=YES, kinds=(*P, *D)),
    field("accident_other", _("Other accident"), accident_of("OA"), "accident.causes", options=YES, kinds=(*P, *D)),
    field("accident_on", _("Day of the accident"), accident_part("on"), "accident.on", most=10, look="day",
          kinds=(*P, *D)),
    field("accident_state", _("State, of an auto accident"), accident_part("state"), "accident.state", most=2,
          shape="state", kinds=(*P, *D)),
    field("accident_country", _("Country, if abroad"), accident_part("country"), "accident.country", most=2,
          kinds=(*P, *D)),
    code("auto_state", _("State of the auto accident"), "institutional.auto_accident_state", 2, kinds=F,
         shape="state"),
)  # fmt: skip
_NUMBERS = (
    field("frequency", _("Sent as"), attribute("frequency"), options=_FREQUENCIES, kinds=(*P, *D)),
    code("original", _("Original’s number"), "payer_control_number"),
    code("prior_authorization", _("Prior authorization")),
    code("referral_number", _("Referral number")),
    code("clia", _("CLIA"), most=12, kinds=P),
    when("onset", _("Onset"), kinds=P),
    when("last_period", _("Last menstrual period"), "last_menstrual_period", kinds=P),
    field("patient_paid", _("Patient paid"), dollars("patient_paid"), most=12, look="n", kinds=(*P, *D)),
    field("accept_assignment", _("Assignment"), attribute("accept_assignment"), options=ASSIGNMENTS),
    field("benefits", _("Payment goes"), attribute("benefits_assigned"), "benefits_assigned", options=_BENEFITS),
    field("release", _("Release of information"), attribute("release_of_information"), "release_of_information",
          options=_RELEASES),
    field("signature", _("Provider signed"), yes("provider_signature"), "provider_signature", options=YES,
          kinds=(*P, *D)),
    text("note", _("Note to the payer"), most=80, look="note"),
)  # fmt: skip
_SELDOM = (
    code("special_program", _("Special program"), most=3, kinds=(*P, *D)),
    code("delay_reason", _("Delay reason"), most=2),
    EPSDT,
    ATTACHMENTS,
    REFERENCES,
    NOTES,
    FILE_INFORMATION,
)

GROUPS: tuple[Group, ...] = (
    Group(label=_("Coverage"), fields=_COVERAGE),
    Group(label=_("Patient"), fields=_PATIENT),
    Group(label=_("Diagnoses"), fields=_DIAGNOSES),
    Group(label=_("Bill and stay"), fields=_STAY),
    Group(label=_("Accident"), fields=_ACCIDENT, folded=True),
    Group(label=_("Mouth and orthodontics"), fields=_DENTAL),
    Group(label=_("Providers and place"), fields=_PROVIDERS),
    Group(label=_("Where it was done, if elsewhere"), fields=_FACILITY, folded=True),
    Group(label=_("Numbers, days, signatures, note"), fields=_NUMBERS),
    Group(label=_("Billing provider"), fields=_BILLING, folded=True),
    Group(label=_("Where the payment goes, if elsewhere"), fields=_PAY_TO, folded=True),
    Group(label=_("Payer’s address"), fields=_PAYER, folded=True),
    Group(label=_("Attachments, further numbers and notes"), fields=_SELDOM, folded=True),
)

OTHER_FIELDS: tuple[Field, ...] = (
    text("payer", _("Payer"), "payer.name", place="other_insurance"),
    code("payer_id", _("Payer id"), "payer.id", 80),
    code("filing", _("Filing indicator"), "payer.claim_filing_indicator", 2, shape="two"),
    code("member_id", _("Member id"), "subscriber.member_id", 30),
    code("group_number", _("Group number"), "subscriber.group_number", 30),
    text("group_name", _("Group name"), "subscriber.group_name"),
    text("relationship", _("Patient is to the insured"), "subscriber.relationship", options=RELATIONS),
    text("insured_last", _("Insured: last name"), "subscriber.person.last"),
    text("insured_first", _("Insured: first name"), "subscriber.person.first", 35),
    code("insurance_type", _("Insurance type"), "subscriber.insurance_type", 3),
    field("paid", _("It paid"), dollars("paid"), most=12, look="n"),
    when("paid_on", _("Paid on")),
    field("non_covered", _("Not covered"), dollars("non_covered"), most=12, look="n"),
    field(
        "left",
        _("Patient owes"),
        dollars("remaining_patient_liability"),
        "remaining_patient_liability",
        most=12,
        look="n",
    ),
    ADJUSTED,
    code("control_number", _("Its claim number"), "payer_control_number"),
    code("prior_authorization", _("Its authorization")),
    code("referral_number", _("Its referral number")),
    field("benefits", _("Payment goes"), attribute("benefits_assigned"), options=_BENEFITS),
    field("release", _("Release of information"), attribute("release_of_information"), options=_RELEASES),
)

__all__ = ["GROUPS", "LINE_FIELDS", "LINE_MORE", "OTHER_FIELDS", "Group"]
