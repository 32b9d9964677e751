"""Killed while they post: four processes, the same payments and different ones, on both databases.

Three hundred kills on each database are run by `python -m bench.kills`.
"""

from tests.faults.accounting_storm import Storm

KILLS = 40
SEED = 20261122


def test_what_was_acknowledged_is_on_the_books_once_and_whole(database):
    storm = Storm(SEED)
    storm.run(KILLS)
    print(f"seed {SEED}: {storm.kills} kills, {storm.acknowledged} payments acknowledged, {storm.practices} practices")
    assert storm.kills >= KILLS
