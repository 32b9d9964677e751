"""What the practice knows of its payers, for the desk: names, kinds, who a coverage's payer is."""

from superbill.app.session import BadInput, Session
from superbill.app.web import sites
from superbill.app.web.desk import Desk
from superbill.site import PayerEntry


def session(at: Desk) -> Session | None:
    """This person at work with the site file; None where the server has none."""
    try:
        return sites.session(at)
    except BadInput:
        return None


def payers(at: Desk) -> tuple[PayerEntry, ...]:
    """The payers that the practice bills, by name."""
    there = session(at)
    return tuple(sorted(there.site.payers, key=lambda one: one.name)) if there else ()


def payer_of(at: Desk, text: str) -> PayerEntry | None:
    """The payer that a coverage means by `text`."""
    there = session(at)
    return there.site.payer(text) if there and text else None


def named(at: Desk, key: str) -> str:
    """The payer's name, or the key where nobody knows it."""
    found = payer_of(at, key)
    return found.name if found else key
