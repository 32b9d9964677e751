"""Bad claims and remittances: said with place and fix, nothing half posted, and the right file finishes the work."""

import resource

import pytest
from tests.cli_runs import (
    BILLED,
    child,
    columns,
    fold,
    interchange,
    main,
    ok,
    segments,
    sent_claims,
    story,
    visits_billed,
    work_copy,
)


@pytest.fixture(scope="session")
def sent(tmp_path_factory):
    return sent_claims(tmp_path_factory.getbasetemp())


@pytest.fixture
def mine(sent, tmp_path):
    """Claims sent, not yet answered, to work on; and the 835 that answers them."""
    return work_copy(sent, tmp_path)


@pytest.fixture(scope="module")
def posted(sent, tmp_path_factory):
    """The books when the 835 is posted and nothing goes wrong."""
    folder = tmp_path_factory.mktemp("posted")
    work_copy(sent, folder)
    ok("remit", "post", sent / "835.x12", *BILLED, "--db", folder / "x.db")
    fold(folder / "x.db")
    return books(folder / "x.db")


def books(db):
    found = story(db)
    return found["entries"], found["balances"], found["claims"]


def post(file, db, *more, code=0):
    return ok("remit", "post", file, *BILLED, "--db", db, *more, code=code)


def changed(data, change):
    """The interchange with each segment as `change(elements)` leaves it."""
    return interchange(["*".join(change(part.split("*"))) for part in segments(data)])


def renumbered(e):
    """Other control numbers throughout, as a clearinghouse gives that sends a file again."""
    places = {"ISA": 13, "IEA": 2, "GS": 6, "GE": 2, "ST": 2, "SE": 2}
    if e[0] in places:
        old = e[places[e[0]]]
        e[places[e[0]]] = str(int(old) + 7).zfill(len(old))
    return e


def test_the_same_835_twice_posts_once(mine, posted):
    assert post(mine / "835.x12", mine / "x.db", "--json").data["posted"] == 1
    again = post(mine / "835.x12", mine / "x.db", "--json").data
    assert (again["posted"], again["already"], again["held"]) == (0, 1, 0)
    other = mine / "again.x12"
    other.write_bytes(changed((mine / "835.x12").read_bytes(), renumbered))
    assert other.read_bytes() != (mine / "835.x12").read_bytes()
    again = post(other, mine / "x.db", "--json").data
    assert (again["posted"], again["already"], again["held"]) == (0, 1, 0)
    assert books(mine / "x.db") == posted


def test_the_same_payment_with_other_figures_is_held(mine, posted):
    post(mine / "835.x12", mine / "x.db")

    def dated(e):
        return [*e[:16], "20261221", *e[17:]] if e[0] == "BPR" else e

    (mine / "other.x12").write_bytes(changed((mine / "835.x12").read_bytes(), dated))
    said = post(mine / "other.x12", mine / "x.db", code=1).out
    assert "✗ remit.trace-number-again  other.x12, TRN02" in said and "Ask the payer which of the two is right" in said
    assert books(mine / "x.db") == posted


def test_an_835_that_does_not_balance_is_held_and_the_right_one_posts(mine, posted):
    before = books(mine / "x.db")

    def too_much(e):
        return [e[0], e[1], str(int(float(e[2])) + 100), *e[3:]] if e[0] == "BPR" else e

    wrong = mine / "wrong.x12"
    wrong.write_bytes(changed((mine / "835.x12").read_bytes(), too_much))
    checked = main("remit", "check", wrong)
    assert checked.code == 1 and "BPR02" in checked.out and "not fit to be posted" in checked.out
    said = post(wrong, mine / "x.db", code=1).out
    assert "wrong.x12" in said and "BPR02" in said and "0 payments posted" in said
    assert "Ask the payer for a corrected file" in said
    assert books(mine / "x.db") == before
    post(wrong, mine / "x.db", code=1)
    post(mine / "835.x12", mine / "x.db")
    assert books(mine / "x.db") == posted
    ok("doctor", "--db", mine / "x.db")


def test_an_835_for_unknown_claims_waits_for_them(mine):
    """Its claims are not sent yet in this database: nothing is posted. Once they are, the same file posts."""
    db = mine / "unsent.db"
    before = books(db)
    said = post(mine / "835.x12", db, code=1).out
    assert "✗ remit.unknown-claims  835.x12" in said and "Nothing was posted" in said
    assert books(db) == before
    listed = ok("remit", "list", "--state", "held", "--json", "--db", db).data["remittances"]
    assert len(listed) == 1 and listed[0]["findings"]
    ok("batch", "send", *BILLED, "--db", db)
    assert post(mine / "835.x12", db, "--json").data["posted"] == 1
    visits_billed(db)
    assert ok("remit", "list", "--state", "held", "--json", "--db", db).data["remittances"] == []
    ok("doctor", "--db", db)


def test_an_835_cut_off_is_not_posted_in_part(mine, posted):
    whole = (mine / "835.x12").read_bytes()
    before = books(mine / "x.db")
    for share in (0.2, 0.5, 0.9):
        (mine / "part.x12").write_bytes(whole[: int(len(whole) * share)])
        said = main("remit", "post", mine / "part.x12", "--db", mine / "x.db")
        assert said.code in (1, 2) and "part.x12" in said.out + said.err
        assert books(mine / "x.db") == before
    post(mine / "835.x12", mine / "x.db")
    assert books(mine / "x.db") == posted


def test_what_is_no_835_is_not_taken_for_one(mine):
    (mine / "letter.x12").write_text("Dear provider, we have paid you.", "ascii")
    said = main("remit", "post", mine / "835.x12", mine / "letter.x12", "--db", mine / "x.db")
    assert said.code == 2 and "letter.x12: is no X12 file that can be read. Nothing was posted" in said.err
    assert not columns(mine / "x.db", "SELECT 1 FROM remits_remittancerow")
    assert main("remit", "check", mine / "letter.x12").code == 2
    assert main("claim", "check", mine / "835.x12").err.count("holds no 837") == 1


@pytest.mark.parametrize("kilobytes", [8, 64, 200])
def test_a_disk_that_fills_while_posting_leaves_nothing_half_posted(mine, posted, kilobytes):
    db = mine / "x.db"
    before = books(db)

    def full():
        limit = kilobytes * 1024
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    stopped = child("remit", "post", mine / "835.x12", *BILLED, "--db", db, before=full)
    after = books(db)
    assert (stopped.code, after) in ((2, before), (0, posted)), stopped.out
    if stopped.code:
        assert stopped.out.startswith("Error: ") and "half-" in stopped.out and "Traceback" not in stopped.out
    assert ok("doctor", "--db", db).code == 0
    post(mine / "835.x12", db)
    assert books(db) == posted


def test_the_disk_did_fill(mine):
    """The smallest of the limits above does stop a posting: the test before would otherwise prove nothing."""

    def full():
        resource.setrlimit(resource.RLIMIT_FSIZE, (8192, 8192))

    assert child("remit", "post", mine / "835.x12", "--db", mine / "x.db", before=full).code == 2


def claims_837(db):
    (row,) = columns(db, "SELECT content FROM claims_batch ORDER BY id LIMIT 1")
    return bytes(row[0])


def test_a_claim_without_diagnosis_in_an_837_is_found(mine):
    (mine / "c.837").write_bytes(
        interchange([s for s in segments(claims_837(mine / "x.db")) if not s.startswith("HI*")])
    )
    found = ok("claim", "check", mine / "c.837", *BILLED, "--json", code=1).data["claims"]
    rules = {one["rule"] for row in found for one in row["findings"]}
    assert any(rule.startswith("diagnosis.") for rule in rules) and any(rule.startswith("x12.") for rule in rules)


def test_a_negative_charge_is_found_wherever_it_comes_from(mine):
    def negative(e):
        if e[0] == "SV1":
            e[2] = "-" + e[2]
        if e[0] == "CLM":
            e[2] = "-" + e[2]
        return e

    (mine / "c.837").write_bytes(changed(claims_837(mine / "x.db"), negative))
    said = ok("claim", "check", mine / "c.837", *BILLED, code=1).out
    assert "✗" in said and "negative" in said.lower()
    prices = (mine / "charge_master.csv").read_text("utf-8").splitlines()
    place = next(number for number, line in enumerate(prices) if line.startswith("99213,"))
    mended = "\n".join(prices)
    prices[place] = "99213,,2015-01-01,-210"
    (mine / "charge_master.csv").write_text("\n".join(prices), "utf-8")
    before = books(mine / "unsent.db")
    refused = main("claim", "build", "--db", mine / "unsent.db")
    assert refused.code == 2 and f"charge_master.csv:{place + 1}" in refused.err, refused.err
    assert books(mine / "unsent.db") == before
    (mine / "charge_master.csv").write_text(mended, "utf-8")
    ok("claim", "build", "--db", mine / "unsent.db", code=0)
