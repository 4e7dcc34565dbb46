"""What the store is made of, held to what this software makes: tables, columns, rules on them.

A trigger put into the database by hand writes with each write of ours, and what it wrote could be
found only afterwards.  Compared are names of tables, views, triggers and routines, names of columns
and whether they may be empty, and for each table what kind of rule or index stands on which
columns: their names differ with the database and with the version that made them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, NamedTuple, cast

from django.apps import apps
from django.db import connection, models
from django.db.backends.utils import CursorWrapper

from taizhang.core.base.issue import Issue, Place
from taizhang.web.audit.code import SchemaCode

#: What Django itself notes in the store, besides the tables of its apps.
_OWN = "django_migrations"
#: A rule or an index: its kind and its columns, or its name where columns do not tell.
Rule = tuple[str, tuple[str, ...]]

#: Triggers, views and routines by what SQL calls them; what an extension brought is its own.
_FOREIGN = {
    "sqlite": "SELECT upper(type), name, tbl_name FROM sqlite_master "
    "WHERE type IN ('trigger', 'view') ORDER BY 1, 2",
    "postgresql": """
        WITH here AS (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
        SELECT 'TRIGGER', t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
        WHERE NOT t.tgisinternal AND c.relnamespace IN (SELECT oid FROM here)
        UNION ALL
        SELECT 'RULE', r.rulename, c.relname FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
        WHERE r.rulename <> '_RETURN' AND c.relnamespace IN (SELECT oid FROM here)
        UNION ALL
        SELECT 'VIEW', c.relname, c.relname FROM pg_class c
        WHERE c.relkind IN ('v', 'm') AND c.relnamespace IN (SELECT oid FROM here)
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
        UNION ALL
        SELECT 'ROUTINE', p.proname, p.proname FROM pg_proc p
        WHERE p.pronamespace IN (SELECT oid FROM here)
        AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
        UNION ALL
        SELECT 'POLICY', p.polname, c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
        WHERE c.relnamespace IN (SELECT oid FROM here)
        UNION ALL
        SELECT 'ROW LEVEL SECURITY', c.relname, c.relname FROM pg_class c
        WHERE c.relrowsecurity AND c.relnamespace IN (SELECT oid FROM here)
        ORDER BY 1, 2""",
}
_TABLES = {
    "sqlite": "SELECT name FROM sqlite_master "
    "WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%%' ESCAPE '\\' ORDER BY 1",
    "postgresql": "SELECT c.relname FROM pg_class c WHERE c.relkind IN ('r', 'p', 'f') "
    "AND c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e') "
    "ORDER BY 1",
}


class Schema(NamedTuple):
    """What is foreign or lacking in the store; without a table or a column no row can be read."""

    issues: tuple[Issue, ...]
    is_readable: bool


def schema_compare() -> Schema:
    """Compare the store at work with what the migrations make of it; to be read at one moment."""
    issues = _issues()
    lacking = (issue.facts["what"] for issue in issues if issue.code is SchemaCode.AUDIT_017)
    return Schema(issues, not any(str(what).startswith(("TABLE", "COLUMN")) for what in lacking))


def _issues() -> tuple[Issue, ...]:
    wanted = {
        model._meta.db_table: model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy
    }
    issues: list[Issue] = []
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN[connection.vendor])
        for kind, name, table in cursor.fetchall():
            issues.append(_foreign(table, f"{kind} {name}"))
        cursor.execute(_TABLES[connection.vendor], [])
        stored = {row[0] for row in cursor.fetchall()}
        for table in sorted(stored - wanted.keys() - {_OWN}):
            issues.append(_foreign(table, f"TABLE {table}"))
        for table in sorted(wanted.keys() - stored):
            issues.append(_lacking(table, f"TABLE {table}"))
        definitions = _definitions(cursor)
        for table in sorted(stored & wanted.keys()):
            issues += _of_table(wanted[table], definitions.get(table))
    return tuple(issues)


def _definitions(cursor: CursorWrapper) -> dict[str, str]:
    """Give what SQLite says of how each table and its indexes were made; nothing elsewhere."""
    definitions: dict[str, str] = {}
    if connection.vendor == "sqlite":
        cursor.execute("SELECT tbl_name, sql FROM sqlite_master WHERE sql NOTNULL ORDER BY 1, 2")
        for table, text in cursor.fetchall():
            definitions[table] = f"{definitions.get(table, '')}{text}\n"
    return definitions


def _of_table(model: type[models.Model], definition: str | None) -> tuple[Issue, ...]:
    return _looked_at(model) if definition is None else _looked_at_once(model, definition)


@lru_cache(maxsize=500)
def _looked_at_once(model: type[models.Model], definition: str) -> tuple[Issue, ...]:
    """Look at a table made by this text; taking one text to pieces takes 20 milliseconds."""
    return _looked_at(model)


def _looked_at(model: type[models.Model]) -> tuple[Issue, ...]:
    with connection.cursor() as cursor:
        return (*_columns(cursor, model), *_rules(cursor, model))


def _foreign(table: str, what: str) -> Issue:
    return Issue(SchemaCode.AUDIT_016, Place(table), {"what": what})


def _lacking(table: str, what: str) -> Issue:
    return Issue(SchemaCode.AUDIT_017, Place(table), {"what": what})


def _columns(cursor: CursorWrapper, model: type[models.Model]) -> Iterator[Issue]:
    table = model._meta.db_table
    wanted = {field.column: field for field in _fields(model)}
    described = connection.introspection.get_table_description(cursor, table)
    stored = {column.name: bool(column.null_ok) for column in described}
    for name in sorted(stored.keys() - wanted.keys()):
        yield _foreign(table, f"COLUMN {table}.{name}")
    for name, field in wanted.items():
        if name not in stored:
            yield _lacking(table, f"COLUMN {table}.{name}")
        elif stored[name] and not field.null and not field.primary_key:
            yield _lacking(table, f"NOT NULL {table}.{name}")


def _fields(model: type[models.Model]) -> list[Any]:
    """Give the fields that are columns; a key of several columns is none of its own."""
    return [field for field in model._meta.concrete_fields if field.column]


def _rules(cursor: CursorWrapper, model: type[models.Model]) -> Iterator[Issue]:
    table = model._meta.db_table
    wanted = Counter(_rules_made(model))
    stored = Counter(_rules_stored(cursor, table, _rules_named(model)))
    for rule in sorted((stored - wanted).elements()):
        if not (connection.vendor == "postgresql" and rule in _likes(model)):
            yield _foreign(table, _said(table, rule))
    for rule in sorted((wanted - stored).elements()):
        yield _lacking(table, _said(table, rule))


def _said(table: str, rule: Rule) -> str:
    return f"{rule[0]} {table} ({', '.join(rule[1])})"


def _rules_stored(cursor: CursorWrapper, table: str, named: frozenset[str]) -> Iterator[Rule]:
    kinds = (
        ("primary_key", "PRIMARY KEY"),
        ("unique", "UNIQUE"),
        ("foreign_key", "FOREIGN KEY"),
        ("check", "CHECK"),
        ("index", "INDEX"),
    )
    constraints = connection.introspection.get_constraints(cursor, table)
    for name, rule in constraints.items():
        kind = next(
            (name_of_kind for key, name_of_kind in kinds if cast("Any", rule)[key]), "CONSTRAINT"
        )
        if kind == "CHECK":
            # That of one column has a name that the database gave: of those only the number tells.
            yield kind, (name,) if name in named else ()
        else:
            yield kind, (name,) if name in named else tuple(rule["columns"] or (name,))


def _rules_named(model: type[models.Model]) -> frozenset[str]:
    """Give the names of checks, and of indexes on what is worked out from columns."""
    checks = [
        constraint
        for constraint in model._meta.constraints
        if isinstance(constraint, models.CheckConstraint)
    ]
    worked_out = [index for index in model._meta.indexes if not index.fields]
    return frozenset(rule.name for rule in (*checks, *worked_out))


def _rules_made(model: type[models.Model]) -> Iterator[Rule]:
    meta = model._meta
    key = meta.pk
    if isinstance(key, models.CompositePrimaryKey):
        yield "PRIMARY KEY", tuple(field.column for field in cast("Any", key).fields)
    for field in _fields(model):
        if field.primary_key:
            yield "PRIMARY KEY", (field.column,)
        if field.remote_field is not None and field.db_constraint:
            yield "FOREIGN KEY", (field.column,)
        if field.unique and not field.primary_key:
            yield "UNIQUE", (field.column,)
        elif field.db_index and not field.unique:
            yield "INDEX", (field.column,)
        if field.db_check(connection):
            yield "CHECK", ()
    for names in meta.unique_together:
        yield "UNIQUE", _named(model, names)
    for rule in meta.constraints:
        if isinstance(rule, models.CheckConstraint):
            yield "CHECK", (rule.name,)
        elif isinstance(rule, models.UniqueConstraint):
            yield "UNIQUE", _named(model, rule.fields) or (rule.name,)
    for index in meta.indexes:
        yield "INDEX", _named(model, [name.lstrip("-") for name in index.fields]) or (index.name,)


def _named(model: type[models.Model], names: Any) -> tuple[str, ...]:
    return tuple(cast("Any", model._meta.get_field(name)).column for name in names)


def _likes(model: type[models.Model]) -> frozenset[Rule]:
    """Give the second indexes that Django makes on texts of PostgreSQL, for LIKE."""
    return frozenset(
        ("INDEX", (field.column,))
        for field in _fields(model)
        if (field.unique or field.db_index) and _is_text(field)
    )


def _is_text(field: Any) -> bool:
    return isinstance(field, (models.CharField, models.TextField))
