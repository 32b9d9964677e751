"""Packages that Superbill can use and does not need: loaded when first asked for, named where they are missing."""

import importlib
from types import ModuleType


class NotInstalled(ImportError):
    """A package is missing; `str()` says what for, and what to install."""


def load(module: str, *, extra: str, purpose: str) -> ModuleType:
    """The module of an adopted package. Raises NotInstalled with the extra of Superbill that brings it."""
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as missing:
        package = module.partition(".")[0]
        raise NotInstalled(
            f"{purpose} needs the package {package}, which is not installed: pip install 'superbill[{extra}]'.",
            name=package,
        ) from missing
