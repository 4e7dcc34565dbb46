"""What the old assessments asked is refused as a pack, and the remedy names the lawful service."""

from pathlib import Path

import pytest
from django.utils.translation import gettext, override

from taizhang.core.base.issue import Issue
from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.pack.examine import shipped_folder
from taizhang.core.pack.load import load
from taizhang.core.rules import check
from taizhang.core.rules.wall.code import LawfulCode

ATTEMPTS_FILE = Path(__file__).with_name("refused.yaml")
HEAD = "{key: tried, version: 1.0.0, label: 试, unit_kinds: [社区, 村]}"
SHIPPED = sorted(path.name for path in shipped_folder().iterdir() if (path / "pack.yaml").exists())


def _attempts() -> list[YamlMap]:
    value, issues = read_yaml(ATTEMPTS_FILE.read_bytes(), ATTEMPTS_FILE.name)
    assert issues == []
    assert isinstance(value, YamlMap)
    attempts = value["attempts"]
    assert isinstance(attempts, list)
    return [one for one in attempts if isinstance(one, YamlMap)]


ATTEMPTS = _attempts()


def _refusals(files: dict[str, str]) -> list[Issue]:
    written = {"pack.yaml": HEAD, **files}
    pack, unread = load({name: text.encode() for name, text in written.items()})
    assert pack is not None, [issue.line() for issue in unread]
    return [issue for issue in check(pack, ()) if isinstance(issue.code, LawfulCode)]


@pytest.mark.parametrize("attempt", ATTEMPTS, ids=lambda one: f"{one['row']}-{one['code']}")
def test_old_mechanism_is_refused_and_the_lawful_service_named(attempt: YamlMap) -> None:
    files, service = attempt["files"], attempt["service"]
    assert isinstance(files, YamlMap)
    assert isinstance(service, YamlMap)
    found = {issue.code.name: issue for issue in _refusals({k: str(v) for k, v in files.items()})}
    issue = found.get(str(attempt["code"]))
    assert issue is not None, sorted(found)
    assert str(service["en"]) in issue.remedy()
    with override("zh-hans"):
        assert str(service["zh"]) in gettext(issue.code.remedy)


def test_an_empty_pack_is_not_refused() -> None:
    assert _refusals({}) == []


@pytest.mark.parametrize("key", SHIPPED)
def test_no_shipped_pack_runs_into_the_wall(key: str) -> None:
    packs = [load(shipped_folder() / name)[0] for name in SHIPPED]
    (own,) = [pack for pack in packs if pack is not None and pack.key == key]
    others = [pack for pack in packs if pack is not None and pack.key != key]
    found = check(own, others, True)
    assert [issue.line() for issue in found if isinstance(issue.code, LawfulCode)] == []
