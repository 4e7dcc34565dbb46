"""The scorer: one question for all figures of all units, then each unit item by item; weights."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from taizhang.core.base.figure import Figure, FlagName
from taizhang.core.base.issue import Issue, Refused
from taizhang.core.base.period import Period, fits, part_of
from taizhang.core.book import Book
from taizhang.core.definition.pack import Pack
from taizhang.core.definition.programme import Programmes
from taizhang.core.definition.rubric import Item, Rubric, Rule, Section
from taizhang.core.formula import Definition, NameScope, define_formula, words
from taizhang.core.indicator import Question, figures
from taizhang.core.scoring.appeal import with_appeals
from taizhang.core.scoring.code import ScoreCode
from taizhang.core.scoring.interval import Interval, constant, interval_of, truth
from taizhang.core.scoring.kinds import apply, read_rule
from taizhang.core.scoring.monotone import Change, change_of
from taizhang.core.scoring.outcome import ZERO, Case, Loss, Outcome, undecided, waits_of
from taizhang.core.scoring.parameter import Operand
from taizhang.core.scoring.score_sheet import ItemScore, Score, SectionScore
from taizhang.core.scoring.weighted_parts import weighted_score
from taizhang.core.text.bilingual import NOTHING, Bilingual, say
from taizhang.core.unit.tree import Tree, Unit

#: What a reader must know of a figure that is a requirement, by its flags.
NOTES = {
    FlagName.BY_ANALOGY: say("（参照执行）", " (by analogy)"),
    FlagName.UNVERIFIED_SOURCE: say("（来源待核）", " (source not verified)"),
}


def score(book: Book, rubric: Rubric, unit: str, period: Period) -> Score:
    """Score one unit (as :func:`score_all`)."""
    return score_all(book, rubric, (unit,), period)[0]


def score_all(
    book: Book, rubric: Rubric, units: Sequence[str], period: Period, *, so_far: bool = False
) -> tuple[Score, ...]:
    """Score units in the order asked, with every lost point explained.

    The one door to scores: the book's decisions count, and where an appeal was allowed, what it
    gave.

    :param so_far: score as if the period ended today and nothing more came in: a self-score
    :raises Refused: if a unit does not exist or the rubric does not bind its kind
    """
    return tuple(
        with_appeals(score, book.answers.appealed(rubric.key, score.unit_code, period))
        for score in _by_the_rules(book, rubric, units, period, so_far)
    )


def _by_the_rules(
    book: Book, rubric: Rubric, units: Sequence[str], period: Period, so_far: bool
) -> tuple[Score, ...]:
    """Score units by the rules and decisions alone, part by part where the period has parts."""
    asked = tuple(dict.fromkeys(units))
    tree = book.tree_for(period)
    _check_units(rubric, asked, tree)
    parts = parts_of(rubric, period)
    if not parts:
        return _scores(book, rubric, asked, period, tree, period, so_far)
    by_part = [
        (name, weight, _scores(book, rubric, asked, part, tree, period, so_far))
        for name, weight, part in parts
    ]
    return tuple(
        weighted_score(
            period, tuple((name, weight, scores[index]) for name, weight, scores in by_part)
        )
        for index in range(len(asked))
    )


def rubric_named(programmes: Programmes, name: str) -> Rubric:
    """Find a rubric by its own key or its pack's.

    :raises Refused: if there is none
    """
    rubrics = {pack.key: pack.rubric for pack in programmes.packs if pack.rubric is not None}
    for key, rubric in rubrics.items():
        if name in (rubric.key, key):
            return rubric
    known_names = ", ".join(sorted(rubric.key for rubric in rubrics.values())) or "-"
    raise Refused([Issue(ScoreCode.SCORE_001, facts={"name": name, "known": known_names})])


def units_below(book: Book, rubric: Rubric, unit: str, period: Period) -> tuple[str, ...]:
    """Give the codes of all units below (or at) ``unit`` that a rubric scores, in code order.

    :raises Refused: if there is no such unit
    """
    tree = book.tree_for(period)
    top = tree.required(unit)
    codes = tuple(sorted(member.code for member in tree.members(unit, rubric.unit_kinds)))
    if not codes:
        facts = {"unit": unit, "name": top.name, "rubric": rubric.key}
        facts["kinds"] = "、".join(rubric.unit_kinds)
        raise Refused([Issue(ScoreCode.SCORE_004, facts=facts)])
    return codes


def parts_of(rubric: Rubric, period: Period) -> tuple[tuple[str, Fraction, Period], ...]:
    """Give the weighted parts of a whole rubric period; none for any other period."""
    if not fits(period, rubric.period):
        return ()
    parts = []
    for name, weight in rubric.weights.items():
        part = part_of(period.first.year, name)
        if part.start in period and part.end in period:
            parts.append((name, weight, part))
    return tuple(sorted(parts, key=lambda part: part[2]))


def _check_units(rubric: Rubric, units: Sequence[str], tree: Tree) -> None:
    issues = []
    for code in units:
        unit = tree.unit(code)
        if unit is None:
            issues.append(tree.lack(code))
        elif unit.kind not in rubric.unit_kinds:
            facts = {
                "rubric": rubric.key,
                "kinds": "、".join(rubric.unit_kinds),
                "unit": code,
                "name": unit.name,
                "kind": unit.kind,
            }
            issues.append(Issue(ScoreCode.SCORE_003, facts=facts))
    if issues:
        raise Refused(issues)


def _scores(
    book: Book,
    rubric: Rubric,
    units: Sequence[str],
    period: Period,
    tree: Tree,
    whole: Period,
    so_far: bool,
) -> tuple[Score, ...]:
    """Score units in one unweighted period, which may be a part of the ``whole`` one."""
    pack = _pack_of(book.programmes, rubric)
    table = _table(book, pack, rubric, units, period)
    if so_far:
        table = {key: settled_so_far(interval) for key, interval in table.items()}
    scores = []
    for code in units:
        unit = tree.units[code]
        scorer = _Scorer(book, pack, rubric, unit, period, whole, table)
        scores.append(scorer.score(tree.day))
    return tuple(scores)


def _pack_of(programmes: Programmes, rubric: Rubric) -> Pack:
    return next(
        pack
        for pack in programmes.packs
        if pack.rubric is not None and pack.rubric.key == rubric.key
    )


def _table(
    book: Book, pack: Pack, rubric: Rubric, units: Sequence[str], period: Period
) -> Mapping[tuple[str, str], Interval]:
    """Ask every formula of the rubric for every unit at once."""
    texts = tuple(dict.fromkeys(_formulas(rubric)))
    if not texts:
        return {}
    scope = NameScope(book.programmes, pack.key)
    definitions = [define_formula(text, scope) for text in texts]
    labelled = [
        (_label(definition, book.language), change_of(definition, period))
        for definition in definitions
    ]
    question = Question(
        indicators=texts, units=tuple(units), period=period, home=pack.key, explained=False
    )
    answered = iter(figures(book, question))
    return {
        (unit, text): _interval(next(answered), label, change)
        for unit in units
        for text, (label, change) in zip(texts, labelled, strict=True)
    }


def _formulas(rubric: Rubric) -> list[str]:
    texts = []
    for item in (*(item for section in rubric.sections for item in section.items), *rubric.bonus):
        if item.applies is not None:
            texts.append(item.applies)
        for rule in (item.rule, *item.variants.values()):
            read, _ = read_rule(rule)
            texts += [formula.text for formula in read.all_formulas] if read is not None else []
    return texts


def _label(definition: Definition, language: str) -> str:
    """Give an indicator's or measure's label, or the words of a formula."""
    return definition.label or words(definition.node, definition.scope, language)


def _interval(figure: Figure, label: str, change: Change) -> Interval:
    """Read a figure under a label that people understand, with the notes of its flags."""
    interval = interval_of(replace(figure, label=label), change)
    notes = [note for name, note in NOTES.items() if figure.flag(name)]
    note = Bilingual("".join(note.zh for note in notes), "".join(note.en for note in notes))
    return replace(interval, note=note, figure=figure)


def settled_so_far(interval: Interval) -> Interval:
    """Take a figure as it stands: what is known of it so far is all there is."""
    figure = interval.figure
    if figure is None or figure.value is None or interval.not_applicable:
        return interval
    return replace(interval, low=figure.value, high=figure.value, waits=NOTHING)


@dataclass
class _Source:
    """The figures of one unit; remembers which were used."""

    unit: str
    table: Mapping[tuple[str, str], Interval]
    used: dict[str, None] = field(default_factory=dict)

    def value(self, operand: Operand, like: Interval | None = None) -> Interval:
        if isinstance(operand, Fraction):
            return constant(operand, like)
        interval = self.table[self.unit, operand]
        if interval.figure is not None:
            self.used[interval.figure.key] = None
        return interval


@dataclass(frozen=True)
class _Scorer:
    """Scores one unit in one period."""

    book: Book
    pack: Pack
    rubric: Rubric
    unit: Unit
    period: Period
    whole: Period
    table: Mapping[tuple[str, str], Interval]

    def score(self, tree: date) -> Score:
        return Score(
            rubric=self.rubric.key,
            title=self.rubric.title,
            unit_code=self.unit.code,
            unit_name=self.unit.name,
            period=str(self.period),
            as_of=self.book.as_of,
            tree=tree,
            sections=tuple(self.section(section) for section in self.rubric.sections),
            bonus_items=tuple(self.item(item) for item in self.rubric.bonus),
            bonus_cap=self.rubric.bonus_cap,
            language=self.book.language,
        )

    def section(self, section: Section) -> SectionScore:
        """Score a section; what does not apply leaves its points to the other items."""
        items = [self.item(item) for item in section.items]
        applying = sum((item.max for item in items), ZERO)
        stated = sum((item.stated_max for item in items), ZERO)
        if applying and applying != stated:
            items = [scaled(item, stated / applying) for item in items]
        most = section.max if applying else ZERO
        return SectionScore(key=section.key, title=section.title, max=most, items=tuple(items))

    def item(self, item: Item) -> ItemScore:
        """Score one item by the rule for this kind of unit."""
        rule = self.rule(item)
        source = _Source(self.unit.code, self.table)
        case = Case(
            max=item.max,
            remedy=item.remedy,
            source=source,
            answer=self.answer(item),
        )
        outcome = self.applied(item, rule, case)
        out = bool(outcome.not_applicable)
        return ItemScore(
            key=item.key,
            title=item.title,
            max=ZERO if out else item.max,
            stated_max=item.max,
            points=outcome.points,
            kind=rule.kind,
            required=outcome.required,
            found=outcome.actual,
            losses=outcome.losses,
            waits_for=outcome.waits_for,
            not_applicable=outcome.not_applicable,
            possible=outcome.possible,
            figures=tuple(source.used),
            requirements=item.requirements,
            sure=outcome.points or ZERO,
            pending=item.max if outcome.points is None and not out else ZERO,
        )

    def answer(self, item: Item) -> Mapping[str, object]:
        """Give what was decided for this part of the period, else for the whole of it."""
        for period in dict.fromkeys((self.period, self.whole)):
            answer = self.book.answers.answer(self.rubric.key, item.key, self.unit.code, period)
            if answer:
                return answer
        return {}

    def rule(self, item: Item) -> Rule:
        """Choose the variant for the unit's kind, or for the kind it mirrors."""
        kinds = (self.unit.kind, self.pack.mirrors.get(self.unit.kind, ""))
        return next((item.variants[kind] for kind in kinds if kind in item.variants), item.rule)

    def applied(self, item: Item, rule: Rule, case: Case) -> Outcome:
        """Apply the rule when the item applies to the unit at all."""
        if item.applies is None:
            return apply(rule, case)
        condition = case.source.value(item.applies)
        verdict = truth(condition)
        if condition.not_applicable or verdict is False:
            why = condition.not_applicable or say(
                "不满足适用条件：%(label)s",
                "it applies only where %(label)s",
                label=condition.label,
            )
            return Outcome(points=None, actual=say("不适用", "not applicable"), not_applicable=why)
        if verdict is None:
            return undecided(NOTHING, condition.sentence(), waits_of(condition))
        return apply(rule, case)


def scaled(item: ItemScore, factor: Fraction) -> ItemScore:
    """Give an item with all its points multiplied."""
    possible = item.possible
    return replace(
        item,
        max=item.max * factor,
        points=None if item.points is None else item.points * factor,
        losses=tuple(
            Loss(points=loss.points * factor, why=loss.why, remedy=loss.remedy)
            for loss in item.losses
        ),
        possible=possible and (possible[0] * factor, possible[1] * factor),
        sure=item.sure * factor,
        pending=item.pending * factor,
    )
