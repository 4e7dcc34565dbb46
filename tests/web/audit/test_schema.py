"""What was put into the database itself, or taken out of it, is told: triggers, tables, columns."""

from pathlib import Path

import pytest
from django.db import connection, transaction

from taizhang.cli import main
from taizhang.web.instance.paths import Home

FUNCTION = (
    "CREATE FUNCTION double() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$"
)
PUT_IN = [
    ("*", "CREATE TABLE mine (id integer)", ["TABLE mine"]),
    ("*", "CREATE VIEW seen AS SELECT 1 AS one", ["VIEW seen"]),
    ("*", "ALTER TABLE ledger_fact ADD COLUMN extra text", ["COLUMN ledger_fact.extra"]),
    ("*", "CREATE INDEX own ON ledger_fact (low)", ["INDEX ledger_fact (low)"]),
    ("*", "CREATE UNIQUE INDEX own ON ledger_fact (low)", ["UNIQUE ledger_fact (low)"]),
    (
        "sqlite",
        "CREATE TRIGGER twice AFTER INSERT ON ledger_fact BEGIN SELECT 1; END",
        ["TRIGGER twice"],
    ),
    (
        "sqlite",
        "CREATE TRIGGER twice INSTEAD OF INSERT ON seen BEGIN SELECT 1; END",
        ["TRIGGER twice", "VIEW seen"],
    ),
    ("sqlite", "CREATE VIRTUAL TABLE words USING fts5(text)", ["TABLE words"]),
    (
        "postgresql",
        f"{FUNCTION}; CREATE TRIGGER twice BEFORE INSERT ON ledger_fact "
        "FOR EACH ROW EXECUTE FUNCTION double()",
        ["ROUTINE double", "TRIGGER twice"],
    ),
    (
        "postgresql",
        "CREATE RULE quiet AS ON DELETE TO ledger_fact DO INSTEAD NOTHING",
        ["RULE quiet"],
    ),
    ("postgresql", "ALTER TABLE ledger_fact ENABLE ROW LEVEL SECURITY", ["ROW LEVEL SECURITY"]),
    ("postgresql", "CREATE MATERIALIZED VIEW seen AS SELECT 1 AS one", ["VIEW seen"]),
    (
        "postgresql",
        "ALTER TABLE ledger_fact ADD CONSTRAINT own CHECK (low <> 7)",
        ["CHECK ledger_fact ()"],
    ),
]
TAKEN_OUT = [
    ("*", "DROP INDEX fact_measure_unit_date", ["INDEX ledger_fact (measure, unit, date)"]),
    ("sqlite", "DROP INDEX ledger_record_replaces_id_once", ["UNIQUE ledger_record (replaces_id)"]),
    (
        "postgresql",
        "ALTER TABLE ledger_fact DROP CONSTRAINT fact_kind_known",
        ["CHECK ledger_fact (fact_kind_known)"],
    ),
    (
        "postgresql",
        "ALTER TABLE ledger_fact ALTER COLUMN measure DROP NOT NULL",
        ["NOT NULL ledger_fact.measure"],
    ),
    ("*", "DROP TABLE host_staged", ["TABLE host_staged"]),
    ("*", "ALTER TABLE ledger_evidence DROP COLUMN media_type", ["COLUMN media_type"]),
]


def told() -> list[tuple[str, str]]:
    from taizhang.web.audit.verify import verify

    return [
        (issue.code.name, str(issue.facts["what"]))
        for issue in verify().issues
        if issue.code.name in ("AUDIT_016", "AUDIT_017")
    ]


def done(statement: str) -> None:
    with connection.cursor() as cursor:
        if "INSTEAD OF" in statement:
            cursor.execute("CREATE VIEW seen AS SELECT 1 AS one")
        cursor.execute(statement)


@pytest.mark.usefixtures("any_instance")
def test_what_the_migrations_make_is_told_of_as_nothing() -> None:
    assert told() == []


@pytest.mark.usefixtures("any_instance")
@pytest.mark.parametrize(("code", "cases"), [("AUDIT_016", PUT_IN), ("AUDIT_017", TAKEN_OUT)])
def test_what_was_put_in_or_taken_out_is_named(
    code: str, cases: list[tuple[str, str, list[str]]]
) -> None:
    tried = 0
    for vendor, statement, wanted in cases:
        if vendor not in ("*", connection.vendor):
            continue
        tried += 1
        with transaction.atomic():
            done(statement)
            whats = told()
            transaction.set_rollback(True)
        for what in wanted:
            kind, _, name = what.partition(" ")
            assert [
                what
                for what in whats
                if what[0] == code and what[1].startswith(kind) and name in what[1]
            ], (statement, whats)
    assert tried >= 4
    assert told() == []


def test_the_command_says_it_and_where(instance: Home, capsys: pytest.CaptureFixture[str]) -> None:
    done("CREATE TRIGGER twice AFTER INSERT ON ledger_fact BEGIN SELECT 1; END")
    assert main(["audit", "verify", "--home", str(instance.path)]) == 1
    err = capsys.readouterr().err
    assert err.startswith("AUDIT_016 ledger_fact: ")
    assert "TRIGGER twice" in err
    assert Path(instance.path).exists()
