"""The wall refuses what the law of the field forbids and lets its subjects be taught and served."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from taizhang.core.base.issue import Issue
from taizhang.core.base.yaml_source import YamlMap, read_yaml
from taizhang.core.counting.measure import About, Measure, MeasureKind
from taizhang.core.definition.case import CaseKind, CaseStep, State
from taizhang.core.definition.pack import DocumentTemplate, Indicator, Pack
from taizhang.core.definition.rubric import Item, Rubric, Rule, Section
from taizhang.core.definition.task import PlanTemplate, Task
from taizhang.core.definition.thing import ThingKind
from taizhang.core.form import Field, Form
from taizhang.core.form.model import Choice, Group
from taizhang.core.rules.context import RuleContext
from taizhang.core.rules.wall.code import LawfulCode
from taizhang.core.rules.wall.wall import RULES, plain, walls

CASES_FILE = Path(__file__).with_name("wall.yaml")


def _cases() -> list[YamlMap]:
    value, issues = read_yaml(CASES_FILE.read_bytes(), "wall.yaml")
    assert issues == []
    assert isinstance(value, YamlMap)
    cases = value["cases"]
    assert isinstance(cases, list)
    return [case for case in cases if isinstance(case, YamlMap)]


CASES = _cases()


def _field(case: YamlMap, **more: object) -> Field:
    return Field(
        name=str(case.get("name", "a")),
        type=str(case.get("type", "text")),
        label=str(case.get("label", "内容")),
        about=str(case.get("about", "activity")),
        required=bool(case.get("required", False)),
        **more,  # type: ignore[arg-type]
    )


def _form(case: YamlMap, *fields: Field, key: str = "p.f", title: str = "登记") -> Form:
    why = str(case.get("why", ""))
    return Form(key=key, title=title, version="1", fields=fields, about="activity", why=why)


def _pack(case: YamlMap) -> Pack:
    """Make the smallest pack that holds the thing of a case."""
    name, label = str(case.get("name", "a")), str(case["label"])
    about = About(str(case.get("about", "activity")))
    parts: dict[str, object] = {}
    match case["is"]:
        case "field":
            parts["forms"] = {"p.f": _form(case, _field(case))}
        case "choice":
            choice = Choice(name=name, label=label)
            asked = Field(name="a", type="select_one", label="内容", about=about, choices=(choice,))
            parts["forms"] = {"p.f": _form(case, asked)}
        case "hint":
            asked = Field(name="a", type="text", label="内容", about="activity", hint=label)
            parts["forms"] = {"p.f": _form(case, asked)}
        case "group":
            group = Group(name=name, label=label)
            parts["forms"] = {"p.f": replace(_form(case), groups=(group,))}
        case "pack":
            return Pack(key="p", version="1", label=label, unit_kinds=("社区",))
        case "form":
            key = f"p.{name}"
            parts["forms"] = {key: _form(case, key=key, title=label)}
        case "measure":
            made = Measure(
                key=f"p.{name}", label=label, unit="次", kind=MeasureKind.EVENT, about=about
            )
            parts["measures"] = {made.key: made}
        case "indicator":
            one = Indicator(key=f"p.{name}", label=label, unit="percent", formula="1")
            parts["indicators"] = {one.key: one}
        case "task":
            parts["plan"] = PlanTemplate(tasks=(Task(key=name, label=label),))
        case "document":
            text = DocumentTemplate(
                key="p.d", title="通报", kind="通报", period="year", body=f"{label}。"
            )
            parts["documents"] = {"p.d": text}
        case "item":
            item = Item(key=name, title=label, max=1, rule=Rule(kind="manual"))  # type: ignore[arg-type]
            section = Section(key="s", title="工作", max=1, items=(item,))  # type: ignore[arg-type]
            parts["rubric"] = Rubric(
                key="r",
                title="考核",
                total=1,
                unit_kinds=(),
                period="year",
                sections=(section,),  # type: ignore[arg-type]
            )
        case "case" | "state" | "step":
            words = {"case": "事项", "state": "开着", "step": "办结"} | {str(case["is"]): label}
            key = name if case["is"] == "case" else "k"
            state, step = (name if case["is"] == part else "a" for part in ("state", "step"))
            parts["cases"] = {
                f"p.{key}": CaseKind(
                    key=f"p.{key}",
                    label=words["case"],
                    about=about,
                    number="{serial}",
                    opens="p.f",
                    states={state: State(key=state, label=words["state"], ends=True)},
                    steps={step: CaseStep(key=step, label=words["step"], sources=(state,))},
                )
            }
        case "thing":
            thing = ThingKind(
                key=f"p.{name}", label=label, dataset="a", number="{serial}", name="a"
            )
            parts["things"] = {thing.key: thing}
        case other:
            raise AssertionError(other)
    return Pack(key="p", version="1", label="试", unit_kinds=("社区",), **parts)  # type: ignore[arg-type]


def _found(pack: Pack) -> list[Issue]:
    return [issue for rule in RULES for issue in rule(RuleContext(pack))]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['is']}-{case['label']}")
def test_case(case: YamlMap) -> None:
    found = [issue.code.name for issue in _found(_pack(case))]
    if case["code"] == "none":
        assert found == []
    else:
        assert case["code"] in found


def test_there_are_enough_cases_both_ways() -> None:
    codes = Counter(str(case["code"]) for case in CASES)
    assert len(CASES) >= 60
    assert codes["none"] >= 25
    assert {code.name for code in LawfulCode} == set(codes) - {"none"}


def test_each_wall_but_the_types_has_words() -> None:
    assert {wall.code for wall in walls()} == set(LawfulCode) - {LawfulCode.LAWFUL_011}


def test_person_form_binds_fields_that_call_themselves_something_else() -> None:
    one = Field(name="a", type="text", label="避孕药具", about="place")
    form = Form(key="p.f", title="登记", version="1", fields=(one,), about="person")
    pack = Pack(key="p", version="1", label="试", unit_kinds=(), forms={"p.f": form})
    assert [issue.code for issue in _found(pack)] == [LawfulCode.LAWFUL_001]


def test_rubric_item_answers_for_the_measure_that_it_counts() -> None:
    made = Measure(
        key="p.letters", label="信访件数", unit="件", kind=MeasureKind.EVENT, about=About.ACTIVITY
    )
    rule = Rule(kind="per_event", params={"figure": "letters", "deduct": 1})
    item = Item(key="order", title="社会稳定", max=5, rule=rule)  # type: ignore[arg-type]
    section = Section(key="s", title="工作", max=5, items=(item,))  # type: ignore[arg-type]
    rubric = Rubric(
        key="r",
        title="考核",
        total=5,
        unit_kinds=(),
        period="year",
        sections=(section,),  # type: ignore[arg-type]
    )
    pack = Pack(
        key="p", version="1", label="试", unit_kinds=(), measures={made.key: made}, rubric=rubric
    )
    assert [issue.code for issue in _found(pack)] == [LawfulCode.LAWFUL_008]


def test_every_refusal_names_what_to_do_instead() -> None:
    for code in LawfulCode:
        assert len(code.remedy) > 60, code


def test_labels_are_read_without_blanks_in_simplified_characters() -> None:
    assert plain("是 否　懷孕·Ａ") == "是否怀孕A"
