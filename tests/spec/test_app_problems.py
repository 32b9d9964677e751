"""What a person can cause or mend is told to them: every exception of the app's rooms is either told in its own words
or is one that the program handles itself."""

import importlib
import inspect
import pkgutil

import superbill.app
from superbill.app.problems import _PLAIN

HANDLED = {  # by the program itself: no person ever sees their text as it is
    "Unscoped", "TooMuch", "UnknownSubject", "_Rehearsed", "NotOurs", "Stopped", "Interrupted", "BadAddress",
    "Unreadable",
}  # fmt: skip
NOT_HERE = {"superbill.app.web.wsgi", "superbill.app.web.gunicorn"}  # they begin to serve when they are loaded


def exceptions():
    """Every exception class of the app, by where it is defined."""
    for module in pkgutil.walk_packages(superbill.app.__path__, "superbill.app."):
        if module.name not in NOT_HERE and ".migrations" not in module.name:
            for _, found in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                if issubclass(found, BaseException) and found.__module__ == module.name:
                    yield found


def test_every_exception_of_the_app_is_told_or_handled():
    told = tuple(getattr(importlib.import_module(module), name) for module, name in _PLAIN)
    assert len(told) == len(_PLAIN)
    untold = {found.__name__ for found in exceptions() if not issubclass(found, told)}
    assert untold == HANDLED
