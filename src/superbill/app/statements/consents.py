"""Which way a guarantor's statement goes: by letter, unless they agreed to something else."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from superbill.app.accounts.actors import Scope
from superbill.app.guarantors.queries import GuarantorCard
from superbill.app.rows import found
from superbill.app.statements.models import Channel, Consent


class Route(Struct, frozen=True):
    """A channel, and the e-mail address for what goes by mail or tells of the portal."""

    channel: str = Channel.LETTER.value
    address: str = ""


def routes(scope: Scope, people: Iterable[GuarantorCard], on: date) -> dict[int, Route]:
    """The way of each guarantor's statement on a day: what they agreed to last and did not take back."""
    ways = {one.id: Route() for one in people}
    columns = ("id", "guarantor_id", "channel", "address", "given", "withdrawn")
    for _, guarantor, channel, address, given, withdrawn in sorted(
        found(scope, Consent, "guarantor_id", ways, *columns), key=lambda row: (row[4], row[0])
    ):
        if given <= on and (withdrawn is None or on < withdrawn):
            ways[guarantor] = Route(channel, address)
    return ways


def consents(scope: Scope, guarantor: int) -> list[Consent]:
    """What a guarantor agreed to and took back, in order."""
    return list(scope.rows(Consent).filter(guarantor_id=guarantor).order_by("id"))
