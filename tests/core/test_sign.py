"""Signs that nobody sees, and rare ones that everybody should."""

import pytest

from taizhang.core.base.invisible_sign import control, line_of, seen, unseen, words_of


@pytest.mark.parametrize(
    "text",
    ["公园社区", "𠮷祥社区", "\ue863园社区", "😀社区", "阿不都·热西提", "葛󠄀城", "A B　C", ""],
)
def test_what_can_be_seen_stays(text: str) -> None:
    assert unseen(text) == ()
    assert seen(text) == text


@pytest.mark.parametrize(
    ("text", "signs", "left"),
    [
        ("西\x07湖\x00社区", ("U+0007", "U+0000"), "西湖社区"),
        ("东\n湖\t社区", ("U+000A", "U+0009"), "东 湖 社区"),
        ("北\u200b湖\u202e社区\u2066", ("U+200B", "U+202E", "U+2066"), "北湖社区"),
        ("南\u2028湖\ufeff", ("U+2028", "U+FEFF"), "南 湖"),
        ("中\ud800湖\uffff", ("U+D800", "U+FFFF"), "中湖"),
    ],
)
def test_what_nobody_sees_is_named_and_goes(text: str, signs: tuple[str, ...], left: str) -> None:
    assert unseen(text) == signs
    assert seen(text) == left


def test_breaks_of_lines_are_blanks_of_a_line() -> None:
    assert line_of(" 人数数错了 \r\n按签到表改\n\n完\t了 ") == "人数数错了 按签到表改 完 了"
    assert line_of("全角　空格") == "全角　空格"


@pytest.mark.parametrize("sign", ["\U0002ebf0", "\ue863", "😀", "\u200d", "　"])
def test_rare_characters_are_words_as_others(sign: str) -> None:
    assert control(f"王{sign}明") == ""
    assert words_of(f"王{sign}明") == f"王{sign}明"


@pytest.mark.parametrize(
    ("sign", "name"),
    [("\x07", "U+0007"), ("\x00", "U+0000"), ("\u202e", "U+202E"), ("\uffff", "U+FFFF")],
)
def test_what_nobody_sees_is_named_and_left_out_of_notes(sign: str, name: str) -> None:
    assert control(f"甲{sign}乙") == name
    assert words_of(f"甲{sign}乙\r\n丙") == "甲乙\n丙"


@pytest.mark.parametrize(
    "text",
    ["\u200b", "\ufeff", "\u00ad", "\u3164", "\u115f", "\u034f", " \u200d\n\u2800", "\ufe0f", ""],
)
def test_a_text_that_shows_nothing_is_none(text: str) -> None:
    assert line_of(text) == ""
    assert words_of(text) == ""
    assert line_of(f"{text}按签到表改") != ""
