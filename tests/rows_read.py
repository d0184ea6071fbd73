"""How many rows the database reads to answer: what a page costs, whatever else the machine does meanwhile."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

EVERY_ROW = 1_000_000  # of a table that SQLite walks through: it does not say how many rows it reads


def rows_read(doing: Callable[[], object]) -> Counter[str]:
    """table -> the rows read over all SELECTs of what is done: what PostgreSQL's scans gave or threw away. On SQLite only
    the tables that are walked through without an index."""
    found: Counter[str] = Counter()
    for sql in _selects(doing):
        if connection.vendor == "postgresql":
            (told,) = _answer(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}")
            (plan,) = json.loads(told[0]) if isinstance(told[0], str) else told[0]
            _count(plan["Plan"], found)
        else:
            steps = [row[3].split() for row in _answer(f"EXPLAIN QUERY PLAN {sql}")]
            found.update({words[1]: EVERY_ROW for words in steps if words[0] == "SCAN" and "INDEX" not in words})
    return found


def _answer(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _selects(doing: Callable[[], object]) -> list[str]:
    doing()
    with CaptureQueriesContext(connection) as caught:
        doing()
    return [one["sql"] for one in caught.captured_queries if one["sql"].lstrip("(").startswith("SELECT")]


def _count(plan: dict[str, Any], found: Counter[str]) -> None:
    if "Relation Name" in plan:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        found[plan["Relation Name"]] += (plan["Actual Rows"] + thrown) * plan["Actual Loops"]
    for part in plan.get("Plans", ()):
        _count(part, found)
