"""Asks in one statement for which kinds of work anything waits. The worker asks it in every round, mostly for nothing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

Waits = Callable[[datetime], Sequence[QuerySet[Any, Any]]]  # the rows that wait at a moment, from each of some tables
_A_MOMENT = datetime(2000, 1, 1, tzinfo=UTC)  # stands for the moment that is asked about


class Waiting:
    """The statement is put together once: to do so takes Django far longer than the database takes to answer it."""

    def __init__(self, questions: Mapping[str, Waits]) -> None:
        self._questions = questions
        self._names: list[str] = []
        self._params: list[Any] = []
        self._sql = ""

    def due(self, now: datetime) -> set[str]:
        """The names of the questions to which the answer is yes."""
        if not self._sql:
            self._write()
        adapt = connection.ops.adapt_datetimefield_value
        marker, moment = adapt(_A_MOMENT), adapt(now)
        with connection.cursor() as cursor:
            cursor.execute(self._sql, [moment if param == marker else param for param in self._params])
            return {name for name, waits in zip(self._names, cursor.fetchone() or (), strict=True) if waits}

    def _write(self) -> None:
        parts = []
        for name, waits in self._questions.items():
            for rows in waits(_A_MOMENT):
                sql, params = rows.order_by().values("pk").query.sql_with_params()
                parts.append(f"EXISTS({sql})")
                self._names.append(name)
                self._params += params
        self._sql = f"SELECT {', '.join(parts)}"
