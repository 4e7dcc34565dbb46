"""Signs that nobody sees, and rare ones that everybody should."""

import pytest

from taizhang.core.sign import seen, unseen


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
