"""What a run leaves on disk: every X12 file that went out or came in, CMS-1500 forms, the report."""

from collections import Counter
from pathlib import Path

from superbill.app.claims.models import Batch, ReceivedFile
from superbill.app.claims.queries import claims_in
from superbill.claims.model import Claim
from superbill.cli.path.files import out_of_the_way, write_whole
from superbill.cli.session import Session


def write_x12(session: Session, out: Path) -> Counter[str]:
    """Batches and answers as files, a folder per kind; how many of each."""
    counts: Counter[str] = Counter()
    sent = session.scope.rows(Batch).order_by("id").values_list("file_name", "content")
    received = session.scope.rows(ReceivedFile).order_by("id").values_list("name", "content", "kind")
    for name, content, kind in (*((*row, "837") for row in sent), *received):
        write_whole(out / (kind or "other") / out_of_the_way(name), bytes(content), durable=False)
        counts[kind or "other"] += 1
    return counts


def write_cms1500(session: Session, out: Path) -> int:
    """One PDF per payer with the forms of its professional claims, on our own drawn grid; how many claims."""
    from superbill.forms import cms1500  # loads the PDF library, which a run without PDF does not need

    by_payer: dict[str, list[Claim]] = {}
    for some in claims_in(session.scope):
        for one in some:
            if one.claim.kind == "professional":
                by_payer.setdefault(one.payer_key, []).append(one.claim)
    for key, claims in sorted(by_payer.items()):
        form = cms1500.render(claims, background=True)
        write_whole(out / "cms1500" / f"cms1500-{out_of_the_way(key)}.pdf", form, durable=False)
    return sum(len(claims) for claims in by_payer.values())
