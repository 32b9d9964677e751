"""`superbill remit void`, `undo-claim`, `accept`, `dismiss`: a payment is taken back, or a held one decided."""

import click

from superbill.app.session import Session
from superbill.cli.output import json_option, put_findings, put_json, say
from superbill.cli.remit_show import one_named
from superbill.cli.session import session_options

_PAYMENT = click.argument("payment")


@click.command("void")
@_PAYMENT
@click.option("--why", default="", help="The reason, kept with the entries.")
@session_options
@json_option
def void(session: Session, payment: str, why: str, as_json: bool) -> None:
    """Take a posted payment back, deposit and all: by trace number, source or id. Its file can be posted again.

    Refused where a later payment or a next payer's claim builds on it; the message says what to undo first.

    \b
    superbill remit void 0000000174 --why "deposited twice" --db practice.db
    """
    from superbill.app.remits.actions import void_remittance

    row = one_named(session, payment, "posted")
    done = void_remittance(session.actor, row.pk, on=session.today, why=why, at=session.at)
    if as_json:
        put_json({"payment": row.trace_number, "undone": done})
        return
    say(f"Payment {row.trace_number} is voided: {done.entries:,} entries, {done.claims:,} claims as they were before.")
    if done.withdrawn:
        click.echo(f"{done.withdrawn:,} claims to next payers had not gone out and were withdrawn.")


@click.command("undo-claim")
@click.argument("answer", type=int)
@click.option("--why", default="", help="The reason, kept with the entries.")
@session_options
@json_option
def undo_answer(session: Session, answer: int, why: str, as_json: bool) -> None:
    """Take one posted answer (its id, see remit show) off its claim; its money waits in suspense.

    \b
    superbill remit undo-claim 12 --why "the payer mixed up two visits" --db practice.db
    """
    from superbill.app.remits.actions import undo_claim

    done = undo_claim(session.actor, answer, on=session.today, why=why, at=session.at)
    if as_json:
        put_json({"answer": answer, "undone": done})
    else:
        say(f"Answer {answer} is off its claim and waits: superbill remit exceptions --answer {answer}")


@click.command("accept")
@_PAYMENT
@session_options
@json_option
def accept(session: Session, payment: str, as_json: bool) -> None:
    """Post a held payment all the same: no claim of it is ours, or its trace number was used before.

    \b
    superbill remit accept 0000000174 --db practice.db
    """
    from superbill.app.remits.actions import accept_remittance

    row = one_named(session, payment, "held")
    result = accept_remittance(session.actor, row.pk, at=session.at)
    if as_json:
        put_json({"payment": row.trace_number, "result": result})
    else:
        say(f"Payment {row.trace_number}: {'held' if result.held else f'posted, {result.entries:,} entries'}.")
        put_findings(result.findings)
    raise SystemExit(1 if result.held else 0)


@click.command("dismiss")
@_PAYMENT
@click.option("--why", required=True, help="The reason, for whoever looks at it later.")
@session_options
@json_option
def dismiss(session: Session, payment: str, why: str, as_json: bool) -> None:
    """Put a payment away that is held or waits for a rest that does not come. Nothing of it was posted.

    \b
    superbill remit dismiss 0000000174 --why "the payer knows no such payment" --db practice.db
    """
    from superbill.app.remits.actions import dismiss_remittance

    row = one_named(session, payment, "held", "waiting")
    dismiss_remittance(session.actor, row.pk, why, at=session.at)
    if as_json:
        put_json({"payment": row.trace_number, "state": "dismissed"})
    else:
        say(f"Payment {row.trace_number} is put away. It is tried again when its file comes again.")
