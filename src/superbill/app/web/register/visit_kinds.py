"""Kinds of visits as the desk calls them, in the class, place and SNOMED code by which they are coded."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from superbill.chart.model import SNOMED, Coding, Concept, EncounterRecord


class VisitKind(Struct, frozen=True, kw_only=True):
    """One kind. `place` is where it always is, "" for the place of service of the location; `elsewhere` are those that
    a location of its kind may have besides. `stay`: it ends on a day of its own; `facility`: a hospital or a nursing
    facility may bill it besides the practice, so that it has facts of admission."""

    key: str
    words: str | Promise
    class_code: str
    place: str = ""
    elsewhere: tuple[str, ...] = ()
    snomed: str = ""
    display: str = ""
    stay: bool = False
    facility: bool = False
    anywhere: bool = False  # not at the location of which the form speaks: no location has to fit

    @property
    def concept(self) -> Concept:
        """The kind as the chart records it."""
        codings = (Coding(SNOMED, self.snomed, self.display),) if self.snomed else ()
        return Concept(codings=codings, text="" if codings else self.display)

    def fits(self, place: str) -> bool:
        """Whether a location of this place of service is one for such a visit."""
        return not self.place or self.anywhere or place == self.place or place in self.elsewhere


_SYMPTOM, _SAID = "185345009", "Encounter for symptom"
KINDS = (
    VisitKind(key="office", words=_("office visit"), class_code="AMB", snomed=_SYMPTOM, display=_SAID),
    VisitKind(key="preventive", words=_("preventive visit"), class_code="WELLNESS", snomed="162673000",
              display="General examination of patient (procedure)"),
    VisitKind(key="telehealth", words=_("telehealth, patient at home"), class_code="VR", place="10", anywhere=True,
              snomed="390906007", display="Follow-up encounter"),
    VisitKind(key="telehealth-elsewhere", words=_("telehealth, patient elsewhere"), class_code="VR", place="02",
              anywhere=True, snomed="390906007", display="Follow-up encounter"),
    VisitKind(key="home", words=_("home visit"), class_code="HH", place="12", anywhere=True, display="Home visit"),
    VisitKind(key="outpatient", words=_("hospital, outpatient"), class_code="AMB", place="22", elsewhere=("19",),
              snomed=_SYMPTOM, display=_SAID, facility=True),
    VisitKind(key="emergency", words=_("emergency department"), class_code="EMER", place="23",
              elsewhere=("19", "21", "22"), snomed="50849002", display="Emergency room admission (procedure)",
              facility=True),
    VisitKind(key="observation", words=_("hospital, observation"), class_code="OBSENC", place="22",
              elsewhere=("19", "21"), display="Observation", stay=True, facility=True),
    VisitKind(key="inpatient", words=_("hospital stay"), class_code="IMP", place="21", elsewhere=("51", "61"),
              snomed="183452005", display="Encounter Inpatient", stay=True, facility=True),
    VisitKind(key="nursing", words=_("nursing facility"), class_code="AMB", place="32", elsewhere=("31",),
              snomed=_SYMPTOM, display=_SAID, facility=True),
)  # fmt: skip
BY_KEY = {one.key: one for one in KINDS}


def kind_of(record: EncounterRecord) -> VisitKind | None:
    """The kind as which the desk would enter this visit; None for one that the list has not."""
    place = record.location.place_of_service if record.location else ""
    same = [one for one in KINDS if one.class_code == record.class_code]
    exact = next((one for one in same if place and place in (one.place, *one.elsewhere)), None)
    return exact or next((one for one in same if not one.place), None)
