"""The programs that tests may use are found, driven and cleaned up."""

from pathlib import Path

import psycopg
import pytest

from tools.machine import chromium_find, java_find, main, postgresql_find


def test_named_chromium_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAIZHANG_CHROMIUM", "/opt/browser")
    assert chromium_find() == Path("/opt/browser")


def test_absence_is_said_with_the_way_to_mend_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.machine.chromium_find", lambda: None)
    monkeypatch.setattr("tools.machine.postgresql_find", lambda: None)
    monkeypatch.setattr("tools.machine.fonts_are_there", lambda: False)
    monkeypatch.setattr("tools.machine.spark_missing", lambda: "no pyspark in .venv")
    main()
    said = capsys.readouterr().out
    assert "apt-get install chromium" in said
    assert "apt-get install postgresql" in said
    assert "apt-get install fonts-noto-cjk" in said
    assert "openjdk-17-jre-headless" in said
    assert "(no pyspark in .venv)" in said


@pytest.mark.parametrize(
    ("said", "enough"),
    [
        ('openjdk version "17.0.15" 2025-04-15', True),
        ('openjdk version "21" 2023-09-19', True),
        ('java version "1.8.0_202"', False),
        ("shim: no such version", False),
    ],
)
def test_java_of_java_home_is_taken_when_it_is_new_enough(
    said: str, enough: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / "java"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\necho '{said}' >&2\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("PATH", "/nowhere")
    assert java_find() == (program if enough else None)


def test_newest_postgresql_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9", "15", "14"):
        program = tmp_path / version / "bin" / "initdb"
        program.parent.mkdir(parents=True)
        program.write_text("", encoding="utf-8")
        program.chmod(0o755)
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr("tools.machine.POSTGRESQL_FOLDERS", (str(tmp_path / "*" / "bin"),))
    assert postgresql_find() == tmp_path / "15" / "bin"


@pytest.mark.postgresql
def test_server_takes_chinese_text(postgresql_server: str) -> None:
    with psycopg.connect(postgresql_server) as connection:
        row = connection.execute("SELECT length(%s::text)", ["月湖区"]).fetchone()
    assert row == (3,)


@pytest.mark.browser
def test_browser_draws_a_page(chromium: Path) -> None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content("<h1>台账</h1>")
        assert page.inner_text("h1") == "台账"
        browser.close()
