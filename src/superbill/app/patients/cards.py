"""Pictures of insurance cards: checked by content, made anew without what a camera adds, kept with the patient."""

import io
import warnings
from datetime import datetime

from PIL import Image, ImageOps, UnidentifiedImageError

from superbill.app.accounts.actors import Actor, Scope
from superbill.app.accounts.permissions import Permission
from superbill.app.patients.models import CardImage, PatientRow, Side
from superbill.app.work import action

MOST_BYTES = 8_000_000
_MOST_PIXELS = 40_000_000
_LONGEST = 1600  # pixels of the longer side as kept: every digit can be read
_FORMATS = ("JPEG", "PNG", "WEBP")


class BadCard(ValueError):
    """A picture that can't be kept; the message says why. Nothing was changed."""


def keep_card(actor: Actor, patient: int, coverage: str, side: Side, data: bytes, *, at: datetime) -> int:
    """Keep a picture of one side of a card; the row id. An earlier one of that side no longer shows.

    What is kept is a JPEG of our own making: nothing else that the file held (place, camera, a script) is.
    Raises BadCard for anything that is no JPEG, PNG or WebP, or is too large.
    """
    content, width, height = remade(data)
    with action(actor, Permission.REGISTER, "keep card", at) as work:
        if not work.scope.rows(PatientRow).filter(pk=patient, merged_into=None).exists():
            raise BadCard("This patient is not here, or was merged into another one.")
        there = work.scope.rows(CardImage).filter(patient_id=patient, coverage=coverage, side=side.value, replaced=None)
        there.update(replaced=at)
        row = CardImage(
            practice_id=work.practice_id, patient_id=patient, coverage=coverage[:128], side=side.value,
            content=content, width=width, height=height, by=actor.name, at=at,
        )  # fmt: skip
        work.scope.rows(CardImage).bulk_create([row])
        work.note("patient", patient, card=side.value)
        return row.pk


def drop_card(actor: Actor, card: int, *, at: datetime) -> None:
    """A picture no longer shows (the wrong card); it stays in the books. Raises BadCard."""
    with action(actor, Permission.REGISTER, "drop card", at) as work:
        row = work.scope.rows(CardImage).filter(pk=card, replaced=None).first()
        if row is None:
            raise BadCard("This picture is not here any more.")
        row.replaced = at
        row.save(update_fields=["replaced"])
        work.note("patient", row.patient_id, card=row.side)


def card(scope: Scope, row_id: int) -> CardImage | None:
    """The picture of this row id."""
    return scope.rows(CardImage).filter(pk=row_id).first()


def cards_of(scope: Scope, patient: int) -> list[CardImage]:
    """The pictures of a patient's cards that show, without their bytes."""
    rows = scope.rows(CardImage).filter(patient_id=patient, replaced=None).defer("content")
    return list(rows.order_by("coverage", "-side", "id"))


def remade(data: bytes) -> tuple[bytes, int, int]:
    """The picture as we keep it, with its width and height. Raises BadCard."""
    if len(data) > MOST_BYTES:
        raise BadCard(f"The picture has {len(data) // 1_000_000} MB; at most {MOST_BYTES // 1_000_000} are taken.")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=_FORMATS) as picture:
                if picture.width * picture.height > _MOST_PIXELS:
                    raise BadCard("The picture has more than 40 million pixels. Take it again at a smaller size.")
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise BadCard("This is no picture of a kind that is taken: JPEG, PNG or WebP.") from None
    except (OSError, ValueError, SyntaxError) as error:
        if isinstance(error, BadCard):
            raise
        raise BadCard("The picture is damaged. Take it again.") from None
    upright.thumbnail((_LONGEST, _LONGEST))
    made = io.BytesIO()
    upright.save(made, "JPEG", quality=82, optimize=True)
    return made.getvalue(), upright.width, upright.height
