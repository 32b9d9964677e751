"""The composites of health care transactions: elements that are made of components (release 005010)."""

from superbill.x12.standard.base import Composite, Count, Money, Quantity, When


class C001(Composite, frozen=True):
    """Composite unit of measure: up to five units, each raised to an exponent and multiplied, together one unit."""

    ELEMENTS = "355 1018 649 355 1018 649 355 1018 649 355 1018 649 355 1018 649"

    unit: str = ""
    exponent: Quantity = None
    multiplier: Quantity = None
    unit_2: str = ""
    exponent_2: Quantity = None
    multiplier_2: Quantity = None
    unit_3: str = ""
    exponent_3: Quantity = None
    multiplier_3: Quantity = None
    unit_4: str = ""
    exponent_4: Quantity = None
    multiplier_4: Quantity = None
    unit_5: str = ""
    exponent_5: Quantity = None
    multiplier_5: Quantity = None


class C002(Composite, frozen=True):
    """Actions indicated on paperwork."""

    ELEMENTS = "704 704 704 704 704"

    action_1: str = ""
    action_2: str = ""
    action_3: str = ""
    action_4: str = ""
    action_5: str = ""


class C003(Composite, frozen=True):
    """A medical procedure: the code, the list that it is from, up to four modifiers, a description.

    `last_code` is the end of a range that starts with `code`.
    """

    ELEMENTS = "235 234 1339 1339 1339 1339 352 234"

    qualifier: str = ""
    code: str = ""
    modifier_1: str = ""
    modifier_2: str = ""
    modifier_3: str = ""
    modifier_4: str = ""
    description: str = ""
    last_code: str = ""

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that are there, in order."""
        return tuple(filter(None, (self.modifier_1, self.modifier_2, self.modifier_3, self.modifier_4)))


class C004(Composite, frozen=True):
    """Diagnosis code pointers: positions in the claim's list of diagnoses, counted from 1, most important first."""

    ELEMENTS = "1328 1328 1328 1328"

    pointer_1: Count = None
    pointer_2: Count = None
    pointer_3: Count = None
    pointer_4: Count = None

    @property
    def pointers(self) -> tuple[int, ...]:
        """The pointers that are there, in order."""
        every = (self.pointer_1, self.pointer_2, self.pointer_3, self.pointer_4)
        return tuple(pointer for pointer in every if pointer is not None)


class C005(Composite, frozen=True):
    """Tooth surfaces."""

    ELEMENTS = "1369 1369 1369 1369 1369"

    surface_1: str = ""
    surface_2: str = ""
    surface_3: str = ""
    surface_4: str = ""
    surface_5: str = ""

    @property
    def surfaces(self) -> tuple[str, ...]:
        """The surfaces that are there, in order."""
        every = (self.surface_1, self.surface_2, self.surface_3, self.surface_4, self.surface_5)
        return tuple(filter(None, every))


class C006(Composite, frozen=True):
    """Areas of the oral cavity."""

    ELEMENTS = "1361 1361 1361 1361 1361"

    area_1: str = ""
    area_2: str = ""
    area_3: str = ""
    area_4: str = ""
    area_5: str = ""

    @property
    def areas(self) -> tuple[str, ...]:
        """The areas that are there, in order."""
        return tuple(filter(None, (self.area_1, self.area_2, self.area_3, self.area_4, self.area_5)))


class C022(Composite, frozen=True):
    """A code of an HI segment: diagnosis, procedure, condition, occurrence, value, DRG and others, by `qualifier`.

    `amount` goes with a value code, `date` with an occurrence or a procedure; `last_code` ends a range of codes;
    `present_on_admission` is that of a diagnosis.
    """

    ELEMENTS = "1270 1271 1250 1251 782 380 799 1271 1073"
    NOTES = "P0304 E0809"

    qualifier: str = ""
    code: str = ""
    date_format: str = ""
    date: When = None
    amount: Money = None
    quantity: Quantity = None
    version: str = ""
    last_code: str = ""
    present_on_admission: str = ""


class C023(Composite, frozen=True):
    """Where a service was rendered, and how often the claim has been sent.

    `code` is a place of service (qualifier B) or the first two positions of the type of bill (qualifier A).
    """

    ELEMENTS = "1331 1332 1325"

    code: str = ""
    qualifier: str = ""
    frequency: str = ""


class C024(Composite, frozen=True):
    """Causes of the patient's condition: accident, employment, another party; the state of an accident by car."""

    ELEMENTS = "1362 1362 1362 156 26"

    cause_1: str = ""
    cause_2: str = ""
    cause_3: str = ""
    state: str = ""
    country: str = ""

    @property
    def causes(self) -> tuple[str, ...]:
        """The causes that are there, in order."""
        return tuple(filter(None, (self.cause_1, self.cause_2, self.cause_3)))


class C030(Composite, frozen=True):
    """A position in a segment: element, component of a composite, repetition of an element; each counts from 1."""

    ELEMENTS = "722 1528 1686"

    element: Count = None
    component: Count = None
    repetition: Count = None


class C035(Composite, frozen=True):
    """A provider's specialty."""

    ELEMENTS = "1222 559 1073"

    code: str = ""
    agency: str = ""
    certified: str = ""


class C040(Composite, frozen=True):
    """Reference identifiers that belong to another: up to three pairs of qualifier and value."""

    ELEMENTS = "128 127 128 127 128 127"
    NOTES = "P0304 P0506"

    qualifier: str = ""
    value: str = ""
    qualifier_2: str = ""
    value_2: str = ""
    qualifier_3: str = ""
    value_3: str = ""


class C042(Composite, frozen=True):
    """Why a provider's balance is adjusted, and the payer's own number for it."""

    ELEMENTS = "426 127"

    reason: str = ""
    reference: str = ""


class C043(Composite, frozen=True):
    """A claim status: category, status code, and the entity that it speaks of."""

    ELEMENTS = "1271 1271 98 1270"

    category: str = ""
    code: str = ""
    entity: str = ""
    code_list: str = ""


class C052(Composite, frozen=True):
    """Which parts of Medicare a member has, and why he is eligible."""

    ELEMENTS = "1218 1701 1701 1701"

    plan: str = ""
    reason_1: str = ""
    reason_2: str = ""
    reason_3: str = ""

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons that are there, in order."""
        return tuple(filter(None, (self.reason_1, self.reason_2, self.reason_3)))


class C056(Composite, frozen=True):
    """A race or ethnicity: the standard's own code, or one of a named code list."""

    ELEMENTS = "1109 1270 1271"
    NOTES = "P0203"

    race: str = ""
    code_list: str = ""
    code: str = ""


class C998(Composite, frozen=True):
    """What the context of an error is called, and its value."""

    ELEMENTS = "9999 9998"

    name: str = ""
    reference: str = ""


class C999(Composite, frozen=True):
    """The data element behind a position in a segment, and that of its component."""

    ELEMENTS = "725 725"

    element: Count = None
    component: Count = None
