"""The reader of XLSForms: sheets into a Form, with every fault as an issue at its cell."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from taizhang.core.base.issue import Code, Issue, Place, Refused, errors
from taizhang.core.form.canonical import canonical
from taizhang.core.form.check import COLUMN, CycleError, evaluation_order
from taizhang.core.form.code import (
    ASKS_NOTHING,
    DATASET_NAME,
    DUE_NOT_SAVED,
    ENTITY_ID,
    NO_SURVEY,
    ONE_ENTITY,
    SAVE_WITHOUT_ENTITY,
    SETTINGS_ROWS,
    FormCode,
)
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.field_type import (
    ANSWERABLE,
    FROM_FILE,
    LEVELS,
    PLAIN_TYPES,
    READ,
    SELECTS,
    SPELLINGS,
    type_read,
)
from taizhang.core.form.model import MARKS, TRACKING, Choice, EntitySpec, Field, Form, Group
from taizhang.core.form.sheet import Sheet, SheetRow, markdown_of, sheets_of

ASCII_NAME = re.compile(r"[a-z][a-z0-9_]*", re.IGNORECASE)
NUMBER = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,4})?")
RANGE = ("start", "end", "step")
REFERENCE = re.compile(r"\$\{\s*([^}]*?)\s*\}")

#: The first sign of a name that no name may have, and where.
_NO_NAME = re.compile(r"^[^A-Za-z]|[^A-Za-z0-9_]")
SURVEY_COLUMNS = frozenset(
    "type name label hint guidance_hint required required_message constraint constraint_message "
    "relevant calculation default appearance read_only readonly choice_filter parameters "
    "repeat_count about save_to".split()
)
SETTINGS_COLUMNS = frozenset(
    {
        "form_title", "form_id", "version", "default_language", "style", "instance_name",
        "about", "entity_due", "entity_about", "why", *MARKS,
    }
)  # fmt: skip
ENTITIES_COLUMNS = frozenset("dataset list_name entity_id label create_if update_if repeat".split())
#: Columns that may be given per language, as ``label::中文 (zh)``.
TRANSLATED = frozenset("label hint guidance_hint constraint_message required_message".split())
YES, NO = frozenset({"yes", "true", "true()"}), frozenset({"", "no", "false", "false()"})


def read_form(
    data: bytes, file: str, key: str, version: str = ""
) -> tuple[Form | None, tuple[Issue, ...]]:
    """Read one form file (Markdown table or workbook) and give it with every issue found.

    ``key`` is the qualified form key; ``version`` stands where the form's settings give none.
    The form is ``None`` when an error forbids its use.
    """
    form, issues = read_partly(data, file, key, version)
    return (None if errors(issues) else form), issues


def read_partly(
    data: bytes, file: str, key: str, version: str = ""
) -> tuple[Form | None, tuple[Issue, ...]]:
    """Read a form as far as possible, so that the rest of a pack can be checked against it."""
    sheets, issues = sheets_of(data, file)
    if "survey" not in sheets:
        if not issues:
            facts = {"why": NO_SURVEY}
            issues.append(Issue(FormCode.FORM_001, Place(file), facts))
        return None, tuple(issues)
    return _Reader(canonical(sheets), issues, key, version, file).form(), tuple(issues)


def form_from_table(table: str, key: str = "test.form", version: str = "1") -> Form:
    """Read a form from a Markdown table, as tests write it.

    :raises Refused: with every issue, when the table is no form
    """
    form, issues = read_form(table.encode(), f"{key.rpartition('.')[2]}.md", key, version)
    if form is None:
        raise Refused(issues)
    return form


@dataclass(slots=True)
class _Level:
    """A group or repeat that is open while the survey is read."""

    kind: str
    name: str
    relevant: str
    row: SheetRow


@dataclass(slots=True)
class _Reader:
    sheets: Mapping[str, Sheet]
    issues: list[Issue]
    key: str
    version: str
    file: str
    language: str = ""
    fields: list[Field] = field(default_factory=list)
    repeats: list[str] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    levels: list[_Level] = field(default_factory=list)
    saves: dict[str, str] = field(default_factory=dict)

    def form(self) -> Form:
        settings = self._settings()
        self.language = settings.get("default_language") if settings else ""
        self._columns()
        lists = self._choices()
        for row in self.sheets["survey"].rows:
            self._survey_row(row, lists)
        for level in self.levels:
            facts: dict[str, object] = {"kind": level.kind, "name": level.name}
            self._say(FormCode.FORM_014, level.row.place, **facts)
        if not self.fields:
            self._say(FormCode.FORM_001, Place(self.file), why=ASKS_NOTHING)
        self._names()
        self._expressions()
        cells = settings.cells if settings else {}
        stem = self.key.rpartition(".")[2]
        form_id = cells.get("form_id", stem)
        if settings and form_id != stem:
            self._say(FormCode.FORM_012, settings.at("form_id"), found=form_id, wanted=stem)
        return Form(
            key=self.key,
            title=cells.get("form_title", stem),
            version=cells.get("version", self.version),
            fields=tuple(self.fields),
            repeats=tuple(self.repeats),
            groups=tuple(self.groups),
            entity=self._entity(cells),
            about=cells.get("about", ""),
            marks={name: cells[name] for name in MARKS if cells.get(name)},
            source=markdown_of(self.sheets),
            why=cells.get("why", ""),
            choice_lists=lists,
            choice_columns=self.sheets["choices"].columns if "choices" in self.sheets else (),
            place=Place(self.file),
        )

    def _say(self, code: Code, place: Place, **facts: object) -> None:
        self.issues.append(Issue(code, place, facts))

    def _settings(self) -> SheetRow | None:
        sheet = self.sheets.get("settings")
        if sheet is None or not sheet.rows:
            return None
        for row in sheet.rows[1:]:
            self._say(FormCode.FORM_001, row.place, why=SETTINGS_ROWS)
        return sheet.rows[0]

    def _columns(self) -> None:
        allowed = {
            "survey": SURVEY_COLUMNS,
            "settings": SETTINGS_COLUMNS,
            "entities": ENTITIES_COLUMNS,
        }
        for name, known in allowed.items():
            for column in self.sheets[name].columns if name in self.sheets else ():
                base, translated, language = column.partition("::")
                if "（" in language or "）" in language:
                    self._say(FormCode.FORM_016, self.sheets[name].place, column=column)
                plain = not translated or (base in TRANSLATED and language.strip())
                if base not in known or not plain:
                    self._unknown_column(name, column, known)

    def _unknown_column(self, sheet: str, column: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(column.partition("::")[0], sorted(known), 1)
        facts = {"column": column, "sheet": sheet, "known": ", ".join(near or sorted(known))}
        place = self.sheets[sheet].place
        self._say(FormCode.FORM_005, replace(place, sheet=sheet, column=column), **facts)

    def _text(self, row: SheetRow, column: str) -> str:
        """Give a translated cell: in the form's language, plain, or in any Chinese there is."""
        if self.language and (text := row.get(f"{column}::{self.language}")):
            return text
        if text := row.get(column):
            return text
        named = [name for name in row.cells if name.startswith(f"{column}::")]
        chinese = [name for name in named if "zh" in name or "中文" in name]
        return row.get((chinese or named or [column])[0])

    def _choices(self) -> dict[str, tuple[Choice, ...]]:
        lists: dict[str, dict[str, Choice]] = {}
        for row in self.sheets["choices"].rows if "choices" in self.sheets else ():
            list_name = row.get("list_name") or row.get("list name")
            name = row.get("name")
            if not list_name or not name:
                missing = "list_name" if not list_name else "name"
                self._say(FormCode.FORM_006, row.at(missing), column=missing)
                continue
            if any(blank in name for blank in " \t"):
                self._say(FormCode.FORM_007, row.at("name"), name=name)
            here = lists.setdefault(list_name, {})
            if name in here:
                self._say(FormCode.FORM_008, row.at("name"), name=name, list=list_name)
            known = {"list_name", "list name", "name"}
            extra = {
                column: text
                for column, text in row.cells.items()
                if column not in known and column.partition("::")[0] not in ("label", "media")
            }
            label = self._text(row, "label")
            if not label:
                self._say(FormCode.FORM_006, row.at("label"), column="label")
            here[name] = Choice(name=name, label=label, extra=extra, place=row.place)
        return {name: tuple(choices.values()) for name, choices in lists.items()}

    def _survey_row(self, row: SheetRow, lists: Mapping[str, tuple[Choice, ...]]) -> None:
        level = " ".join(row.get("type").split())
        if level in LEVELS or (level.startswith(("begin ", "end ")) and level not in SPELLINGS):
            verb, _, what = level.replace("_", " ", 1).partition(" ")
            self._level(verb, what, row)
            return
        kind, argument = type_read(level)
        name = row.get("name")
        if not kind or not name:
            missing = "type" if not kind else "name"
            self._say(FormCode.FORM_006, row.at(missing), column=missing)
            return
        choices: tuple[Choice, ...] = ()
        if kind in SELECTS:
            choices = self._list(row, argument.split(" ")[0], lists)
        elif kind not in READ:
            usual = sorted(PLAIN_TYPES | set(SELECTS))
            near = difflib.get_close_matches(kind, sorted(ANSWERABLE), 1)
            facts = {"type": level, "known": ", ".join(near or usual)}
            self._say(FormCode.FORM_009, row.at("type"), **facts)
        self._field(row, kind, name, choices, argument)

    def _list(
        self, row: SheetRow, name: str, lists: Mapping[str, tuple[Choice, ...]]
    ) -> tuple[Choice, ...]:
        if name not in lists:
            near = difflib.get_close_matches(name, sorted(lists), 1)
            known = ", ".join(near or sorted(lists)) or "-"
            self._say(FormCode.FORM_010, row.at("type"), list=name, known=known)
        return lists.get(name, ())

    def _field(
        self, row: SheetRow, kind: str, name: str, choices: tuple[Choice, ...], argument: str
    ) -> None:
        required = row.get("required")
        label = self._text(row, "label")
        if not label and kind not in {"calculate", "hidden"} | TRACKING:
            self._say(FormCode.FORM_006, row.at("label"), column="label")
        if kind == "calculate" and not row.get("calculation"):
            self._say(FormCode.FORM_006, row.at("calculation"), column="calculation")
        repeat = next((level.name for level in self.levels if level.kind == "repeat"), None)
        field = Field(
            name=name,
            type=kind,
            label=label,
            repeat=repeat,
            choices=choices,
            required=required.lower() in YES,
            required_when=required if required.lower() not in YES | NO else None,
            constraint=row.get("constraint") or None,
            constraint_message=self._text(row, "constraint_message"),
            relevant=self._relevant(row.get("relevant")),
            calculation=row.get("calculation") or None,
            choice_filter=row.get("choice_filter") or None,
            default=row.get("default"),
            hint=self._text(row, "hint"),
            about=row.get("about"),
            appearance=row.get("appearance"),
            read_only=(row.get("read_only") or row.get("readonly")).lower() in YES,
            parameters=dict(
                part.split("=", 1) for part in row.get("parameters").split() if "=" in part
            ),
            list_name=argument.split(" ")[0] if kind in SELECTS or kind in FROM_FILE else "",
            place=row.place,
        )
        self.fields.append(field)
        for key in RANGE if kind == "range" else ():
            if not NUMBER.fullmatch(number := field.parameters.get(key, "1")):
                self._say(
                    FormCode.FORM_024, row.at("parameters"), name=name, found=f"{key}={number}"
                )
        if save := row.get("save_to"):
            if save in self.saves:
                self._say(FormCode.FORM_017, row.at("save_to"), name=save)
            self.saves[save] = field.path

    def _relevant(self, own: str) -> str | None:
        parts = [level.relevant for level in self.levels if level.relevant]
        parts += [own] if own else []
        if len(parts) < 2:
            return parts[0] if parts else None
        return " and ".join(f"({part})" for part in parts)

    def _level(self, verb: str, what: str, row: SheetRow) -> None:
        if what not in ("group", "repeat"):
            facts = {"type": row.get("type"), "known": "begin group, begin repeat"}
            self._say(FormCode.FORM_009, row.at("type"), **facts)
            return
        if verb == "end":
            if not self.levels or self.levels[-1].kind != what:
                self._say(FormCode.FORM_015, row.at("type"), kind=what)
            else:
                self.levels.pop()
            return
        name = row.get("name")
        if not name:
            self._say(FormCode.FORM_006, row.at("name"), column="name")
        if what == "repeat":
            if any(level.kind == "repeat" for level in self.levels):
                self._say(FormCode.FORM_013, row.place, name=name)
            self.repeats.append(name)
        self.levels.append(_Level(what, name, row.get("relevant"), row))
        self.groups.append(
            Group(
                name=name,
                label=self._text(row, "label"),
                about=row.get("about"),
                appearance=row.get("appearance"),
                count=row.get("repeat_count"),
                place=row.place,
            )
        )

    def _names(self) -> None:
        seen: dict[str, Place] = {}
        rows = [(field.name, field.place) for field in self.fields]
        rows += [(name, self.sheets["survey"].place) for name in self.repeats]
        for name, place in rows:
            if (sign := _NO_NAME.search(name)) is not None:
                facts: dict[str, object] = {"sign": sign[0], "at": sign.start() + 1}
                self._say(FormCode.FORM_011, place, name=name, **facts)
            elif name.lower() in seen:
                line = seen[name.lower()].line or seen[name.lower()].row
                self._say(FormCode.FORM_018, place, name=name, line=line)
            seen.setdefault(name.lower(), place)

    def _expressions(self) -> None:
        """Compile every expression, so that its faults show at its cell, and find its names."""
        known = {question.name for question in self.fields} | set(self.repeats)
        for question in self.fields:
            extra = {name for choice in question.choices for name in choice.extra} | {
                "name",
                "label",
            }
            columns = {f"{COLUMN}{name}" for name in extra}
            parts = (
                ("constraint", question.constraint, known),
                ("relevant", question.relevant, known),
                ("calculation", question.calculation, known),
                ("required", question.required_when, known),
                ("choice_filter", question.choice_filter, known | columns),
            )
            for column, text, names in parts:
                if text is not None:
                    self._expression(
                        text, replace(question.place, column=column), names, question.repeat
                    )
        if not errors(self.issues):
            self._circle()

    def _circle(self) -> None:
        try:
            evaluation_order(self.fields, self.repeats)
        except CycleError as error:
            names = ", ".join(sorted(set(error.args[1])))
            self._say(FormCode.FORM_021, self.sheets["survey"].place, names=names)

    def _expression(self, text: str, place: Place, known: set[str], repeat: str | None) -> None:
        try:
            bare = COLUMN if place.column == "choice_filter" else ""
            expression = compile_expression(text, place, bare)
        except Refused as refused:
            self.issues.extend(refused.issues)
            return
        for name in sorted(expression.names - known):
            near = difflib.get_close_matches(name, sorted(known), 1)
            nearest = ", ".join(near).replace(COLUMN, "") or "-"
            facts = {"name": name.removeprefix(COLUMN), "text": text, "known": nearest}
            self._say(FormCode.FORM_019, place, **facts)
        for nearest in expression.loose:
            self._say(FormCode.FORM_022, place, text=text, said=nearest)
        rows = {
            field.name: field.repeat for field in self.fields if field.repeat not in (None, repeat)
        }
        rows |= {name: name for name in self.repeats}
        for name in sorted(expression.single & rows.keys()):
            self._say(FormCode.FORM_023, place, text=text, name=name, repeat=rows[name])

    def _entity(self, settings: Mapping[str, str]) -> EntitySpec | None:
        sheet = self.sheets.get("entities")
        if sheet is None or not sheet.rows:
            if self.saves:
                self._say(FormCode.FORM_020, Place(self.file), why=SAVE_WITHOUT_ENTITY)
            return None
        for row in sheet.rows[1:]:
            self._say(FormCode.FORM_020, row.place, why=ONE_ENTITY)
        row = sheet.rows[0]
        dataset = row.get("dataset") or row.get("list_name")
        by_name = {field.name: field for field in self.fields}
        names = REFERENCE.findall(row.get("entity_id"))
        named = by_name.get(names[0]) if len(names) == 1 else None
        if not dataset or not ASCII_NAME.fullmatch(dataset):
            self._say(FormCode.FORM_020, row.at("dataset"), why=DATASET_NAME)
        if named is None:
            self._say(FormCode.FORM_020, row.at("entity_id"), why=ENTITY_ID)
        due = settings.get("entity_due") or ("due" if "due" in self.saves else None)
        if due and due not in self.saves:
            self._say(FormCode.FORM_020, row.place, why=DUE_NOT_SAVED)
        labels = REFERENCE.findall(row.get("label"))
        label = by_name.get(labels[0]) if labels else None
        return EntitySpec(
            dataset=dataset,
            id_field=named.path if named else "",
            label_field=label.path if label else None,
            saves=dict(self.saves),
            due_field=due,
            creates=not (
                (row.get("update_if") and not row.get("create_if"))
                or (named is not None and named.type in FROM_FILE)
            ),
            about=settings.get("entity_about")
            or settings.get("about")
            or (named.about if named else ""),
            place=row.place,
        )
