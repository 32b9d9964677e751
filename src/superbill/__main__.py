"""`python -m superbill` is the command line."""

from superbill.cli import main

if __name__ == "__main__":
    main()
