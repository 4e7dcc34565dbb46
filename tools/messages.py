"""Keep the message catalogues: `python -m tools.messages update|check|compile`.

English is the source; the texts stand in Python calls of the gettext family and in Django
templates. `update` adds what is new and drops what no source says any more, `check` names
everything that would reach a reader untranslated, `compile` writes the .mo files (never committed).
"""

import ast
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

import polib
from babel.messages.extract import extract_python

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "taizhang"
LOCALES = PACKAGE / "locale"
DOMAIN = "django"

# Which arguments are texts: (message), (singular, plural), (context, message) …
KEYWORDS: dict[str, tuple[str, ...]] = {
    "_": ("id",),
    "gettext": ("id",),
    "gettext_lazy": ("id",),
    "gettext_noop": ("id",),
    "ngettext": ("id", "plural"),
    "ngettext_lazy": ("id", "plural"),
    "pgettext": ("context", "id"),
    "pgettext_lazy": ("context", "id"),
    "npgettext": ("context", "id", "plural"),
    "npgettext_lazy": ("context", "id", "plural"),
}
# templatize() leaves such calls, with arguments written by repr(), in a text of X and newlines.
TEMPLATE_CALL = re.compile(
    r"\b(n?p?gettext|_)\(\s*((?:u?'(?:[^'\\]|\\.)*'|u?\"(?:[^\"\\]|\\.)*\"|[^()'\"])*)\)"
)
NAMED = re.compile(r"%\((\w+)\)[#0\- +]*[\d.*]*[diouxXeEfFgGcrs]")
BRACED = re.compile(r"(?<!\{)\{(\w+)(?:![rsa])?(?::[^{}]*)?\}(?!\})")

Key = tuple[str | None, str]


@dataclass
class Message:
    """A text that some source asks to have translated: `plural` where it is counted."""

    context: str | None
    id: str
    plural: str | None = None
    files: set[str] = field(default_factory=set)

    @property
    def key(self) -> Key:
        return (self.context, self.id)


def python_messages(text: str) -> Iterator[Message]:
    """This function will yield the texts in a Python source, as Babel finds them."""
    keywords = dict.fromkeys(KEYWORDS)
    found = extract_python(BytesIO(text.encode()), keywords, [], {"encoding": "utf-8"})
    for _line, function, texts, _comments in found:
        values = [texts] if isinstance(texts, str) else list(texts or ())
        yield from _message(str(function), values)


def template_messages(text: str) -> Iterator[Message]:
    """This function will yield the texts in a Django template, blocks and `_()` included."""
    # Django is imported here: `compile` runs on a machine where only polib matters.
    from django.conf import settings
    from django.utils.translation.template import templatize

    if not settings.configured:
        settings.configure()
    for match in TEMPLATE_CALL.finditer(templatize(text)):
        call = ast.parse(f"f({match[2]})", mode="eval").body
        assert isinstance(call, ast.Call)  # noqa: S101 - the line above parses nothing else
        values = [ast.literal_eval(arg) for arg in call.args if isinstance(arg, ast.Constant)]
        yield from _message(match[1], values)


def _message(function: str, values: Sequence[str | None]) -> Iterator[Message]:
    parts = dict(zip(KEYWORDS[function], values, strict=False))
    if parts.get("id"):
        yield Message(parts.get("context"), str(parts["id"]), parts.get("plural"))


def interpolations(text: str) -> Iterator[tuple[int, str]]:
    """This function will yield (line, function) of each gettext call on a text already filled in.

    Such a text differs at every call, so that no catalogue can hold it.
    """
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        for arg in node.args[: len(KEYWORDS.get(name, ()))]:
            is_format = (
                isinstance(arg, ast.Call)
                and isinstance(arg.func, ast.Attribute)
                and arg.func.attr == "format"
            )
            is_percent = isinstance(arg, ast.BinOp) and isinstance(arg.op, ast.Mod)
            if isinstance(arg, ast.JoinedStr) or is_format or is_percent:
                yield node.lineno, name


def sources(package: Path) -> tuple[dict[Key, Message], list[str]]:
    """This function will gather all texts of the package and the problems of its calls."""
    messages: dict[Key, Message] = {}
    problems: list[str] = []
    for path in sorted([*package.rglob("*.py"), *package.rglob("templates/**/*.*")]):
        if path.is_dir():
            continue
        text = path.read_text(encoding="utf-8")
        file = path.relative_to(package.parent).as_posix()
        if path.suffix == ".py":
            found = python_messages(text)
            problems += [
                f"{file}:{line}: {function}() gets a text already filled in; "
                "use %(name)s and fill it in afterwards"
                for line, function in interpolations(text)
            ]
        else:
            found = template_messages(text)
        for message in found:
            known = messages.setdefault(message.key, message)
            known.plural = known.plural or message.plural
            known.files.add(file)
    return messages, problems


def fields_of(text: str) -> set[str]:
    """This function will name the gaps of a text: %(name)s and {name}."""
    return {*NAMED.findall(text), *BRACED.findall(text)}


def bare_percent(text: str) -> bool:
    """This function will tell whether filling the text in would trip over a lone percent sign."""
    return "%" in NAMED.sub("", text.replace("%%", ""))


def entry_problems(entry: polib.POEntry) -> Iterator[str]:
    """This function will yield what is wrong with one entry of a catalogue."""
    texts = list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]
    if not all(texts):
        yield "is not translated"
        return
    if entry.fuzzy:
        yield "is fuzzy; check the translation and remove the flag"
    wanted = fields_of(entry.msgid_plural or entry.msgid)
    is_filled = not bare_percent(entry.msgid) and "%" in entry.msgid
    for text in texts:
        if is_filled and bare_percent(text):
            yield "has a bare % in its translation; write %%"
        if fields_of(text) != wanted:
            yield (
                f"has the gaps {sorted(wanted)} and its translation {sorted(fields_of(text))}; "
                "they must be the same"
            )


def catalogue_problems(catalogue: polib.POFile, messages: dict[Key, Message]) -> Iterator[str]:
    """This function will yield each way in which a catalogue fails the sources."""
    entries = {(e.msgctxt, e.msgid): e for e in catalogue if not e.obsolete}
    for key in messages.keys() - entries.keys():
        yield f"{key[1]!r} is missing; run python -m tools.messages update and translate it"
    for key, entry in entries.items():
        if key not in messages:
            yield f"{key[1]!r} is said nowhere; run python -m tools.messages update"
            continue
        yield from (f"{key[1]!r} {problem}" for problem in entry_problems(entry))
    for entry in catalogue.obsolete_entries():
        yield f"{entry.msgid!r} is obsolete; run python -m tools.messages update"


def catalogue_read(path: Path) -> polib.POFile:
    """This function will read a catalogue, or begin one with its header."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=100)
    catalogue = polib.POFile(wrapwidth=100)
    catalogue.metadata = {
        "Project-Id-Version": "taizhang",
        "Language": path.parent.parent.name,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return catalogue


def catalogue_update(path: Path, messages: dict[Key, Message]) -> tuple[int, int]:
    """This function will bring a catalogue up to the sources and give (added, dropped).

    Entries are sorted and carry files without line numbers, so that a change of code elsewhere
    changes no line here.
    """
    old = catalogue_read(path)
    known: dict[Key, polib.POEntry] = {(e.msgctxt, e.msgid): e for e in old if not e.obsolete}
    new = polib.POFile(wrapwidth=100)
    new.metadata = old.metadata
    new.header = old.header
    ordered = sorted(messages.values(), key=lambda m: (min(m.files), m.id, m.context or ""))
    for message in ordered:
        entry = known.get(message.key) or polib.POEntry(msgctxt=message.context, msgid=message.id)
        if message.plural and entry.msgid_plural != message.plural:
            entry.msgid_plural = message.plural
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0, entry.msgstr)}
            entry.msgstr = ""
        entry.occurrences = [(file, "") for file in sorted(message.files)]
        entry.flags = [flag for flag in entry.flags if flag != "python-format"]
        if NAMED.search(message.plural or message.id):
            entry.flags.append("python-format")
        new.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    new.save(str(path))
    return len(messages.keys() - known.keys()), len(known.keys() - messages.keys())


def catalogues_compile(locales: Path) -> None:
    """This function will write a .mo beside every .po that is newer than it."""
    for po in sorted(locales.glob("*/LC_MESSAGES/*.po")):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns:
            polib.pofile(str(po)).save_as_mofile(str(mo))


def main(arguments: list[str]) -> int:
    mode = arguments[0] if len(arguments) == 1 else ""
    if mode == "compile":
        catalogues_compile(LOCALES)
        return 0
    if mode not in ("update", "check"):
        print(__doc__, file=sys.stderr)
        return 2
    messages, found = sources(PACKAGE)
    paths = sorted(LOCALES.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
    for path in paths or [LOCALES / "zh_Hans" / "LC_MESSAGES" / f"{DOMAIN}.po"]:
        name = path.relative_to(PACKAGE).as_posix()
        if mode == "update":
            added, dropped = catalogue_update(path, messages)
            print(f"{name}: {added} added, {dropped} dropped, {len(messages)} in all")
        else:
            problems = sorted(catalogue_problems(catalogue_read(path), messages))
            found += [f"{name}: {problem}" for problem in problems]
    if mode == "update":
        catalogues_compile(LOCALES)
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
