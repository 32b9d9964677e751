"""Commands of `superbill x12` that make X12 files of X12 files, or compare them: split, merge, diff, redact."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO, cast

import click

from superbill.app.session import BadInput
from superbill.cli.output import json_option, plain, put_json, say
from superbill.cli.x12_io import FILE, NUMBER, OUT, about_file, asked, name_of, reading, tell, write
from superbill.x12.render import render, rendered
from superbill.x12.tree import Interchange


@click.command("split")
@FILE
@click.option("--by", "how", type=click.Choice(["st", "claim"]), help="Each transaction set, or each claim, a file.")
@click.option("--claims", type=click.IntRange(1), help="At most so many claims a file.")
@click.option("--bytes", "size", type=click.IntRange(1000), help="At most so many bytes a file, whole claims each.")
@click.option("--out", "folder", type=click.Path(path_type=Path, file_okay=False), required=True, help="The folder.")
@NUMBER
@json_option
def split(
    file: IO[bytes],
    how: str | None,
    claims: int | None,
    size: int | None,
    folder: Path,
    control_number: int | None,
    as_json: bool,
) -> None:
    """One file into several, each a whole valid interchange with control numbers of its own.

    By claims only claims (837) can be split: their billing provider and subscriber are repeated where they are needed,
    and levels (HL) numbered anew. Control numbers count on from the file's own; give --control-number where those
    would come again in what you send next.

    \b
    superbill x12 split claims.837 --claims 500 --out parts
    superbill x12 split remits.835 --by st --out parts
    """
    if sum(each is not None for each in (how, claims, size)) != 1:
        raise BadInput("Say how to split: one of --by st, --by claim, --claims N, --bytes N.")
    from superbill.x12.tools.splitting import split_by_claim, split_by_set

    stem = "stdin" if name_of(file) == "standard input" else Path(name_of(file)).name.removesuffix(".gz")
    base, dot, ending = stem.rpartition(".")
    made: list[Path] = []
    folder.mkdir(parents=True, exist_ok=True)
    with reading(file) as source:
        parts: Iterator[Interchange]
        if how == "st":
            parts = split_by_set(source, control_number)
        else:
            parts = split_by_claim(source, claims=claims or 1, size=size, control_number=control_number)
        for number, part in enumerate(parts, 1):
            path = folder / (f"{base}-{number:04}.{ending}" if dot else f"{stem}-{number:04}")
            write(path, [render([part])])
            made.append(path)
    if as_json:
        put_json({"files": list(map(str, made))})
    else:
        say(f"{len(made):,} files in {folder}")


@click.command("merge")
@click.argument("files", nargs=-1, required=True, type=click.File("rb"))
@click.option("--force", is_flag=True, help="Senders and receivers may differ; those of the first file count.")
@NUMBER
@OUT
@about_file
def merge(
    files: tuple[IO[bytes], ...], force: bool, control_number: int | None, out: Path | None, as_json: bool
) -> None:
    """Several files of one guide and version into one interchange, transaction sets numbered anew.

    \b
    superbill x12 merge monday.837 tuesday.837 -o week.837
    """
    from superbill.x12.tools.merging import merge as merged

    asked(as_json, out)
    sources = [(name_of(file), cast("BinaryIO", file)) for file in files]
    whole = merged(sources, force=force, control_number=control_number)
    size = write(out, rendered([whole]))
    tell(as_json, out, bytes=size, transactions=len(whole.groups[0].transactions))


@click.command("diff")
@click.argument("left", type=click.File("rb"))
@click.argument("right", type=click.File("rb"))
@click.option("--all", "everything", is_flag=True, help="Envelopes, control numbers and level numbers, too.")
@json_option
def diff(left: IO[bytes], right: IO[bytes], everything: bool, as_json: bool) -> None:
    """What differs between two files in meaning: claim with claim by control number, line with line, field with field.

    Separators, line endings, grouping and order make no difference. Exit 1: they differ.

    \b
    superbill x12 diff sent.837 corrected.837
    """
    from superbill.x12.tools.difference import difference

    with reading(left) as first, reading(right) as second:
        found = list(difference(first, second, everything=everything))
    if as_json:
        put_json({"differences": found})
    for each in () if as_json else found:
        click.echo(plain(each.place))
        for sign, colour, text in (("-", "red", each.left), ("+", "green", each.right)):
            if text:
                say(f"  {sign} {text}", fg=colour)
    if not as_json:
        say(f"{len(found):,} differences" if found else "no difference in meaning")
    raise SystemExit(1 if found else 0)


@click.command("redact")
@FILE
@click.option("--secret", envvar="SUPERBILL_REDACT_SECRET", help="The same secret gives the same pseudonyms.")
@click.option("--keep-providers", is_flag=True, help="Providers and payers stay as they are.")
@OUT
@about_file
def redact(file: IO[bytes], secret: str | None, keep_providers: bool, out: Path | None, as_json: bool) -> None:
    """The same claims and sums without whom they are about: other names, addresses, numbers and dates, no free text.

    Same in, same out under one --secret, over all files; without one it is drawn anew and thrown away. Only what is
    known to be safe is kept, so that the file stays valid and balances.

    \b
    superbill x12 redact claims.837 -o for-support.837
    """
    from superbill.x12.tools.redaction import redact as redacted

    asked(as_json, out)
    key = secret.encode() if secret else secrets.token_bytes(32)
    with reading(file) as source:
        whole = list(redacted(source, key, keep_providers=keep_providers))
    size = write(out, rendered(whole))
    tell(as_json, out, bytes=size)
