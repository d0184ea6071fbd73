"""Statements that are compiled once. A page asks many times for the same rows of other people: `@kept` builds the queryset
and its SQL for a kind of person once, with a stand-in for each value, and then only fills the values in.

    @kept
    def open_cases(actor: Actor, sort: str) -> CaseQuerySet:
        return Case.objects.visible_to(actor).open().order_by(sort)

    rows = open_cases(request.actor, "id")

The wall stays where it is: the SQL comes from `visible_to`, which is given an actor whose landlord and user are stand-ins, and
each time the ids of the actor who asks are filled in. What changes the SQL is the key: the actor's role, permissions and
kind, and every argument by position. Arguments by name are values: a filter may compare with them, but nothing else. The
time is such a value too: nothing may ask for it while a statement is made.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from copy import copy
from dataclasses import replace
from functools import partial
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection as default
from django.db import connections, transaction
from django.db.models import Expression, Model, QuerySet, prefetch_related_objects
from django.db.models.base import ModelState
from django.db.transaction import TransactionManagementError

from portal.access.actor import Actor
from portal.lib import clock

Row = TypeVar("Row")
SHAPES = 200  # of one statement, the latest made
OF_THE_ACTOR = ("user_id", "landlord_id", "team")

_all: "list[kept[Any]]" = []  # for the test that compares each with its queryset


class Given(Expression):
    """Stands for a value while the SQL is made."""

    def __init__(self, name: str, at: int | None = None) -> None:
        super().__init__()
        self.name, self.at = name, at

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [self]

    def value(self, values: dict[str, Any]) -> Any:
        return values[self.name] if self.at is None else values[self.name][self.at]


class _Statement:
    """The SQL of a queryset, and what Django knows of its columns."""

    def __init__(self, rows: Any) -> None:
        self._rows, self._sql = rows, ""
        self._compiler: Any = rows.query.get_compiler(using=rows.db)
        try:
            self._sql, self._params = self._compiler.as_sql()
        except EmptyResultSet:
            return  # nobody of this kind sees any row
        columns = [column for column, *_ in self._compiler.select[: self._compiler.col_count]]
        self._converters = self._compiler.get_converters(columns)
        if self._compiler.klass_info:
            _make_records_plainly(self._compiler.klass_info)

    def ask(self, values: dict[str, Any]) -> list[Any]:
        if not self._sql:
            return []
        if self._rows.query.select_for_update and transaction.get_autocommit(self._rows.db):
            raise TransactionManagementError("A row is only locked inside a transaction.")
        bound = self._bound(values)
        query = _With(self._rows.query, get_compiler=lambda *_, **__: bound)
        found = list(self._rows._iterable_class(_With(self._rows, query=query)))
        if lookups := self._rows._prefetch_related_lookups:
            prefetch_related_objects(found, *lookups)
        return found

    def question(self, values: dict[str, Any]) -> tuple[str, list[Any]]:
        return (self._sql, self._filled(values)) if self._sql else ("", [])

    def expected(self, values: dict[str, Any]) -> list[int]:
        """How many rows PostgreSQL's planner expects of each part of a union. Nothing is read."""
        with connections[self._rows.db].cursor() as cursor:
            cursor.execute(f"EXPLAIN (FORMAT JSON) {self._sql}", self._filled(values))
            ((told,),) = cursor.fetchall()
        return [part["Plan Rows"] for part in told[0]["Plan"]["Plans"]]

    def _rows_read(self, params: list[Any]) -> list[Any]:
        """All rows at once: nothing here reads more than a page of them."""
        with connections[self._rows.db].cursor() as cursor:
            cursor.execute(self._sql, params)
            rows: list[Any] = cursor.fetchall()
        return rows

    def _filled(self, values: dict[str, Any]) -> list[Any]:
        adapt = connections[self._rows.db].ops.adapt_unknown_value
        return [adapt(one.value(values)) if isinstance(one, Given) else one for one in self._params]

    def _bound(self, values: dict[str, Any]) -> Any:
        params = self._filled(values)
        bound = copy(self._compiler)
        bound.connection = connections[self._rows.db]
        bound.execute_sql = lambda *_, **__: [self._rows_read(params)]
        bound.get_converters = lambda _: self._converters
        return bound


class _With:
    """An object with some of its attributes replaced."""

    def __init__(self, of: Any, **own: Any) -> None:
        self.__dict__.update(own, _of=of)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._of, name)


def _make_records_plainly(info: dict[str, Any]) -> None:
    """Of the model and of those joined to it."""
    info["model"] = _With(info["model"], from_db=partial(_from_row, info["model"]))
    for joined in info.get("related_klass_infos", ()):
        _make_records_plainly(joined)


def _from_row(model: type[Model], database: str, names: Sequence[str], values: Sequence[Any]) -> Model:
    """What Django's from_db gives, in a fifth of its time: no signal, and the values are not set one by one."""
    record = model.__new__(model)
    record._state = ModelState()
    record._state.adding, record._state.db = False, database
    vars(record).update(zip(names, values, strict=True))
    return record


class kept(Generic[Row]):  # noqa: N801 - a decorator
    """See above. `plainly` gives the ordinary queryset of the same arguments."""

    def __init__(self, build: Callable[..., QuerySet[Any, Row]]) -> None:
        self.plainly = build
        self.__doc__ = build.__doc__
        self._statements: OrderedDict[Hashable, _Statement] = OrderedDict()
        _all.append(self)

    def __call__(self, by: Actor | None, *shape: Hashable, **values: Any) -> list[Row]:
        return self._statement(by, shape, values).ask(_all_values(by, values))

    def question(self, by: Actor | None, *shape: Hashable, **values: Any) -> tuple[str, list[Any]]:
        """The SQL and its values. The same question has the same rows, whoever asks."""
        return self._statement(by, shape, values).question(_all_values(by, values))

    def expected(self, by: Actor | None, *shape: Hashable, **values: Any) -> list[int]:
        """How many rows PostgreSQL's planner expects of each part, for a statement that is a union."""
        return self._statement(by, shape, values).expected(_all_values(by, values))

    def _statement(self, by: Actor | None, shape: Sequence[Hashable], values: dict[str, Any]) -> _Statement:
        key = default.vendor, _kind(by), shape, tuple((name, _length(value)) for name, value in values.items())
        statement = self._statements.get(key)
        if statement is None:
            statement = self._compiled(by, shape, values)
            self._statements[key] = statement
            if len(self._statements) > SHAPES:
                self._statements.popitem(last=False)
        return statement

    def one(self, by: Actor | None, *shape: Hashable, **values: Any) -> Row:
        """The only row. Raises its model's DoesNotExist."""
        for row in self(by, *shape, **values):
            return row
        raise self.model.DoesNotExist

    def first(self, by: Actor | None, *shape: Hashable, **values: Any) -> Row | None:
        return next(iter(self(by, *shape, **values)), None)

    def _compiled(self, by: Actor | None, shape: Sequence[Hashable], values: dict[str, Any]) -> _Statement:
        given = {name: _given(name, value) for name, value in values.items()}
        with clock.hidden():
            rows = self.plainly(*(() if by is None else (_stand_in(by),)), *shape, **given)
            self.model: Any = rows.model
            return _Statement(rows)


def every() -> "list[kept[Any]]":
    return list(_all)


def _kind(by: Actor | None) -> Hashable:
    """Everything of an actor that a queryset may look at while it is made."""
    if by is None:
        return None
    return by.role, by.permissions, by.restriction, by.landlord_id is None, by.team is None


def _all_values(by: Actor | None, values: dict[str, Any]) -> dict[str, Any]:
    return values if by is None else values | {name: getattr(by, name) for name in OF_THE_ACTOR}


def _stand_in(by: Actor) -> Actor:
    values: dict[str, Any] = {name: Given(name) for name in OF_THE_ACTOR if getattr(by, name) is not None}
    return replace(by, name="", ip=None, request_id="", **values)


def _length(value: Any) -> int | None:
    if value is None:
        raise TypeError("None makes another statement: pass it by position")
    return len(value) if isinstance(value, (list, tuple)) else None


def _given(name: str, value: Any) -> Given | list[Given]:
    if isinstance(value, (list, tuple)):
        return [Given(name, at) for at in range(len(value))]
    return Given(name)
