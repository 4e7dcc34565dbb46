"""Profiles of made-up communities: their size, their habits and their equipment.

Everything is drawn from a generator seeded by the unit code, so the demonstration is the same on
every machine and a new community does not disturb the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

SEED = "taizhang-demo-1"


@dataclass(frozen=True, slots=True)
class Profile:
    """The habits of one community."""

    code: str
    rural: bool
    residents: int  # 常住人口
    registered: int  # 户籍人口
    migrants: int  # 流动人口
    diligence: float  # 0.55 … 1.15: how much of what is due gets done
    tidiness: float  # share of records that are complete
    knowledge: float  # share of quiz answers that are right
    goodwill: float  # share of raters who are content
    boards: tuple[str, ...]
    racks: tuple[str, ...]
    titles: tuple[str, ...]  # leaflets in use
    films: tuple[str, ...]


def profile(code: str, kind: str) -> Profile:
    """Draw the profile of the unit with this code."""
    random = Random(f"{SEED}:{code}")
    rural = kind == "村"
    residents = random.randrange(900, 3200) if rural else random.randrange(2400, 9800)
    migrants = round(residents * random.uniform(0.02, 0.08 if rural else 0.28))
    boards = 1 if rural else random.choice((1, 2, 2, 3))
    return Profile(
        code=code,
        rural=rural,
        residents=residents,
        registered=residents - migrants + random.randrange(60, 400),
        migrants=migrants,
        diligence=random.triangular(0.55, 1.15, 0.98),
        tidiness=random.triangular(0.6, 1.0, 0.93),
        knowledge=random.triangular(0.62, 0.97, 0.87),
        goodwill=random.triangular(0.72, 0.99, 0.92),
        boards=tuple(f"XC-{n:02d}" for n in range(1, boards + 1)),
        racks=("QY-01",) if rural else ("QY-01", "QY-02")[: random.choice((1, 1, 2))],
        titles=tuple(
            f"ZY-{n:02d}" for n in sorted(random.sample(range(1, 31), random.randrange(9, 18)))
        ),
        films=tuple(
            f"YX-{n:02d}" for n in sorted(random.sample(range(1, 16), random.randrange(3, 9)))
        ),
    )
