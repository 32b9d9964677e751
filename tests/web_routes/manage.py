"""Manage."""

from superbill.app.accounts.permissions import Role
from superbill.app.rules.actions import activate_pack
from superbill.packs import Replay, read_pack
from tests.app_samples import AT
from tests.web_routes import Listed

PACK = """pack: tried
version: 1
about: What a payer asks for.
source: its manual
rules:
  - id: office-visits
    severity: warning
    when: {field: line.code, starts with: "992"}
    say: An office visit.
    fix: Look at the level.
"""
ROUTES = {
    "manage": Listed(lacking=Role.BILLER, gives=302, page=False),
    "figures": Listed(lacking=Role.BILLER),
    "figure": Listed(lacking=Role.POSTER, common=True),
    "cases": Listed(lacking=Role.BILLER, reads="encounter", common=True),
    "receivables": Listed(lacking=Role.BILLER, reads="encounter"),
    "receivables-lines": Listed(lacking=Role.BILLER, reads="patient"),
    "scorecards": Listed(lacking=Role.BILLER),
    "productivity": Listed(lacking=Role.BILLER),
    "rules": Listed(lacking=Role.BILLER),
    "pack": Listed(lacking=Role.BILLER),
    "pack-replay": Listed(lacking=Role.BILLER, body={"text": "pack: ["}, gives=422),
    "contracts": Listed(lacking=Role.BILLER),
    "contract": Listed(lacking=Role.BILLER, common=True),
    "practice-facts": Listed(lacking=Role.BILLER),
}


def keys(system, office, folder):
    """A pack at work; a figure and a contract that there are anyway."""
    nothing = Replay(claims=0, denied_lines=0, caught=0, tallies=(), stopped=())
    activate_pack(system, read_pack(PACK, "tried.yaml"), nothing, at=AT)
    return {
        "figure": ("denied-dollars",),
        "cases": ("denied-dollars",),
        "pack": ("tried",),
        "contract": ("harbor-2024",),
    }
