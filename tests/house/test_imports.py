"""The import contracts must report a wrong import of every kind, with module and line."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# A module for each room and app, all importing only downwards.
SKELETON = {
    "cli.py": "from taizhang import web\n",
    "demo/__init__.py": "from taizhang.web.ledger import queries\n",
    "web/__init__.py": "",
    "web/urls.py": "from taizhang.web.desk import views\n",
    "web/desk/__init__.py": "from taizhang.web.ledger import queries\n",
    "web/desk/urls.py": "from taizhang.web.desk import views\n",
    "web/desk/views.py": "",
    "web/ledger/__init__.py": "from taizhang.web.audit import actions\n",
    "web/ledger/queries.py": "from taizhang import figures\n",
    "web/ledger/phone/__init__.py": "",
    "web/ledger/phone/views.py": "",
    "web/ledger/record/__init__.py": "",
    "web/ledger/record/views_list.py": "",
    "web/ledger/urls.py": "",
    "web/base/__init__.py": "",
    "web/audit/__init__.py": "",
    "web/audit/actions.py": "from taizhang.core.base import issue\n",
    "reading/__init__.py": "from taizhang.core.base import issue\n",
    "figures/__init__.py": "import ibis\n",
    "figures/shape.py": "",
    "figures/catalogue.py": "def f():\n    from taizhang.figures import shape\n",
    "reading/base/__init__.py": "",
    "reading/text/__init__.py": "",
    "documents/__init__.py": "",
    "documents/render/__init__.py": "",
    "core/__init__.py": "",
    "core/base/__init__.py": "",
    "core/base/issue.py": "",
    "core/text/__init__.py": "from taizhang.core.base import issue\n",
    "core/formula/__init__.py": "",
    "core/indicator/__init__.py": "",
    "core/rules/__init__.py": "",
}


def _lint(root: Path, planted: dict[str, str]) -> subprocess.CompletedProcess[str]:
    package = root / "src" / "taizhang"
    for name, text in ({"__init__.py": ""} | SKELETON | planted).items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(ROOT / "pyproject.toml", root)
    shutil.copytree(ROOT / "tools", root / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    # The planted tree must win over the installed project.
    lint = (
        "import sys; sys.path[:0] = ['src', '.'];"
        "from importlinter.cli import lint_imports; sys.exit(lint_imports(no_cache=True))"
    )
    return subprocess.run(
        [sys.executable, "-c", lint], cwd=root, capture_output=True, text=True, check=False
    )


def test_clean_tree_keeps_all_contracts(tmp_path: Path) -> None:
    done = _lint(tmp_path, {})
    assert done.returncode == 0, done.stdout + done.stderr
    assert "10 kept, 0 broken" in done.stdout


@pytest.mark.parametrize(
    ("file", "text", "reported"),
    [
        (
            "core/base/issue.py",
            "\nfrom taizhang import figures\n",
            "core.base.issue -> taizhang.figures",
        ),
        ("core/base/issue.py", "import taizhang.web\n", "core.base.issue -> taizhang.web"),
        ("figures/table.py", "import taizhang.documents\n", "figures.table -> taizhang.documents"),
        ("documents/tree.py", "import taizhang.reading\n", "documents.tree -> taizhang.reading"),
        (
            "reading/text/cleaning.py",
            "import taizhang.web\n",
            "reading.text.cleaning -> taizhang.web",
        ),
        ("web/urls.py", "import taizhang.cli\n", "web.urls -> taizhang.cli"),
        ("web/urls.py", "import taizhang.demo\n", "web.urls -> taizhang.demo"),
        (
            "core/base/issue.py",
            "import taizhang.core.text\n",
            "core.base.issue -> taizhang.core.text",
        ),
        (
            "core/text/flag.py",
            "def f():\n    from taizhang.core import indicator\n",
            "core.text.flag -> taizhang.core.indicator",
        ),
        (
            "reading/base/a.py",
            "import taizhang.reading.text\n",
            "base.a -> taizhang.reading.text",
        ),
        (
            "documents/tree.py",
            "import taizhang.documents.render\n",
            "tree -> taizhang.documents.render",
        ),
        ("web/base/a.py", "import taizhang.web.audit\n", "web.base.a -> taizhang.web.audit"),
        ("core/rules/a.py", "import django.db\n", "core.rules.a -> django"),
        ("core/rules/a.py", "\n\nimport sqlite3\n", "core.rules.a -> sqlite3"),
        ("core/rules/a.py", "def f():\n    import duckdb\n", "core.rules.a -> duckdb"),
        ("core/base/issue.py", "import ibis\n", "core.base.issue -> ibis"),
        ("core/base/issue.py", "import polars as pl\n", "core.base.issue -> polars"),
        ("web/audit/a.py", "from taizhang.web.ledger import queries\n", "web.audit.a -> taizhang"),
        ("web/ledger/a.py", "import taizhang.web.desk\n", "web.ledger.a -> taizhang.web.desk"),
        (
            "web/desk/a.py",
            "from taizhang.web.ledger.phone import views\n",
            "-> taizhang.web.ledger.phone.views",
        ),
        (
            "web/desk/a.py",
            "from taizhang.web.ledger.phone.views import page\n",
            "web.desk.a -> taizhang.web.ledger.phone.views",
        ),
        (
            "web/desk/a.py",
            "from taizhang.web.ledger.record import views_list\n",
            "web.desk.a -> taizhang.web.ledger.record.views_list",
        ),
        (
            "cli.py",
            "import taizhang.web.ledger.phone.views\n",
            "taizhang.cli -> taizhang.web.ledger.phone.views",
        ),
    ],
)
def test_planted_import_is_reported(tmp_path: Path, file: str, text: str, reported: str) -> None:
    done = _lint(tmp_path, {file: text})
    assert done.returncode == 1, done.stdout + done.stderr
    line = next(number for number, part in enumerate(text.split("\n"), 1) if "import" in part)
    hits = [row for row in done.stdout.splitlines() if reported in row]
    assert any(f"(l.{line})" in row for row in hits), done.stdout


def test_circle_through_an_import_in_a_function_is_reported(tmp_path: Path) -> None:
    done = _lint(tmp_path, {"figures/shape.py": "import taizhang.figures.catalogue\n"})
    assert done.returncode == 1
    assert ".shape -> .catalogue" in done.stdout


@pytest.mark.parametrize(
    ("file", "text", "reported"),
    [
        ("web/ledger/a.py", "reverse('desk:home')\n", "ledger/a.py (l.1) leads up to desk:home"),
        ("web/ledger/a.py", "NAV = (\n    'desk:home',\n)\n", "a.py (l.2) leads up to desk:home"),
        (
            "web/ledger/templates/ledger/a.html",
            "<p>\n<a href=\"{% url 'desk:home' %}\">\n",
            "ledger/templates/ledger/a.html (l.2) leads up to desk:home of desk",
        ),
        ("web/desk/a.py", "reverse('ledger:list')\n", None),
        ("web/desk/a.py", "reverse('desk:home')\n", None),
    ],
)
def test_an_address_is_an_import(
    tmp_path: Path, file: str, text: str, reported: str | None
) -> None:
    urls = {f"web/{app}/urls.py": f'app_name = "{app}"\n' for app in ("desk", "ledger")}
    done = _lint(tmp_path, urls | {file: text})
    assert done.returncode == (reported is not None), done.stdout
    assert reported is None or reported in " ".join(done.stdout.split())


def test_room_without_a_place_is_reported(tmp_path: Path) -> None:
    done = _lint(tmp_path, {"annex/__init__.py": ""})
    assert done.returncode == 1
    assert "- taizhang.annex" in done.stdout
