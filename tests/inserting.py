"""Inserts that meet what is there, sent together with questions, on either store."""

from __future__ import annotations

import sqlalchemy as sa

from risk.history.connection.driver import Rows, insert_together


def inserted_together(connection: sa.Connection) -> tuple[list[int], list[Rows]]:
    """What each insert stored and each question was answered: of rows 1 to 3 one comes twice."""
    connection.exec_driver_sql("CREATE TEMP TABLE one_by_one (n INTEGER PRIMARY KEY)")
    text = "INSERT INTO one_by_one (n) VALUES (?) ON CONFLICT (n) DO NOTHING"
    of_each: list[list[tuple[int]]] = [[(1,), (2,)], [(3,)], [(3,), (4,)], [(1,)]]
    inserts = [(text, rows) for rows in of_each]
    calls = [("SELECT :as_of + 1", {"as_of": 6}), ("SELECT 1 WHERE :as_of = 2", {"as_of": 1})]
    return insert_together(connection, inserts, calls)
