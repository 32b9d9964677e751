"""What several files of unit tests begin with; a file that needs another office or biller names its own."""

import pytest
from tests.web_samples import member_of, one_of_everything, signed_in

from superbill.app.accounts.permissions import Role


@pytest.fixture
def office(system, practice, tmp_path):
    """One of everything in the practice, and its server told of its site file."""
    return one_of_everything(system, practice, tmp_path)


@pytest.fixture
def biller(office):
    """A biller of the office in a browser."""
    return signed_in(member_of(office.practice, "billie", Role.BILLER))
