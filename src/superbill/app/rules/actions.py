"""Packs are activated and retired by people."""

from datetime import datetime
from hashlib import sha256

from superbill.app.accounts.actors import Actor
from superbill.app.accounts.permissions import Permission
from superbill.app.documents import encoded
from superbill.app.rows import insert
from superbill.app.rules.models import PackRow
from superbill.app.rules.queries import latest
from superbill.app.work import action
from superbill.packs import Pack, Replay

_COLUMNS = ("practice_id", "name", "version", "text", "sha256", "replay", "by", "at")


class NotActivated(ValueError):
    """What was asked of a pack does not fit; the message says why and what to do. Nothing was changed."""


def activate_pack(actor: Actor, pack: Pack, replay: Replay, *, at: datetime) -> None:
    """Let a pack count from now on, with what its replay said. Raises NotPermitted; NotActivated for a version that is
    not above the one at work, since a version means one text."""
    with action(actor, Permission.MANAGE_RULES, "activate rules", at) as work:
        before = latest(work.scope, pack.name)
        if before is not None and pack.version <= before.version:
            fix = f"Give the changed pack version {before.version + 1}."
            raise NotActivated(f"{pack.name} had version {before.version}. {fix}")
        digest = sha256(pack.text.encode()).hexdigest()
        summary = encoded({"claims": replay.claims, "denied_lines": replay.denied_lines, "tallies": replay.tallies})
        row = (work.practice_id, pack.name, pack.version, pack.text, digest, summary, actor.name, work.at)
        insert(PackRow, _COLUMNS, [row])
        work.note("pack", name=pack.name, version=pack.version)


def retire_pack(actor: Actor, name: str, *, at: datetime) -> None:
    """Let a pack no longer count. Raises NotPermitted; NotActivated for one that does not count now."""
    with action(actor, Permission.MANAGE_RULES, "retire rules", at) as work:
        before = latest(work.scope, name)
        if before is None or not before.text:
            raise NotActivated(f"{name}: no pack of this name is at work. See superbill rules packs.")
        insert(PackRow, _COLUMNS, [(work.practice_id, name, before.version, "", "", "", actor.name, work.at)])
        work.note("pack", name=name, version=before.version)
