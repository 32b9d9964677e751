"""Everything a practice has goes out and comes back the same, in both formats, from both databases."""

import csv
import errno
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.app_samples import AT, TODAY, billed, remittance, usual_answer

from superbill.app.accounts.actors import Scope, actor_with
from superbill.app.accounts.permissions import NotPermitted, Role
from superbill.app.audit.models import AuditEvent
from superbill.app.billing.actions import reverse, take_patient_payment
from superbill.app.billing.models import LineBalance
from superbill.app.billing.queries import journal
from superbill.app.claims.actions import receive_file
from superbill.app.patients.models import PatientRow
from superbill.app.practices.actions import open_practice
from superbill.app.remits.actions import post_remittance
from superbill.app.reports.export import run as running
from superbill.app.reports.export.files import ExportUnusable, plain, read_table, safe, write_table
from superbill.app.reports.export.manifest import read_manifest, read_schema
from superbill.app.reports.export.run import export
from superbill.app.reports.export.tables import Column, Table, models_of_a_practice
from superbill.app.reports.export.verify import entries, verify
from superbill.ledger.entry import Balance, balances

FORMATS = ("csv", "parquet")


@pytest.fixture
def books(system):
    """Claims, an 835, a payment that was taken back, a file with every byte, a patient whose name is a formula."""
    sent = billed(system, charts=2, visits=2)
    post_remittance(system, remittance("T1", *(usual_answer(one) for one in sent[:3])), payer_key="one", at=AT)
    patient = system.scope.rows(PatientRow).order_by("id").first()
    paid = take_patient_payment(system, patient.pk, 2500, "cash", "k", TODAY, at=AT)
    reverse(system, paid.key, on=TODAY, memo='came back, "NSF"\r\n=1+1', at=AT)
    receive_file(system, name="=cmd|' /C calc'!A0", content=bytes(range(256)), at=AT)
    system.scope.rows(PatientRow).filter(pk=patient.pk).update(family="=HYPERLINK(1)", given="'O\tx")
    return system


@pytest.mark.parametrize("form", FORMATS)
def test_every_table_comes_back_as_it_is_in_the_database(books, tmp_path, form):
    manifest = export(books, tmp_path / "out", form, at=AT)
    schema = read_schema(tmp_path / "out")
    assert [file.table for file in manifest.files] == [model._meta.db_table for model in models_of_a_practice()]
    for model, file in zip(models_of_a_practice(), manifest.files, strict=True):
        names = [field.attname for field in model._meta.concrete_fields]
        stored = [
            tuple(bytes(value) if isinstance(value, memoryview) else value for value in row)
            for row in Scope(books.practice_id).rows(model).order_by("pk").values_list(*names)
        ]
        assert list(read_table(tmp_path / "out" / file.file, schema[file.table], form)) == stored, file.table
        assert file.rows == len(stored)


@pytest.mark.parametrize("form", FORMATS)
def test_the_journal_of_an_export_gives_the_same_books(books, tmp_path, form):
    export(books, tmp_path / "out", form, at=AT)
    read = list(entries(tmp_path / "out"))
    assert read == journal(books.scope, limit=1000)
    names = Balance.__struct_fields__
    stored = {key: rest for key, *rest in books.scope.rows(LineBalance).values_list("line__key", *names)}
    assert {key: [getattr(one, name) for name in names] for key, one in balances(read).items()} == stored
    assert verify(tmp_path / "out").differences == ()


def test_no_cell_is_a_formula_money_is_in_cents_and_keys_say_where_they_lead(books, tmp_path):
    manifest = export(books, tmp_path / "out", "csv", at=AT)
    schema = read_schema(tmp_path / "out")
    for file in manifest.files:
        with (tmp_path / "out" / file.file).open(encoding="utf-8", newline="") as lines:
            for row in list(csv.reader(lines))[1:]:
                for column, cell in zip(schema[file.table].columns, row, strict=True):
                    assert column.type == "integer" or not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    posting = {column.name: column for column in schema["billing_posting"].columns}
    assert posting["amount"].unit == "cents"
    assert posting["line_id"].references == "billing_chargeline.id" and posting["line_id"].nullable


CHANGES = (
    ("billing_posting.csv", "charges", "cash", "SHA-256 differs"),
    ("billing_posting.csv", ",-3000,", ",-3001,", "does not balance"),
    ("billing_linebalance.csv", ",one\r\n", ",two\r\n", "SHA-256 differs"),
    ("schema.json", "cents", "euros", "schema.json: is not the file"),
)


def test_a_change_to_an_export_is_found(books, tmp_path):
    folder = tmp_path / "out"
    export(books, folder, "csv", at=AT)
    for name, before, after, told in CHANGES:
        kept = (folder / name).read_bytes()
        assert before.encode() in kept
        (folder / name).write_bytes(kept.replace(before.encode(), after.encode(), 1))
        assert any(told in difference for difference in verify(folder).differences), told
        (folder / name).write_bytes(kept)
    lines = (folder / "billing_journalentry.csv").read_bytes().split(b"\r\n")
    (folder / "billing_journalentry.csv").write_bytes(b"\r\n".join([*lines[:2], *lines[3:]]))
    found = " ".join(verify(folder).differences)
    assert "the manifest says" in found and "an entry is missing" in found
    for name, told in (("billing_posting.csv", "is missing"), ("manifest.json", "no such file")):
        (folder / name).unlink()
        with pytest.raises(ExportUnusable, match=told):
            verify(folder)


def test_an_export_is_there_whole_or_not_at_all(books, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(running, "_durable", full)
        with pytest.raises(ExportUnusable, match="No space left on device"):
            export(books, tmp_path / "out", "csv", at=AT)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "out.part").mkdir()  # what a run leaves that was killed
    export(books, tmp_path / "out", "csv", at=AT)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    with pytest.raises(ExportUnusable, match="is there already"):
        export(books, tmp_path / "out", "csv", at=AT)


def test_who_may_take_everything_out_and_that_it_is_known(books, tmp_path):
    with pytest.raises(NotPermitted):
        export(actor_with("p", books.practice_id, Role.POSTER), tmp_path / "out", "csv", at=AT)
    assert list(tmp_path.iterdir()) == []
    outsider = actor_with("o", open_practice("elsewhere", "Elsewhere").pk, Role.MANAGER)
    theirs = export(outsider, tmp_path / "theirs", "csv", at=AT)
    assert {file.table for file in theirs.files if file.rows} == {"audit_auditevent"}  # that they took it
    export(actor_with("m", books.practice_id, Role.MANAGER), tmp_path / "out", "csv", at=AT)
    event = books.scope.rows(AuditEvent).order_by("id").last()
    assert (event.actor, event.action) == ("m", "export everything")
    assert read_manifest(tmp_path / "out").practice == "lakeside"


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
ROW = st.tuples(
    st.integers(-(2**63), 2**63 - 1),
    TEXT,
    st.none() | TEXT,
    st.booleans(),
    st.none() | st.dates(),
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.binary(),
)
SEVEN = Table(
    "t",
    "a",
    "",
    (
        Column("a", "integer"), Column("b", "text"), Column("c", "text", nullable=True), Column("d", "boolean"),
        Column("e", "date", nullable=True), Column("f", "integer", nullable=True), Column("g", "bytes"),
    ),
)  # fmt: skip


@given(rows=st.lists(ROW, max_size=5))
def test_any_row_comes_back_from_a_file(tmp_path_factory, rows):
    for form in FORMATS:
        path = tmp_path_factory.mktemp("rows") / "t"
        assert write_table(path, SEVEN, rows, form) == len(rows)
        assert list(read_table(path, SEVEN, form)) == rows


@given(TEXT)
def test_a_safe_text_is_no_formula_and_gives_back_what_it_was(text):
    assert plain(safe(text)) == text
    assert not safe(text).startswith(("=", "+", "-", "@", "\t", "\r"))
