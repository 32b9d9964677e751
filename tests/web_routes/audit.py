"""The audit log."""

from superbill.app.accounts.permissions import Role
from tests.web_routes import Listed

ROUTES = {
    "audit": Listed(lacking=Role.BILLER),
    "audit-export": Listed(lacking=Role.BILLER, body={"form": "csv"}, gives=302, page=False),
    "audit-check": Listed(lacking=Role.BILLER, body={}, gives=302, page=False),
}
