"""The root command, and what happens to every error on its way out."""

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

import click

from superbill import __version__
from superbill.app.problems import explained
from superbill.app.stages import tell_to
from superbill.cli.output import say, tell

# The nouns by stage of the path, each with the module that holds its command. Modules load when they are asked for.
STAGES: dict[str, dict[str, tuple[str, str]]] = {
    "Start here": {
        "demo": ("superbill.cli.demo", "The whole path, chart to cash, on the bundled clinic or your own folder."),
        "serve": ("superbill.cli.serve", "The web pages on this machine."),
        "worker": ("superbill.cli.worker", "Does what the pages ask for, beside a server such as gunicorn."),
    },
    "From the chart to codes": {
        "import": ("superbill.cli.importing", "Read charts (FHIR R4, Synthea CSV) into a database."),
        "code": ("superbill.cli.code", "Find, check and assign ICD-10-CM, CPT and HCPCS codes."),
        "coding": ("superbill.cli.coding", "Read notes: codes with evidence, visit levels, queries, audits."),
    },
    "From codes to the payer": {
        "eligibility": ("superbill.cli.eligibility", "What payers answer about coverage (271): import, list."),
        "authorization": ("superbill.cli.authorization", "What payers granted: add, import, list, withdraw."),
        "claim": ("superbill.cli.claim", "Build claims, check them, show and print them."),
        "rules": ("superbill.cli.rules", "The edits that claims are held to: list, show, explain, test."),
        "price": ("superbill.cli.price", "What Medicare allows for a service, step by step."),
        "batch": ("superbill.cli.batch", "Send 837 files, receive 999, 277CA and 835 files."),
        "inquiry": ("superbill.cli.inquiry", "Ask payers what has become of claims (276, 277)."),
        "followup": ("superbill.cli.followup", "Refused and silent claims, next payers, claims on paper."),
    },
    "From the payer to cash": {
        "remit": ("superbill.cli.remit", "Post remittances (835)."),
        "denial": ("superbill.cli.denial", "Work what payers refused: list, explain, correct, give up."),
        "appeal": ("superbill.cli.appeal", "Appeals: letter, filing, decision, what came of them."),
        "eob": ("superbill.cli.eob", "Key paper explanations of benefits and post them."),
        "statement": ("superbill.cli.statement", "Bill guarantors what is theirs; reminders, holds, mail, papers."),
    },
    "What patients owe": {
        "guarantor": ("superbill.cli.guarantor", "Who pays for a patient: list, show, assign, correct addresses."),
        "thread": ("superbill.cli.thread", "Questions and disputes about bills: open, answer, resolve."),
        "payment": ("superbill.cli.payment", "Take patients' payments; apply, move, return and void them."),
        "plan": ("superbill.cli.plan", "Payment plans: make, show, review, renegotiate, cancel."),
        "refund": ("superbill.cli.refund", "Give patients and payers back what they paid too much."),
        "adjust": ("superbill.cli.adjust", "Write off, approve, transfer and undo."),
        "collections": ("superbill.cli.collecting", "Balances with collection agencies: place, recall, pay, close."),
    },
    "Expected money": {
        "contract": ("superbill.cli.contract", "What payers agreed to pay: show, check, import, what if."),
        "estimate": ("superbill.cli.estimate", "The patient's share before the visit; Good Faith Estimates."),
        "variance": ("superbill.cli.variance", "What payers allowed against what was agreed: underpayments."),
    },
    "The office": {
        "people": ("superbill.cli.people", "The first log-in of a practice; a new password or second step."),
        "work": ("superbill.cli.work", "Tasks that follow from the facts: list, take, put off, finish."),
    },
    "The books": {
        "ledger": ("superbill.cli.ledger", "Show an account, entry by entry."),
        "receivables": ("superbill.cli.receivables", "Who owes what since when, on any day; what is not billed yet."),
        "bank": ("superbill.cli.bank", "Bank statements: read, match with 835s and deposits, what is missing."),
        "deposit": ("superbill.cli.deposit", "Deposits: make, slip, void, take anew."),
        "close": ("superbill.cli.close", "Close days and months, reopen them."),
        "kpi": ("superbill.cli.kpi", "Key figures with their formulas and the cases behind them."),
        "report": ("superbill.cli.report", "Aging and the whole picture."),
        "export": ("superbill.cli.export", "Everything the practice has as CSV or Parquet, and the proof of it."),
        "audit": ("superbill.cli.audit", "Who did and read what: verify the trail, list and export it."),
        "doctor": ("superbill.cli.doctor", "Recompute everything from the journal; exit 1 on any difference."),
    },
    "Code books": {
        "codesets": ("superbill.cli.codesets", "Releases of the code systems: list, import, update, compare."),
    },
    "X12 files of anyone": {
        "x12": ("superbill.cli.x12", "Show, check, convert, split, compare and redact X12 files."),
    },
}


class StagedGroup(click.Group):
    """A group whose help lists the nouns by stage and which loads a noun's module only when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for nouns in STAGES.values() for name in nouns]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        for nouns in STAGES.values():
            if cmd_name in nouns:
                command = importlib.import_module(nouns[cmd_name][0]).command
                assert isinstance(command, click.Command)
                return command
        return None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for stage, nouns in STAGES.items():
            with formatter.section(stage):
                formatter.write_dl([(name, about) for name, (_, about) in nouns.items()])


@click.group(cls=StagedGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="superbill")
def root() -> None:
    """Superbill: from the clinician's chart to correct codes, clean claims and reconciled money."""


def main(args: Sequence[str] | None = None) -> None:
    """Run the command line; every error a person can cause ends as one message and an exit code, never a traceback."""
    gc.set_threshold(200_000, 50, 100)  # documents are trees and need no collector: look for cycles seldom
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # an old terminal shows "?" for what it can't write, no traceback
            stream.reconfigure(errors="replace")
    tell_to(tell)
    try:
        code = root.main(args=args, prog_name="superbill", standalone_mode=False)
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        error.show()
        code = 2
    except (KeyboardInterrupt, click.Abort):
        click.echo("\nStopped. What was finished is kept; the same command again does the rest.", err=True)
        code = 130
    except BrokenPipeError:
        # The reader of our output (head, less) went away: nothing is left to say, and nobody to say it to.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    except Exception as error:
        message = explained(error)
        if message is None:
            raise
        say(f"Error: {message}", err=True)
        code = 2
    sys.exit(code or 0)
