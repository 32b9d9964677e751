"""Two patients of one practice and one of another, each with bills, payments, questions and a way in."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import get_hashers, get_hashers_by_algorithm
from django.test import Client
from msgspec import Struct

from superbill.app.accounts.actors import Actor
from superbill.app.billing.models import ChargeLine
from superbill.app.guarantors.queries import guarantor_of
from superbill.app.patients.models import PatientRow
from superbill.app.portal.access import account_in, invite, known, register
from superbill.app.portal.actions import ask, new_key, pay
from superbill.app.portal.cards import TEST
from superbill.app.portal.scope import PortalScope
from superbill.app.practices.models import Practice
from superbill.app.remits.actions import post_remittance
from superbill.app.statements.models import Statement
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.statement_samples import stated
from tests.web_samples import site_of

PASSWORD = "three short words"


class Patient(Struct, frozen=True):
    """A guarantor with their own pages, and the keys of addresses that lead to what is theirs."""

    login: str
    patient: int
    guarantor: int
    mine: PortalScope
    keys: dict[str, object]

    def browser(self) -> Client:
        """Their browser, signed in."""
        client = Client(headers={"host": "localhost"})
        answer = client.post("/my/sign-in", {"login": self.login, "password": PASSWORD})
        assert answer.status_code == 302
        return client


@contextmanager
def settings_kept() -> Iterator[None]:
    """What a test tells the server is forgotten after it."""
    names = ("SUPERBILL_SITE", "SUPERBILL_PLACE", "SUPERBILL_PARTNER", "SUPERBILL_TODAY", "SUPERBILL_CARDS")
    kept = {name: getattr(settings, name) for name in (*names, "PASSWORD_HASHERS")}
    try:
        yield
    finally:
        for name, value in kept.items():
            setattr(settings, name, value)
        get_hashers.cache_clear()
        get_hashers_by_algorithm.cache_clear()


def at_work(practice: Practice, folder: Path) -> None:
    """The server as it is told of a practice: its site file, the day, and the test cards."""
    settings.SUPERBILL_SITE = site_of(practice, folder)
    settings.SUPERBILL_TODAY = TODAY
    settings.SUPERBILL_CARDS = "test"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # a real one takes half a second
    get_hashers.cache_clear()
    get_hashers_by_algorithm.cache_clear()


def owing(system: Actor, charts: int = 2, *, first: int = 1, trace: str = "T1") -> list[int]:
    """Patients (row ids) who owe 20 dollars for each of two visits, with a statement of today."""
    claims = billed(system, charts=charts, first=first)
    post_remittance(system, remittance(trace, *(usual_answer(one) for one in claims)), payer_key="one", at=AT)
    stated(system)
    return list(system.scope.rows(PatientRow).order_by("id").values_list("id", flat=True))


def let_in(system: Actor, patient: int, login: str) -> Patient:
    """Invite who pays for a patient, and make their account; they have asked something and paid five dollars."""
    scope = system.scope
    guarantor = guarantor_of(scope, [patient], TODAY)[patient]
    made = invite(system, guarantor, at=AT)
    assert made.card.birth_date is not None
    register(made.code, made.card.birth_date, login, PASSWORD, at=AT)
    row = known(login, PASSWORD)
    mine = account_in(row.pk, row.session) if row else None
    assert mine is not None
    thread = ask(mine, "Why is it so much?", new_key(), on=TODAY, at=AT)
    receipt = pay(mine, 5_00, "approve", new_key(), TEST, on=TODAY, at=AT)
    lines: Any = scope.rows(ChargeLine).filter(patient_id=patient).order_by("id")
    statement = scope.rows(Statement).filter(guarantor_id=guarantor).values_list("number", flat=True)
    keys = {
        "line": lines.values_list("key", flat=True)[0], "label": receipt, "receipt": int(receipt[1:]), "months": 3,
        "thread": thread, "statement": statement[0], "patient": patient,
    }  # fmt: skip
    return Patient(login, patient, guarantor, mine, keys)
