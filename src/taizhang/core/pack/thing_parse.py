"""Parser of things.yaml: kinds of things with names, places, numbers and due days."""

from __future__ import annotations

from taizhang.core.base.issue import Place
from taizhang.core.base.yaml_source import YamlMap
from taizhang.core.definition.thing import ThingKind
from taizhang.core.pack.parse import qualified
from taizhang.core.pack.reader import PackReader, Table, value_of


def things_of(root: object, pack: str, reader: PackReader) -> dict[str, ThingKind]:
    """Read the kinds of things, under ``things:`` or at the top of the file."""
    kinds: dict[str, ThingKind] = {}
    for key, value, line in reader.keyed(reader.under(root, "things"), "things", 1):
        table = reader.table(value, "things", key, line)
        full = qualified(pack, key)
        adopts: Table = {}
        if isinstance(table.get("adopts"), YamlMap):
            adopts = reader.table(table["adopts"], "adopts of a thing", key, line)
        kinds[full] = ThingKind(
            key=full,
            label=value_of(table, "label", ""),
            dataset=value_of(table, "dataset", ""),
            where=value_of(table, "where", {}),
            number=value_of(table, "number", ""),
            name=value_of(table, "name", ""),
            place_field=value_of(table, "place", ""),
            due=value_of(table, "due", ""),
            ended=value_of(table, "ended", {}),
            shared=value_of(table, "shared", ()),
            counts=value_of(table, "counts", ()),
            adopts=value_of(adopts, "number", ""),
            place=Place(reader.file, line),
        )
    return kinds
