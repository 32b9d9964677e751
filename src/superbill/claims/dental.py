"""What only a dental claim has: teeth, surfaces, areas of the mouth, orthodontics, the assistant surgeon (837D)."""

from datetime import date
from typing import Literal

from msgspec import Struct

from superbill.claims.parties import Provider


class Tooth(Struct, frozen=True, omit_defaults=True):
    """A tooth treated (TOO): number 1 to 32 or letter A to T (universal numbering), and its surfaces.

    Surfaces: M mesial, O occlusal, D distal, B buccal, F facial, L lingual, I incisal; each once.
    """

    number: str
    surfaces: tuple[Literal["M", "O", "D", "B", "F", "L", "I"], ...] = ()


class ToothStatus(Struct, frozen=True):
    """A tooth that is missing (M) or is to be extracted (E) (DN2 of loop 2300)."""

    number: str
    status: Literal["E", "M"]


class Orthodontics(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Orthodontic treatment (DN1, DTP*452): months planned and left, the day the appliance was placed."""

    months: int | None = None
    months_left: int | None = None
    placed: date | None = None


class DentalLine(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2400 of the 837D: teeth; up to five areas of the oral cavity (SV304); prosthesis initial or replacement.

    `prior_placement` is the day of the prosthesis that is replaced (DTP*441), `placed` that of an orthodontic
    appliance (DTP*452) and `replaced` that of its replacement (DTP*446); treatment over several visits `started`
    (DTP*196) and was `completed` (DTP*198). `predetermination_number` is the payer's for this line (REF*G3).
    """

    teeth: tuple[Tooth, ...] = ()
    oral_cavity: tuple[str, ...] = ()
    prosthesis: Literal["I", "R", ""] = ""
    prior_placement: date | None = None
    placed: date | None = None
    replaced: date | None = None
    started: date | None = None
    completed: date | None = None
    predetermination_number: str = ""
    assistant_surgeon: Provider | None = None


class DentalDetail(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Loop 2300 of the 837D.

    `predetermination_number` (REF*G3) is the one that the payer gave to the predetermination of these services;
    whether the claim is itself such a question is the claim's own field. `assistant_surgeon` is loop 2310D.
    """

    orthodontics: Orthodontics | None = None
    teeth: tuple[ToothStatus, ...] = ()
    predetermination_number: str = ""
    assistant_surgeon: Provider | None = None
