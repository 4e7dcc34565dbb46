"""Work in a child ends within its limits, whatever it does, and says how far it came."""

import os
import sys
import time
from dataclasses import replace

import pytest

from taizhang.core.base.enclosure import EnclosureLimits, Stop, Stopped, Tell, enclosed

SMALL = EnclosureLimits(part=1, whole=3, wall=30, memory=300, answer=1)
HERE = "tests.core.test_enclosure"


def echo(argument: object, tell: Tell) -> object:
    tell("first.yaml")
    return [argument, "标", sys.flags.isolated]


def spin(argument: object, tell: Tell) -> object:
    tell("spins.md")
    while True:
        pass


def sleep(argument: object, tell: Tell) -> object:
    tell("sleeps.md")
    time.sleep(60)
    return None


def fill(argument: object, tell: Tell) -> object:
    tell("fills.md")
    return len("a" * 3_000_000_000)


def dig(argument: object, tell: Tell) -> object:
    tell("digs.md")
    return dig(argument, tell)


def fail(argument: object, tell: Tell) -> object:
    tell("fails.md")
    raise OverflowError("date value out of range")


def chatter(argument: object, tell: Tell) -> object:
    tell("chatters.md")
    return ["a" * 1_000] * 10_000


def parts(argument: object, tell: Tell) -> object:
    for number in range(4):  # each within its own limit, all together beyond it
        tell(f"{number}.md")
        end = time.process_time() + 0.4
        while time.process_time() < end:
            pass
    return "done"


def die(argument: object, tell: Tell) -> object:
    tell("dies.md")
    os._exit(3)


def test_an_answer_comes_back() -> None:
    assert enclosed(f"{HERE}:echo", "b", SMALL) == ["b", "标", 1]


def test_the_clock_runs_anew_for_each_part() -> None:
    assert enclosed(f"{HERE}:parts", None, SMALL) == "done"


@pytest.mark.parametrize(
    ("work", "why", "part"),
    [
        ("spin", Stop.CLOCK, "spins.md"),
        ("sleep", Stop.CLOCK, "sleeps.md"),
        ("fill", Stop.MEMORY, "fills.md"),
        ("dig", Stop.DEPTH, "digs.md"),
        ("fail", Stop.FAULT, "fails.md"),
        ("chatter", Stop.FAULT, "chatters.md"),
        ("die", Stop.FAULT, "dies.md"),
    ],
)
def test_a_child_that_does_not_answer_is_stopped(work: str, why: Stop, part: str) -> None:
    if why is Stop.MEMORY and sys.platform == "darwin":
        pytest.skip("macOS holds to no limit of memory")
    began = time.monotonic()
    with pytest.raises(Stopped) as caught:
        enclosed(f"{HERE}:{work}", None, replace(SMALL, wall=3) if work == "sleep" else SMALL)
    assert (caught.value.why, caught.value.part) == (why, part)
    assert time.monotonic() - began < 60
