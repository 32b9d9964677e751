"""What a run leaves on disk: every X12 file that went out or came in, claims on their forms, the report."""

from collections import Counter
from pathlib import Path

from superbill.app.claims.queries import claims_in, contents
from superbill.app.path.files import out_of_the_way, write_whole
from superbill.app.session import Session
from superbill.claims.model import Claim


def write_x12(session: Session, out: Path) -> Counter[str]:
    """Batches and answers as files, a folder per kind; how many of each."""
    counts: Counter[str] = Counter()
    for name, content, kind in contents(session.scope):
        write_whole(out / (kind or "other") / out_of_the_way(name), content, durable=False)
        counts[kind or "other"] += 1
    return counts


def write_forms(session: Session, out: Path) -> Counter[str]:
    """One PDF per payer and form with all its claims, on our own drawn grid; how many claims of each form."""
    from superbill.forms import papers  # loads the PDF library, which a run without PDF does not need

    groups: dict[tuple[str, str], list[Claim]] = {}
    for some in claims_in(session.scope):
        for one in some:
            groups.setdefault((papers.form_of(one.claim), one.payer_key), []).append(one.claim)
    counts: Counter[str] = Counter()
    for (form, key), claims in sorted(groups.items()):
        pdf = papers.render(form, claims, day=session.today)
        write_whole(out / form / f"{form}-{out_of_the_way(key)}.pdf", pdf, durable=False)
        counts[form] += len(claims)
    return counts
