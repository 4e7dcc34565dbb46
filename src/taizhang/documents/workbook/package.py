"""The package: the parts of a workbook in its zip, all but the changed ones copied byte for byte.

``zipfile`` reads an archive but cannot copy an entry as it stands; so the records of the zip are
walked here (APPNOTE.TXT 6.3 §4.3): an untouched entry keeps its compressed bytes, its place and its
moment, and only what is changed is compressed anew.
"""

from __future__ import annotations

import itertools
import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass

from taizhang.core.base.issue import Issue, Marked, Refused, gettext_noop
from taizhang.documents.workbook.code import WorkbookCode

#: The largest file, the largest part and the largest sum of parts that are read, in bytes.
MOST_FILE = 30_000_000
MOST_PART = 60_000_000
MOST_PARTS = 400_000_000
#: More entries than this no workbook has.
MOST_ENTRIES = 20_000

CUT_OFF = Marked(gettext_noop("the end is missing"))
MISPLACED = Marked(gettext_noop("something is not where it should be"))
OVERLAP = Marked(gettext_noop("parts overlap"))
TWICE = Marked(gettext_noop("the name stands twice"))
PACKED = Marked(gettext_noop("the packing is one that no workbook uses"))
LACKING = Marked(gettext_noop("nothing can be read: it is missing"))
UNLIKE = Marked(gettext_noop("the content is not what its record says"))

_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_LOCAL_HEAD = struct.Struct("<4s5H3I2H")
_CENTRAL_HEAD = struct.Struct("<4s6H3I5H2I")
_END_HEAD = struct.Struct("<4s4H2IH")
_ENCRYPTED, _DESCRIBED, _UTF8 = 0x1, 0x8, 0x800
_STORED, _DEFLATED = 0, 8


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the zip: where its local record lies, and its central record as it stands."""

    name: str
    start: int  # of the local record
    end: int  # where the next record begins
    method: int
    flags: int
    size: int  # unpacked
    packed: int
    crc: int
    central: bytes


class Package:
    """The parts of a workbook by their names, in the order of the file."""

    def __init__(self, data: bytes) -> None:
        """Read the records of a zip.

        :raises Refused: WORKBOOK_003, 008, 009
        """
        if len(data) > MOST_FILE:
            raise too_large("zip", len(data), MOST_FILE)
        self.data = data
        self._tail = b""
        self.entries = self._read()
        self._unpacked: dict[str, bytes] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """Give the names of the parts."""
        return tuple(self.entries)

    def part(self, name: str) -> bytes:
        """Unpack one part, once.

        :raises Refused: WORKBOOK_008, 009
        """
        if name not in self._unpacked:
            self._unpacked[name] = self._unpack(name)
        return self._unpacked[name]

    def rewritten(self, parts: Mapping[str, bytes]) -> bytes:
        """Give the file with some parts changed; every other byte of every entry is kept."""
        out = bytearray()
        directory = bytearray()
        for entry in self.entries.values():
            start = len(out)
            if entry.name in parts:
                central = _changed(entry, parts[entry.name], self.data, out)
            else:
                out += self.data[entry.start : entry.end]
                central = entry.central
            directory += central[:42] + struct.pack("<I", start) + central[46:]
        begins = len(out)
        end = _END_HEAD.unpack_from(self._tail)
        out += directory
        out += _END_HEAD.pack(*end[:5], len(directory), begins, end[7])
        out += self._tail[_END_HEAD.size :]
        return bytes(out)

    def _read(self) -> dict[str, Entry]:
        at = self.data.rfind(_END, max(0, len(self.data) - _END_HEAD.size - 0xFFFF))
        if at < 0 or at + _END_HEAD.size > len(self.data):
            raise damaged("zip", CUT_OFF)
        self._tail = self.data[at:]
        _, disk, first_disk, _, count, size, begins, _ = _END_HEAD.unpack_from(self._tail)
        if disk or first_disk or count > MOST_ENTRIES or begins + size > at:
            raise damaged("zip", MISPLACED)
        records = list(self._central(begins, begins + size, count))
        starts = [*sorted(start for *_, start in records), begins]
        if len(set(starts)) != len(starts):
            raise damaged("zip", OVERLAP)
        following = dict(itertools.pairwise(starts))
        entries: dict[str, Entry] = {}
        for central, name, fields, start in sorted(records, key=lambda record: record[-1]):
            entry = self._entry(central, name, fields, start, following[start])
            if entry.name in entries:
                raise damaged(entry.name, TWICE)
            entries[entry.name] = entry
        total = sum(entry.size for entry in entries.values())
        if total > MOST_PARTS:
            raise too_large("unzip", total, MOST_PARTS)
        return entries

    def _central(
        self, begins: int, ends: int, count: int
    ) -> list[tuple[bytes, str, tuple[int, ...], int]]:
        records = []
        at = begins
        for _ in range(count):
            if at + _CENTRAL_HEAD.size > ends or not self.data.startswith(_CENTRAL, at):
                raise damaged("zip", CUT_OFF)
            fields = _CENTRAL_HEAD.unpack_from(self.data, at)
            length = _CENTRAL_HEAD.size + sum(fields[10:13])
            raw = self.data[at + _CENTRAL_HEAD.size : at + _CENTRAL_HEAD.size + fields[10]]
            name = raw.decode("utf-8" if fields[3] & _UTF8 else "cp437", "replace")
            records.append((self.data[at : at + length], name, fields[1:], fields[-1]))
            at += length
        return records

    def _entry(
        self, central: bytes, name: str, fields: tuple[int, ...], start: int, end: int
    ) -> Entry:
        _, _, flags, method, _, _, crc, packed, size = fields[:9]
        if flags & _ENCRYPTED:
            raise Refused([Issue(WorkbookCode.WORKBOOK_003)])
        if method not in (_STORED, _DEFLATED) or 0xFFFFFFFF in (packed, size, start):
            raise damaged(name, PACKED)
        if not self.data.startswith(_LOCAL, start) or start + _LOCAL_HEAD.size > len(self.data):
            raise damaged(name, MISPLACED)
        return Entry(name, start, end, method, flags, size, packed, crc, central)

    def _unpack(self, name: str) -> bytes:
        entry = self.entries.get(name)
        if entry is None:
            raise damaged(name, LACKING)
        if entry.size > MOST_PART:
            raise too_large(name, entry.size, MOST_PART)
        *_, named, extra = _LOCAL_HEAD.unpack_from(self.data, entry.start)
        begins = entry.start + _LOCAL_HEAD.size + named + extra
        if begins + entry.packed > entry.end:
            raise damaged(name, OVERLAP)
        packed = self.data[begins : begins + entry.packed]
        if entry.method == _STORED:
            content = packed
        else:
            inflate = zlib.decompressobj(-15)
            try:
                content = inflate.decompress(packed, entry.size + 1)
            except zlib.error as error:
                raise damaged(name, UNLIKE) from error
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise damaged(name, UNLIKE)
        return content


def _changed(entry: Entry, content: bytes, data: bytes, out: bytearray) -> bytes:
    """Append a changed entry and give its central record; moment and attributes stay."""
    deflate = zlib.compressobj(6, zlib.DEFLATED, -15)
    stored = entry.method == _STORED
    packed = content if stored else deflate.compress(content) + deflate.flush()
    crc = zlib.crc32(content)
    head = _LOCAL_HEAD.unpack_from(data, entry.start)
    named = entry.start + _LOCAL_HEAD.size
    name = data[named : named + head[9]]
    # Sizes stand in the record itself: no descriptor follows, no extra field of zip64 is needed.
    flags = entry.flags & ~_DESCRIBED
    out += _LOCAL_HEAD.pack(
        _LOCAL, 20, flags, *head[3:6], crc, len(packed), len(content), len(name), 0
    )
    out += name + packed
    fields = list(_CENTRAL_HEAD.unpack_from(entry.central))
    fields[2], fields[3] = 20, flags
    fields[7:10] = crc, len(packed), len(content)
    extra, comment = fields[11], fields[12]
    fields[11] = 0
    rest = entry.central[_CENTRAL_HEAD.size :]
    tail = rest[: fields[10]] + rest[fields[10] + extra : fields[10] + extra + comment]
    return _CENTRAL_HEAD.pack(*fields) + tail


def damaged(part: str, why: Marked) -> Refused:
    """Say that a part of a workbook is damaged."""
    return Refused([Issue(WorkbookCode.WORKBOOK_009, facts={"part": part, "why": why})])


def too_large(what: str, size: int, most: int) -> Refused:
    """Say that a workbook is too large."""
    facts = {"what": what, "found": size, "most": most}
    return Refused([Issue(WorkbookCode.WORKBOOK_008, facts=facts)])
