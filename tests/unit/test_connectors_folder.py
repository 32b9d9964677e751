"""The folder connector: whole files or none, nothing overwritten, nothing taken twice."""

import pytest

from superbill.connectors import Connector, ConnectorError, NameTaken
from superbill.connectors.folder import FolderConnector


@pytest.fixture
def folder(tmp_path):
    return FolderConnector(tmp_path / "partner")


def names(directory):
    return sorted(path.name for path in directory.iterdir())


def test_what_is_sent_lies_whole_in_the_outbox(folder):
    folder.send("837.000000001.x12", b"ISA*...")
    assert names(folder.outbox) == ["837.000000001.x12"]
    assert (folder.outbox / "837.000000001.x12").read_bytes() == b"ISA*..."


def test_the_same_again_changes_nothing(folder):
    folder.send("batch", b"one")
    before = (folder.outbox / "batch").stat()
    folder.send("batch", b"one")
    assert (folder.outbox / "batch").stat() == before
    assert names(folder.outbox) == ["batch"]


def test_another_content_under_a_used_name_is_refused_and_the_first_left_alone(folder):
    folder.send("batch", b"one")
    with pytest.raises(NameTaken, match="left alone"):
        folder.send("batch", b"two")
    assert (folder.outbox / "batch").read_bytes() == b"one"
    assert names(folder.outbox) == ["batch"]


def test_files_come_by_name_until_they_are_confirmed(folder):
    for name in ("b.835", "a.999"):
        (folder.inbox / name).write_bytes(name.encode())
    assert folder.receive() == [("a.999", b"a.999"), ("b.835", b"b.835")]
    folder.confirm("a.999")
    assert folder.receive() == [("b.835", b"b.835")]
    assert names(folder.archive) == ["a.999"]
    folder.confirm("a.999")  # again: nothing
    assert names(folder.archive) == ["a.999"]


def test_another_session_may_confirm_what_the_first_received(folder, tmp_path):
    (folder.inbox / "a.999").write_bytes(b"x")
    folder.receive()
    FolderConnector(tmp_path / "partner").confirm("a.999")
    assert names(folder.inbox) == []


def test_a_partner_that_reuses_a_name_loses_neither_file(folder):
    for content in (b"monday", b"tuesday"):
        (folder.inbox / "835.x12").write_bytes(content)
        assert folder.receive() == [("835.x12", content)]
        folder.confirm("835.x12")
    assert sorted(path.read_bytes() for path in folder.archive.iterdir()) == [b"monday", b"tuesday"]


def test_a_file_that_changed_after_it_was_received_is_not_put_away_unread(folder):
    (folder.inbox / "835.x12").write_bytes(b"first")
    folder.receive()
    (folder.inbox / "835.x12").write_bytes(b"second")
    with pytest.raises(ConnectorError, match="receive it again"):
        folder.confirm("835.x12")
    assert folder.receive() == [("835.x12", b"second")]
    folder.confirm("835.x12")


def test_unfinished_and_hidden_files_are_not_received(folder):
    for name in (".hidden", "835.part", "835.tmp", "835.filepart"):
        (folder.inbox / name).write_bytes(b"half")
    (folder.inbox / "folder").mkdir()
    (folder.inbox / "link").symlink_to("/etc/hostname")
    assert folder.receive() == []


def test_nothing_to_confirm_is_an_error(folder):
    with pytest.raises(ConnectorError, match="no such file"):
        folder.confirm("835.x12")


@pytest.mark.parametrize("name", ["../x", "/etc/x", "", ".", "..", ".hidden", "a/b", "a\x00b", "a b", "x" * 201])
def test_no_name_leads_out_of_the_folder(folder, tmp_path, name):
    with pytest.raises(ConnectorError, match="not a file name"):
        folder.send(name, b"x")
    with pytest.raises(ConnectorError, match="not a file name"):
        folder.deliver([(name, b"x")])
    assert names(tmp_path) == ["partner"]
    assert names(folder.outbox) == names(folder.inbox) == []


@pytest.mark.parametrize("name", ["../archive/a", "a/b", "", ".", ".."])
def test_no_confirmation_reaches_outside_the_inbox(folder, name):
    (folder.archive / "a").write_bytes(b"x")
    with pytest.raises(ConnectorError, match="not a file name"):
        folder.confirm(name)


def test_an_answer_is_delivered_once_in_its_life(folder):
    folder.deliver([("835", b"x")])
    folder.deliver([("835", b"x")])
    folder.receive()
    folder.confirm("835")
    folder.deliver([("835", b"x")])
    assert folder.receive() == []


def test_a_folder_that_can_not_be_made_says_so(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConnectorError, match="can't make this folder"):
        FolderConnector(tmp_path / "file")


def test_it_is_a_connector(folder):
    connector: Connector = folder
    assert connector.receive() == []
