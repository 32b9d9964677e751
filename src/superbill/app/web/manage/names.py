"""What payers and providers are called, for tables that group by their keys."""

from superbill.app.session import BadInput
from superbill.app.web.desk import CLAIMS, Desk
from superbill.app.web.queries import payer_names
from superbill.app.web.sites import session

# What stands for the empty key.
NOBODY = {"month": "–", "payer": "Patients", "provider": "nobody named", "code": "no code"}


def names(at: Desk, by: str) -> dict[str, str]:
    """By key: payers as the site or their first claim names them, providers as LAST, First."""
    if by == "payer":
        return _payers(at)
    if by == "provider":
        return _providers(at)
    return {}


def _payers(at: Desk) -> dict[str, str]:
    known = payer_names(at.scope) if at.may(CLAIMS) else {}
    try:
        return known | {one.key: one.name for one in session(at).site.payers}
    except BadInput:  # without a site file the claims' own words have to do
        return known


def _providers(at: Desk) -> dict[str, str]:
    try:
        people = session(at).site.providers
    except BadInput:
        return {}
    return {one.npi: f"{one.last.upper()}, {one.first}" for one in people}
