"""`superbill remit` at work: previewed, posted, taken off a claim, assigned, returned, voided, posted again."""

import shutil

import pytest
from tests.cli_runs import BILLED, KEYS, columns, fold, interchange, main, ok, segments, sent_claims, work_copy


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    return sent_claims(tmp_path_factory.getbasetemp())


def changed(data, change):
    """The interchange with each segment as `change(elements)` leaves it."""
    return interchange(["*".join(change(part.split("*"))) for part in segments(data)])


def remit(*args, db, code=0):
    return ok("remit", *args, "--db", db, code=code)


@pytest.fixture
def books(sent, tmp_path):
    """A database with an 835 beside it that is not posted yet."""
    folder = work_copy(sent, tmp_path)
    return folder / "x.db", folder / "835.x12"


def answers(db, trace):
    return remit("show", trace, "--json", db=db).data["remittances"][0]["claims"]


def test_a_payment_is_previewed_posted_worked_on_and_voided(books):
    db, file = books
    shown = ok("remit", "preview", file, "--json", "--db", db, *BILLED).data["payments"][0]["payment"]
    assert (shown["held"], shown["already"]) == (False, False)
    assert remit("list", "--json", db=db).data["remittances"] == []
    assert "would be posted" in ok("remit", "preview", file, "--db", db, *BILLED).out
    ok("remit", "post", file, "--db", db, *BILLED)
    trace = shown["trace_number"]
    first = next(claim for claim in answers(db, trace) if claim["paid"] > 0)
    assert {c["control_number"]: c["outcome"] for c in shown["claims"]} == {
        c["control_number"]: c["outcome"] for c in answers(db, trace)
    }
    answer = first["id"]
    remit("undo-claim", answer, "--why", "wrong claim", db=db)
    (waiting,) = remit("exceptions", "--json", db=db).data["answers"]
    assert waiting["answer"]["id"] == answer
    assert waiting["candidates"][0]["control_number"] == first["control_number"]
    assert "the same control number" in remit("exceptions", "--answer", answer, db=db).out
    remit("set-aside", answer, "--why", "asked the payer", db=db)
    assert remit("exceptions", "--json", db=db).data["answers"] == []
    remit("reopen", answer, db=db)
    remit("return", answer, "--why", "not ours", db=db)
    remit("return", answer, "--sent", "check 12", db=db)
    assert "returned to the payer" in main("remit", "void", trace, "--db", db).err
    remit("reopen", answer, db=db)
    remit("assign", answer, first["control_number"], db=db)
    ok("doctor", "--db", db)
    said = main("remit", "assign", answer, first["control_number"], "--db", db)
    assert said.code == 2 and "is posted, not held" in said.err
    remit("void", trace, "--why", "deposited twice", db=db)
    assert remit("list", "--state", "voided", "--json", db=db).data["remittances"][0]["trace_number"] == trace
    assert ok("remit", "post", file, "--json", "--db", db, *BILLED).data["posted"] == 1
    ok("doctor", "--db", db)


def test_a_payment_is_put_onto_lines_as_a_file_says(books, tmp_path):
    db, file = books
    ok("remit", "post", file, "--db", db, *BILLED)
    (payment,) = remit("list", "--json", db=db).data["remittances"]
    row = next(claim for claim in answers(db, payment["id"]) if claim["paid"] > 0)
    remit("undo-claim", row["id"], db=db)
    line = ok("ledger", "show", row["control_number"], "--json", "--db", db).data["lines"][0]["key"]
    lines = tmp_path / "lines.csv"
    lines.write_text(f"line,paid,group,reason,amount\n{line},{row['paid'] / 100:.2f},,,\n", "utf-8")
    remit("post-lines", row["id"], row["control_number"], lines, db=db)
    ok("doctor", "--db", db)
    remit("undo-claim", row["id"], db=db)
    for text, said in (
        ("key,paid\n", "has no column line"),
        (f"line,paid\n{line},ten\n", "row 2: not an amount"),
        ("line,paid\n,1.00\n", "row 2: names no line"),
        (f"line,paid\n{line},0.01\n", "the answer pays"),
    ):
        lines.write_text(text, "utf-8")
        ended = main("remit", "post-lines", row["id"], row["control_number"], lines, "--db", db)
        assert ended.code == 2 and said in ended.err, ended.err


def test_balances_with_payers_are_listed_and_settled(books):
    db, file = books

    def forwarded(e):
        """So much more is paid now and taken later."""
        return [e[0], e[1], f"{float(e[2]) + 50:.2f}", *e[3:]] if e[0] == "BPR" else e

    data = changed(file.read_bytes(), forwarded)
    parts = segments(data)
    at = next(place for place, part in enumerate(parts) if part.startswith("SE*"))
    count = int(parts[at].split("*")[1])
    parts[at] = parts[at].replace(f"SE*{count}*", f"SE*{count + 1}*")
    data = interchange([*parts[:at], "PLB*1999999018*20261231*FB:REF 9*-50", *parts[at:]])
    forward = file.with_name("forward.x12")
    forward.write_bytes(data)
    ok("remit", "post", forward, "--db", db, *BILLED)
    (balance,) = remit("provider-level", "list", "--json", db=db).data["balances"]
    assert (balance["reference"], balance["open"], balance["reasons"]) == ("REF 9", 50_00, ["FB"])
    asked = ("provider-level", "settle", balance["payer_key"], "REF 9", "50.00", "--why", "agreed", "--key", "s1")
    assert "Say one of" in main("remit", *asked, "--db", db).err
    remit(*asked, "--final", db=db)
    assert "REF 9" not in remit("provider-level", "list", db=db).out
    remit("provider-level", "undo", "s1", db=db)
    assert "REF 9" in remit("provider-level", "list", db=db).out
    ok("doctor", "--db", db)


def parts_of(data):
    """The file's payment as two transaction sets: its first claim, and the others with what is about no claim."""
    parts = segments(data)
    first, last = (next(at for at, part in enumerate(parts) if part.startswith(tag)) for tag in ("ST*", "SE*"))
    inside = parts[first + 1 : last]
    cuts = [at for at, part in enumerate(inside) if part.startswith("CLP*")]
    head, one, rest = inside[: cuts[0]], inside[cuts[0] : cuts[1]], inside[cuts[1] :]
    sets = []
    for number, body in ((1, [*head, *one]), (2, [*head, *rest])):
        sets.append([f"ST*835*{number:04}", *body, f"SE*{len(body) + 2}*{number:04}"])
    return parts[:first], sets, parts[last + 1 :]


def test_a_payment_in_two_sets_or_two_files_is_one_payment(books, tmp_path):
    db, file = books
    before, sets, (end, *after) = parts_of(file.read_bytes())
    together, one, two = (tmp_path / name for name in ("both.x12", "one.x12", "two.x12"))
    for path, some in ((together, sets), (one, sets[:1]), (two, sets[1:])):
        count = end.split("*")
        count[1] = str(len(some))
        path.write_bytes(interchange([*before, *(part for each in some for part in each), "*".join(count), *after]))
    apart = tmp_path / "apart.db"
    shutil.copy(db, apart)
    for name in ("site.toml", "charge_master.csv"):
        if not (tmp_path / name).exists():
            shutil.copy(db.parent / name, tmp_path)
    said = ok("remit", "post", together, "--json", "--db", db, *BILLED).data
    assert (said["posted"], said["waiting"], said["held"], said["findings"]) == (1, 0, 0, [])
    waits = ok("remit", "post", one, "--json", "--db", apart, *BILLED, code=1).data
    assert (waits["posted"], waits["waiting"]) == (0, 1)
    assert ok("remit", "post", two, "--json", "--db", apart, *BILLED).data["posted"] == 1
    for twice in (file, one, two, together):
        assert ok("remit", "post", twice, "--json", "--db", apart, *BILLED).data["posted"] == 0
    fold(apart)
    fold(db)
    assert sorted(columns(apart, KEYS)) == sorted(columns(db, KEYS))
    ok("doctor", "--db", apart)


def test_a_held_payment_is_accepted_or_put_away(books):
    db, file = books
    unknown = file.with_name("unknown.x12")
    unknown.write_bytes(
        changed(file.read_bytes(), lambda e: [e[0], f"Z{e[1]}", *e[2:7], "Z", *e[8:]] if e[0] == "CLP" else e)
    )
    ok("remit", "post", unknown, "--db", db, *BILLED, code=1)
    (held,) = remit("list", "--state", "held", "--json", db=db).data["remittances"]
    remit("dismiss", held["id"], "--why", "not for us", db=db)
    assert remit("list", "--state", "held", "--json", db=db).data["remittances"] == []
    ok("remit", "post", unknown, "--db", db, *BILLED, code=1)
    remit("accept", held["id"], db=db)
    assert remit("exceptions", "--json", db=db).data["answers"]
    ok("doctor", "--db", db)
    assert "no payment with this trace number" in main("remit", "void", "nothing", "--db", db).err


def test_a_copy_of_the_database_is_all_that_a_preview_needs(books, tmp_path):
    db, file = books
    alone = tmp_path / "alone"
    alone.mkdir()
    shutil.copy(db, alone / "x.db")
    ended = main("remit", "preview", file, "--db", alone / "x.db")
    assert ended.code == 2 and "site.toml: no site file" in ended.err
