"""A visit that the desk has entered or changed is coded at once, as an imported one is."""

from superbill.app.encounters.queries import visit
from superbill.app.path.coding import code_these
from superbill.app.path.workbench import program
from superbill.app.session import Session


def code_entered(session: Session, account: str) -> None:
    """Code one visit; what its note suggests waits for a coder. The program itself does it: the desk may not code.

    Raises Refused where the code books are not at hand; the visit waits as imported then.
    """
    mine = program(session)
    found = visit(mine.scope, account)
    if found is not None:
        code_these(mine, [found])
