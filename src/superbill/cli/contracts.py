"""What the commands about expected money share: their options, and every mistake of a contract told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import click

from superbill.app.contracts import Office
from superbill.app.session import SITE_FILE
from superbill.cli.output import tell
from superbill.pricing.contract_model import ContractError


@contextmanager
def every_mistake() -> Iterator[None]:
    """Tell each mistake of a contract on a line of its own, and end with exit code 2."""
    try:
        yield
    except ContractError as error:
        for told in error.told:
            tell(f"Error: {told}")
        raise click.exceptions.Exit(2) from None


def office_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--site`: the command gets an Office, and every mistake of a contract is told."""

    @click.option(
        "--site",
        "site_path",
        type=click.Path(path_type=Path, dir_okay=False),
        envvar="SUPERBILL_SITE",
        default=Path(SITE_FILE),
        show_default=True,
        help="The practice's facts; it names the contracts.",
    )
    @wraps(command)
    def with_office(*args: Any, site_path: Path, **options: Any) -> Any:
        with every_mistake():
            return command(*args, office=Office(site_path), **options)

    return with_office
