"""The command line."""


def main() -> None:
    raise SystemExit("the command line arrives with its commands")
