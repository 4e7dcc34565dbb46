"""Reads of installed packs and of quotas."""

from __future__ import annotations

import io
import logging
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache

from taizhang.core.base.issue import Refused, errors
from taizhang.core.base.period import Period
from taizhang.core.base.quantity import SCALE
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.pack.load import read
from taizhang.web.base.raw_cursor import raw_cursor
from taizhang.web.programmes.models import InstalledPack, Quota

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Installed:
    """One installed version; ``in_force_from`` is ``date.min`` where it rules from the start."""

    id: int
    key: str
    version: str
    digest: str
    in_force_from: date


def installed() -> tuple[Installed, ...]:
    """Give every installed version in the order of installation."""
    with raw_cursor() as cursor:  # plain SQL: every acceptance asks
        cursor.execute(_INSTALLED)
        return tuple(Installed(*row) for row in cursor.fetchall())


_INSTALLED = (
    "SELECT id, key, version, digest, in_force_from FROM programmes_installedpack ORDER BY id"
)


def in_force(versions: Iterable[Installed], day: date) -> tuple[Installed, ...]:
    """Pick for each key the version that rules on ``day``, in the order of installation."""
    ruling: dict[str, Installed] = {}
    for version in versions:
        if version.in_force_from <= day:
            other = ruling.get(version.key)
            if other is None or other.in_force_from < version.in_force_from:
                ruling[version.key] = version
    return tuple(ruling.values())


def version_named(versions: Iterable[Installed], key: str, version: str) -> Installed | None:
    """Find a version of a pack among those installed, ``None`` where it never was."""
    return next(
        (
            installed_version
            for installed_version in versions
            if (installed_version.key, installed_version.version) == (key, version)
        ),
        None,
    )


def programmes_with(version: Installed, day: date) -> Programmes:
    """Give the packs in force on ``day`` with one of them in another version.

    So stands an old form among the others when it is shown again.
    """
    others = (ruling for ruling in in_force(installed(), day) if ruling.key != version.key)
    return programmes_of((version, *others))


def programmes_on(day: date) -> Programmes:
    """Give the packs in force on ``day``; parsed packs and the name space are kept in memory."""
    versions = installed()
    ruling = in_force(versions, day)
    others = sorted(
        set(versions) - set(ruling), key=lambda version: version.in_force_from, reverse=True
    )
    return programmes_of(ruling, others)


def programmes_of(versions: Iterable[Installed], others: Iterable[Installed] = ()) -> Programmes:
    """Give the name space of these versions.

    :param others: versions whose words alone are asked for, the latest first; read when they are
    """
    versions = tuple(versions)
    for version in versions:
        _pack(version.digest)
    return _programmes(
        tuple(version.digest for version in versions), tuple(other.digest for other in others)
    )


# A pack never changes under its digest, so that what was parsed once serves every instance that
# this process turns to.
_packs: dict[str, Pack] = {}


@lru_cache(maxsize=32)
def _programmes(digests: tuple[str, ...], others: tuple[str, ...]) -> Programmes:
    return Programmes(
        tuple(_packs[digest] for digest in digests), lambda: tuple(map(_pack, others))
    )


def _pack(digest: str) -> Pack:
    if digest not in _packs:
        _packs[digest] = _loaded(digest)
    return _packs[digest]


def _loaded(digest: str) -> Pack:
    """Read an installed version, which the software of its day found sound.

    Rules that came later bind what is installed from then on.  What they refuse of an older
    version is refused where it is used: every page would stand still otherwise.

    :raises Refused: when a part of it can no longer be read at all
    """
    source = InstalledPack.objects.filter(digest=digest).values_list("source", flat=True)[0]
    reading = read(source_read(bytes(source)), tests=False)
    faults = errors(reading.issues)
    if reading.pack is None or reading.unreadable:
        raise Refused(reading.issues)
    for issue in faults:
        told = (reading.pack.key, reading.pack.version, issue.code.name, issue.place)
        _log.warning("pack %s %s: %s %s", *told)
    return reading.pack


def source_pack(files: Mapping[str, bytes]) -> bytes:
    """Give the source files as one ZIP, the same bytes for the same files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return out.getvalue()


def source_read(source: bytes) -> dict[str, bytes]:
    """Give the source files back."""
    with zipfile.ZipFile(io.BytesIO(source)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class HandedQuotas:
    """The quotas of the instance as a Book asks for them (``core.book.Targets``).

    A plan asks for every task of every unit below: the quotas of a period are read once a Book.
    """

    def __init__(self) -> None:
        self._read: dict[Period, dict[tuple[str, str], Fraction]] = {}

    def handed(self, measure: str, unit: str, period: Period) -> Fraction | None:
        """Give the quota handed to ``unit`` for exactly these months, or ``None``."""
        if period not in self._read:
            self._read[period] = quotas_of(period)
        return self._read[period].get((measure, unit))


def quotas_of(period: Period) -> dict[tuple[str, str], Fraction]:
    """Give what was handed down for exactly these months, by measure and unit."""
    rows = Quota.objects.filter(first_month=period.first.number, last_month=period.last.number)
    return {
        (measure, unit): Fraction(amount, SCALE)
        for measure, unit, amount in rows.values_list("measure", "unit", "amount")
    }
