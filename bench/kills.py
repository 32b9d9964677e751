"""Kills (kill -9) while four processes post, on SQLite and on PostgreSQL: any loss ends the run.

python -m bench.kills --kills 300 --seed 9
"""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] = ()) -> None:
    """Kill so many on each database, and print what came of it."""
    parser = argparse.ArgumentParser(prog="python -m bench.kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=300, help="on each kind of database")
    parser.add_argument("--seed", type=int, default=9)
    given = parser.parse_args(arguments)
    from superbill.app.boot import connect, prepare

    prepare()
    from tests.databases import PostgresServer, SqliteFiles
    from tests.faults.accounting_storm import Storm

    with tempfile.TemporaryDirectory() as place:
        server = PostgresServer()
        try:
            for maker in (SqliteFiles(Path(place)), server):
                with maker.fresh() as address:
                    connect(address)
                    storm = Storm(given.seed)
                    storm.run(given.kills)
                told = f"{storm.acknowledged} payments acknowledged in {storm.practices} practices"
                print(f"{maker.vendor}, seed {given.seed}: {storm.kills} kills, {told}, none lost, partial or double")
        finally:
            server.stop()


if __name__ == "__main__":
    main(sys.argv[1:])
