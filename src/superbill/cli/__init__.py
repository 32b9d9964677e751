"""The command line: `superbill <noun> <verb>`. People read tables, machines `--json`; exit codes tell them apart.

0 done · 1 done, and something needs a person · 2 bad input or usage · 130 stopped by Ctrl-C.
"""

from superbill.cli.root import main

__all__ = ["main"]
