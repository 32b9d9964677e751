"""What a server reads before anybody looks: the first page of refusals and of statements then reads no books."""

import logging

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer
from tests.web_samples import site_of

from superbill.app.boot import connect
from superbill.app.denials.queries.ranked import board
from superbill.app.remits.actions import post_remittance
from superbill.app.statements import outlook as statements
from superbill.app.web import desk, server
from superbill.app.web.sites import least_statement


@pytest.fixture
def office(system, practice, tmp_path, monkeypatch):
    """A practice with refusals and patients who owe."""
    site_of(practice, tmp_path)
    monkeypatch.setattr(desk.settings, "SUPERBILL_TODAY", TODAY)
    sent = billed(system, charts=2)
    answers = [usual_answer(one) for one in sent]
    post_remittance(system, remittance("T1", *answers), payer_key="one", at=AT)
    return system


def asked(office):
    """The statements that the first look at refusals and at a run of statements asks."""
    with CaptureQueriesContext(connection) as queries:
        assert board(office.scope, TODAY).denials
        assert statements.outlook(office.scope, TODAY, least_statement("lakeside"))
    return len(queries)


def test_the_first_look_asks_only_what_is_new(office, database):
    cold = asked(office)
    connect(database.address)
    server.warm_books()
    assert asked(office) < cold / 2


def test_a_server_starts_though_its_books_cannot_be_read(office, monkeypatch, caplog):
    def away(*_):
        raise DatabaseError("away")

    monkeypatch.setattr(statements, "outlook", away)
    with caplog.at_level(logging.ERROR, logger="django.superbill"):
        server.warm_books()
    assert "the books are not read yet" in caplog.text
