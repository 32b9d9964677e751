"""FHIR R4 to charts.

Read are Patient, RelatedPerson, Practitioner, PractitionerRole, Organization, Location, Coverage, Encounter,
Condition, Procedure, Immunization, Observation, DocumentReference, Medication and MedicationRequest, and of Claim
and ExplanationOfBenefit the payer that they name. Other resources are counted and left, as are fields that are not
used; a resource that can't be read is a finding and costs no other.

References
----------
`Patient/id` (also with a server's address before it or a version behind it), `urn:uuid:…` by the entry's fullUrl,
`Practitioner?identifier=system|value`, `#id` of a contained resource, and references that carry only an
identifier. Whoever is in no file is known by what the reference itself says: display and NPI.

What is taken from where
------------------------
- **Provider roles** from Encounter.participant.type. Performer: v3-ParticipationType PPRF, else ATND, else the
  first without a type, else the first of any type that is none of the following. Referrer: REFB or REF. Supervisor:
  `supervisor` (claim care team role) or RESP (responsible party). A provider's taxonomy is that of the
  PractitionerRole, else of the qualification (code system http://nucc.org/provider-taxonomy).
- **Rank of a diagnosis** from Encounter.diagnosis[].rank (of several uses of one condition the one nearest to
  billing), else from the condition's extension `rank`. A condition that a visit lists belongs to that visit too,
  even when it was recorded in another.
- **Visit without a reference**: a procedure, vaccine, observation, prescription or note that names no encounter
  goes to the patient's only visit of that day, and is counted; with none or several, it is left out, and counted.
- **Coverage**: `order`, `class` (group, plan), `subscriber` (the patient, another Patient, or a RelatedPerson, who
  may be contained), `relationship` (else the role of the RelatedPerson), `subscriberId` (else the identifier of
  type MB), `period`, `payor` (Organization or display; a patient or relative as payor means self-pay).
- **Place of service** of a Location: a `type` coding of the CMS place-of-service code set.
- **Dates**: partial ones count from their first day, a birth date must be whole. A moment names the calendar day
  of its own offset; one without an offset is taken as UTC.

Extensions
----------
Where FHIR has no element, these are ours, below https://superbill.example/fhir/:

============================  ==========================  ====================================================
url                           on                          value
============================  ==========================  ====================================================
`units`                       Procedure, Immunization     valueDecimal, more than 0
`modifier`                    Procedure, Immunization     valueCode; repeated, in order
`rank`                        Condition                   valuePositiveInt, 1 = first-listed
`accident`                    Encounter                   nested: `kind` (valueCode auto, employment, other),
                                                          `date` (valueDate), `state` (valueString),
                                                          `claim-number` (valueString)
`authorization-number`        Encounter                   valueString
`copay-collected`             Encounter                   valueMoney in USD
============================  ==========================  ====================================================

Inside `accident` the urls are the bare names, as FHIR wants it of nested extensions.
"""
