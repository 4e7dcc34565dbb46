"""Patterns of regex(): what is refused, and that RE2 gives the same as phones and pages would."""

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from taizhang.core.base import pattern
from taizhang.core.base.pattern import (
    LOOKS_AROUND,
    NO_PATTERN,
    NOT_ANCHORED,
    PHONES_DIFFER,
    TOO_SLOW,
    fault,
    matcher,
)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("^((a+))+$", TOO_SLOW),
        ("^a*a*a*a*a*a*a*a*a*$", TOO_SLOW),
        ("^(a|a)*$", TOO_SLOW),
        ("^(a|aa)+$", TOO_SLOW),
        ("^(.|a)+$", TOO_SLOW),
        ("^(a|(b|bc)d)+$", TOO_SLOW),
        ("^(a?){30}a{30}$", TOO_SLOW),
        ("^(.*a){20}$", TOO_SLOW),
        ("^(([a-z])+.)+[A-Z]([a-z])+$", TOO_SLOW),
        ("^(?:(?:a+)b?)*$", TOO_SLOW),
        ("^((a{1,2}){1,2}){1,2}$", TOO_SLOW),
        ("^(a*)?(a*)?(a*)?(a*)?$", TOO_SLOW),
        ("^" + "a" * 200 + "$", TOO_SLOW),
        ("^" + "(" * 12 + "a" + ")" * 12 + "$", TOO_SLOW),
        (r"^.{0,999}$", TOO_SLOW),
        (r"^(?=a)a$", LOOKS_AROUND),
        (r"^(?!a).$", LOOKS_AROUND),
        (r"^(?<=a)b$", LOOKS_AROUND),
        (r"^(a)\1$", LOOKS_AROUND),
        (r"^(a)\k<1>$", LOOKS_AROUND),
        (r"^(?P<n>a)$", PHONES_DIFFER),
        (r"^(?i)a$", PHONES_DIFFER),
        (r"^(?>a)$", PHONES_DIFFER),
        (r"^a++$", PHONES_DIFFER),
        (r"^\p{Han}$", PHONES_DIFFER),
        (r"^\bword\b$", PHONES_DIFFER),
        (r"^[[:alpha:]]$", PHONES_DIFFER),
        (r"^[a-z&&[^b]]$", PHONES_DIFFER),
        (r"^[\p{Han}]$", PHONES_DIFFER),
        (r"^a|b$", NOT_ANCHORED),
        (r"^a\$", NOT_ANCHORED),
        ("^", NOT_ANCHORED),
        ("^[$", NO_PATTERN),
        ("^(a$", NO_PATTERN),
        ("^a)$", NO_PATTERN),
        ("^*a$", NO_PATTERN),
        ("^a{2,1}$", NO_PATTERN),
        ("^a{,3}$", NO_PATTERN),
        ("^a{1001}$", NO_PATTERN),
    ],
)
def test_what_could_explode_or_is_read_in_two_ways_is_refused(text: str, why: str) -> None:
    assert fault(text) == why


@pytest.mark.parametrize(
    ("text", "yes", "no"),
    [
        ("^[A-Z0-9-]{2,20}$", "XC-01", "xc-01"),
        (r"^1[3-9]\d{9}$", "13800000000", "23800000000"),
        (r"^[\u4e00-\u9fa5]{2,4}$", "欧阳修", "a"),
        (r"^(张|王|李)+$", "张王", "赵"),
        (r"^(\d{3}-){2}\d{4}$", "010-010-1234", "010-1234"),
        (r"^[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}$", "a.b@c.org", "a@b"),
        (r"^(?:a|b)?c*?$", "bccc", "ab"),
        (r"^[\]\x41]$", "]", "B"),
        (r"^\d+$", "12", "１２"),  # phones and pages know digits of ASCII alone
        (r"^.$", "中", "\ud800"),
        (r"^a$", "a", "a\n"),
    ],
)
def test_what_people_write_works(text: str, yes: str, no: str) -> None:
    assert fault(text) == ""
    matches = matcher(text)
    assert (matches(yes), matches(no)) == (True, False)


SIGNS = st.sampled_from(
    [*"ab.|()[]{}*+?^$\\-,0129 &:=!<", "{1,3}", "{2}", r"\d", r"\w", "(?:", "[ab]", "[^a]", "a|b"]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(SIGNS, max_size=25), st.text("ab01 ", max_size=12))
def test_what_is_taken_gives_what_the_rule_book_gives(signs: list[str], text: str) -> None:
    written = f"^{''.join(signs)}$"
    if not fault(written):
        assert matcher(written)(text) is (re.fullmatch(written, text, re.ASCII) is not None)


@settings(max_examples=150, deadline=None)
@given(st.lists(SIGNS, max_size=40))
def test_what_is_taken_is_quick_on_a_long_text(signs: list[str]) -> None:
    written = f"^{''.join(signs)}$"
    if not fault(written):
        matches = matcher(written)
        began = time.process_time()
        for text in ("a" * 999, "ab" * 499, "a" * 998 + "b", "1" * 1_000):
            matches(text)
        assert time.process_time() - began < 0.5


def test_the_work_of_a_pattern_is_its_size_compiled() -> None:
    assert pattern.steps("^a$") < pattern.steps("^[A-Z0-9-]{2,20}$") <= pattern.LARGEST
