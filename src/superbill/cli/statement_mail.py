"""`superbill statement send`, `returned`, `resend`, `consent`: how statements get to people."""

from pathlib import Path

import click

from superbill.cli.money import Desk, desk_options
from superbill.cli.output import say
from superbill.cli.statement_who import guarantor_row, statement_number


@click.command("send")
@click.option(
    "--to",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("mail"),
    show_default=True,
    help="Folder whose outbox takes letters (PDF), their list (CSV) and e-mail notices (.eml).",
)
@desk_options(key=False, preview=False)
def send(desk: Desk, folder: Path) -> None:
    """Send what is in line, each by the way its guarantor agreed to. A notice by e-mail says nothing of the patient.

    Exit 1 when something had to stay in line.

    \b
    superbill statement send --to mail/ --db practice.db
    """
    from superbill.app.statements.sending import Sent, send_statements
    from superbill.connectors.folder import FolderConnector

    session = desk.session
    stayed: list[tuple[int, str]] = []

    def told(sent: Sent) -> str:
        stayed.extend(sent.stayed)
        listed = f", listed in {sent.manifest}" if sent.manifest else ""
        return f"{sent.letters:,} letters{listed}; {sent.emails:,} e-mail notices; {sent.portal:,} on the portal"

    def act() -> Sent:
        sent = send_statements(desk.actor, FolderConnector(folder), session.today, at=session.at)
        stayed.extend(sent.stayed if desk.as_json else ())
        return sent

    desk.do(act, told)
    if stayed and not desk.as_json:
        for number, why in stayed:
            say(f"S{number:06d} stays in line: {why}", err=True)
    raise SystemExit(1 if stayed else 0)


@click.command("returned")
@click.argument("number")
@click.option("--reason", required=True, help="What the post office says: moved, unknown, refused …")
@desk_options(key=False, preview=False)
def returned(desk: Desk, number: str, reason: str) -> None:
    """A letter came back: nothing more is sent to that guarantor until the address is found.

    \b
    superbill statement returned S000001 --reason "moved, left no address" --db practice.db
    """
    from superbill.app.statements.actions import returned as came_back

    session = desk.session
    desk.do(
        lambda: came_back(desk.actor, statement_number(number), on=session.today, reason=reason, at=session.at),
        lambda _: f"{number} came back. Next: superbill guarantor address, then superbill statement resend {number}",
    )


@click.command("resend")
@click.argument("number")
@desk_options(key=False, preview=False)
def resend(desk: Desk, number: str) -> None:
    """Put a statement in line again, to the guarantor's address of today; holds for returned mail end.

    \b
    superbill statement resend S000001 --db practice.db
    """
    from superbill.app.statements.actions import resend as again

    session = desk.session
    desk.do(
        lambda: again(desk.actor, statement_number(number), on=session.today, at=session.at),
        lambda _: f"{number} is in line. Next: superbill statement send",
    )


@click.command("consent")
@click.argument("guarantor")
@click.argument("channel", type=click.Choice(("email", "portal")))
@click.option("--address", default="", help="The e-mail address.")
@click.option("--how", default="", help="How they agreed: signed form, by phone, on the portal.")
@click.option("--withdraw", is_flag=True, help="They take it back: letters again.")
@desk_options(key=False, preview=False)
def consent(desk: Desk, guarantor: str, channel: str, address: str, how: str, withdraw: bool) -> None:
    """A guarantor agrees to e-mail notices or the portal in place of letters, or takes that back.

    \b
    superbill statement consent 3 email --address ana@example.org --how "signed form" --db practice.db
    superbill statement consent 3 email --withdraw --db practice.db
    """
    from superbill.app.statements.actions import give_consent, withdraw_consent
    from superbill.app.statements.models import Channel

    session, kind = desk.session, Channel(channel)
    who = guarantor_row(session, guarantor)
    if withdraw:
        desk.do(
            lambda: withdraw_consent(desk.actor, who, kind, on=session.today, at=session.at),
            lambda there: f"Consent to {channel} withdrawn." if there else f"There was no consent to {channel}.",
        )
        return
    desk.do(
        lambda: give_consent(desk.actor, who, kind, how, on=session.today, address=address, at=session.at),
        lambda _: f"From {session.today} on by {channel}.",
    )
