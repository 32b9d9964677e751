"""Segments of the certificates that go with a claim or a request for one: why a service is needed, and for how long."""

from superbill.x12.standard.base import Count, Day, Quantity, Segment, When


class CR1(Segment, frozen=True):
    """Ambulance transport: the patient's weight, why he was transported, from where, to where, how far."""

    ELEMENTS = "355 81 1316 1317 355 380 166 166 352 352"
    NOTES = "P0102 P0506"

    weight_unit: str = ""
    weight: Quantity = None
    transport: str = ""
    reason: str = ""
    distance_unit: str = ""
    distance: Quantity = None
    origin: str = ""
    destination: str = ""
    round_trip_purpose: str = ""
    stretcher_purpose: str = ""


class CR2(Segment, frozen=True):
    """Chiropractic treatment: which of how many, the subluxation, the patient's condition."""

    ELEMENTS = "609 380 1367 1367 355 380 380 1342 1073 352 352 1073"
    NOTES = "P0102 C0403 P0506"

    treatment_number: Count = None
    treatments: Quantity = None
    subluxation_1: str = ""
    subluxation_2: str = ""
    period_unit: str = ""
    treatment_period: Quantity = None
    monthly_treatments: Quantity = None
    condition: str = ""
    complication: str = ""
    description_1: str = ""
    description_2: str = ""
    x_rays: str = ""


class CR3(Segment, frozen=True):
    """Durable medical equipment: for how long it is needed."""

    ELEMENTS = "1322 355 380 1335 352"
    NOTES = "P0203"

    certification_type: str = ""
    unit: str = ""
    duration: Quantity = None
    insulin: str = ""
    description: str = ""


class CR5(Segment, frozen=True):
    """Oxygen therapy at home: equipment, flow, and the test results that justify it."""

    ELEMENTS = "1322 380 1348 1348 352 380 380 380 352 380 380 1349 1350 1350 1350 380 1382 1348"

    certification_type: str = ""
    treatment_period: Quantity = None
    equipment_1: str = ""
    equipment_2: str = ""
    equipment_reason: str = ""
    flow_rate: Quantity = None
    daily_uses: Quantity = None
    hours_of_use: Quantity = None
    therapist_order: str = ""
    arterial_blood_gas: Quantity = None
    oxygen_saturation: Quantity = None
    test_condition: str = ""
    finding_1: str = ""
    finding_2: str = ""
    finding_3: str = ""
    portable_flow_rate: Quantity = None
    delivery_system: str = ""
    equipment_3: str = ""


class CR6(Segment, frozen=True):
    """Care at home: prognosis, the period that is certified, and the dates of what led to it."""

    ELEMENTS = "923 373 1250 1251 373 1073 1073 1322 373 235 1137 373 373 373 1250 1251 1384 373 373 373 373"
    NOTES = "P0304 P091011 P151617"

    prognosis: str = ""
    start_of_care: Day = None
    period_format: str = ""
    period: When = None
    diagnosis_date: Day = None
    skilled_nursing_facility: str = ""
    medicare_coverage: str = ""
    certification_type: str = ""
    surgery_date: Day = None
    procedure_qualifier: str = ""
    procedure: str = ""
    order_date: Day = None
    last_visit_date: Day = None
    physician_contact_date: Day = None
    admission_format: str = ""
    admission: When = None
    patient_location: str = ""
    diagnosis_date_2: Day = None
    diagnosis_date_3: Day = None
    diagnosis_date_4: Day = None
    diagnosis_date_5: Day = None


class CR7(Segment, frozen=True):
    """A plan of treatment at home: visits of one discipline, in all and so far."""

    ELEMENTS = "921 1470 1470"

    discipline: str = ""
    visits: Count = None
    projected_visits: Count = None


class CRC(Segment, frozen=True):
    """Conditions of one category, and whether they apply."""

    ELEMENTS = "1136 1073 1321 1321 1321 1321 1321"
    KEY = 1

    category: str = ""
    answer: str = ""
    condition_1: str = ""
    condition_2: str = ""
    condition_3: str = ""
    condition_4: str = ""
    condition_5: str = ""

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that are there, in order."""
        every = (self.condition_1, self.condition_2, self.condition_3, self.condition_4, self.condition_5)
        return tuple(filter(None, every))


class HSD(Segment, frozen=True):
    """How a service is delivered: how many units, in which pattern, over which period."""

    ELEMENTS = "673 380 355 1167 615 616 678 679"
    NOTES = "P0102 C0605"

    qualifier: str = ""
    quantity: Quantity = None
    unit: str = ""
    frequency: Quantity = None
    period_qualifier: str = ""
    periods: Count = None
    pattern: str = ""
    pattern_time: str = ""
