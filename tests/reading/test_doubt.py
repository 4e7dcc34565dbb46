"""What is doubted in an old text: rates in the wrong unit, acts that are no more, broken lists."""

from __future__ import annotations

import pytest

from taizhang.reading.read import as_json, read


def doubts(text: str) -> set[str]:
    source = f"2006年工作总结\n一年来，社区开展各项工作，现将情况总结如下。\n{text}"
    (document,) = as_json(read([("a.txt", source.encode())]))["documents"]  # type: ignore[misc]
    return {issue["code"] for issue in document["issues"]}


@pytest.mark.parametrize(
    ("doubtful", "sound", "code"),
    [
        ("人口出生率为11.02%。", "人口出生率为11.02‰。", "DOUBT_001"),
        ("人口自然增长率为8.87%。", "人口自然增长率为8.87‰。", "DOUBT_001"),
        ("集中宣传《食品卫生法》。", "集中宣传《食品安全法》。", "DOUBT_005"),
        ("在**同志的带领下，工作有序推进。", "在街道的带领下，工作有序推进。", "DOUBT_006"),
        ("发放宣传单XX多份。", "发放宣传单200多份。", "DOUBT_007"),
        (
            "社区抓好清扫工作；二是做好宣传；三是加强检查。",
            "一是抓好清扫工作；二是做好宣传；三是加强检查。",
            "DOUBT_008",
        ),
    ],
)
def test_a_doubt_is_told_and_the_sound_text_beside_it_is_not(
    doubtful: str, sound: str, code: str
) -> None:
    assert code in doubts(doubtful)
    assert code not in doubts(sound)
