"""Ids of records hold nothing that could be read as somebody."""

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from taizhang.core.base.record_id import MOST_ID, id_usable


@given(st.uuids(), st.sampled_from(["", "uuid:"]))
def test_every_uuid_can_be_an_id(number: uuid.UUID, before: str) -> None:
    assert id_usable(f"{before}{number}")
    assert id_usable(f"{before}{number}".upper())


@pytest.mark.parametrize(
    "text", ["2026-0506-01", "lecture/1", "r1", "360602001001-2026-05-06-2", "a" * MOST_ID]
)
def test_a_number_of_ones_own_can_be_an_id(text: str) -> None:
    assert id_usable(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "张三", "a b", "a\n", ".hidden", "../x", "<b>", "a'b", "é", "a" * (MOST_ID + 1)),
        *("a/../b", "http://e/", "a/./b", "a//b", "a/", "a/..", ".", "..", "?", "#", "a?b", "a#b"),
        *("a%2e", "a\\b", "a/..%2fb"),
        *("13800138000", "lecture-13800138000", "uuid:13800138000", "36060219900101123X"),
    ],
)
def test_words_and_numbers_of_persons_cannot(text: str) -> None:
    assert not id_usable(text)
