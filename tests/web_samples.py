"""People at the pages, and a practice in which every page has something to show."""

import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import Client
from msgspec import Struct

from superbill.app.accounts.actions import grant
from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.models import User
from superbill.app.accounts.permissions import Role
from superbill.app.billing.queries import patients_with_balance
from superbill.app.boot import secret_key
from superbill.app.practices.models import Practice
from superbill.app.remits.actions import post_remittance
from tests.app_samples import AT, billed, remittance, usual_answer
from tests.statement_samples import stated

PASSWORD = "correct horse battery staple"


class Office(Struct, frozen=True):
    """A practice, and the keys that each route needs to find something in it."""

    practice: Practice
    keys: dict[str, tuple[object, ...]]

    def rows(self, model: Any) -> Any:
        """The practice's rows, as the program itself sees them."""
        return Scope(self.practice.pk).rows(model)


def nobody(name: str) -> User:
    """One who may sign in and has no role anywhere."""
    return User.objects.create(username=name)


def member_of(practice: Practice, name: str, *roles: Role) -> User:
    """One with these roles in the practice."""
    user = nobody(name)
    for role in roles:
        grant(actor_with("chief", practice.pk, Role.ADMINISTRATOR), user, role, at=AT)
    return user


def signed_in(user: User) -> Client:
    """A browser in which `user` has signed in."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    return client


def site_of(practice: Practice, folder: Path) -> Path:
    """A site file of the practice: the demo clinic's facts, charges, contracts and payers under its key.

    The server is told of it, as by `superbill serve --site`; the last one told counts.
    """
    for place in (files("superbill.demo"), files("superbill.demo") / "clinic"):
        for file in place.iterdir():
            if file.is_file() and file.name.endswith((".toml", ".csv")):
                (folder / file.name).write_bytes(file.read_bytes())
    site = folder / "site.toml"
    key, told = re.search(r'\[practice\]\nkey = "([^"]+)"', site.read_text()), site.read_text()
    assert key
    site.write_text(told.replace(f'key = "{key[1]}"', f'key = "{practice.key}"', 1))
    settings.SUPERBILL_SITE, settings.SUPERBILL_PLACE = site, str(folder / "superbill.db")
    settings.SUPERBILL_PARTNER = f"simulated:{folder / 'exchange'}"
    return site


def one_of_everything(system: Any, practice: Practice, folder: Path, charts: int = 1) -> Office:
    """Visits, claims that one payment answers, and a statement."""
    secret_key(folder / "key")
    site_of(practice, folder)
    claims = billed(system, charts=charts, visits=2)
    posted = post_remittance(system, remittance("T1", *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    due = next(patients_with_balance(system.scope))
    kept = stated(system)[0]
    number = (claims[0].control_number,)
    patient = (due.patient_id,)
    return Office(
        practice,
        {
            "visit": ("A1001",), "claim": number, "paper": number, "x12": number, "payment": (posted.id,),
            "account": patient, "journal": patient, "statement": (kept.number,),
        },
    )  # fmt: skip
