"""The facts that a record states, by the counting rules of its form.

Counting is a pure function of the record and the rules, so that the ledger can throw its facts
away and count them again to identical rows.  Rules are prepared once (:class:`Counter`), as an
import counts a hundred thousand records with the same few rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from taizhang.core.base.literal import day_of
from taizhang.core.base.quantity import MISSING, Quantity, exact, from_answer
from taizhang.core.counting.fact import Fact, Submission
from taizhang.core.counting.measure import CountingRule
from taizhang.core.form import Field, Form
from taizhang.core.form.expression.compiler import compile_expression
from taizhang.core.form.model import NUMBERS

Answers = Mapping[str, object]
Reader = Callable[[Answers, Answers], object]  # (answers, row of the repeat) → answer
Value = Callable[[Answers, Answers], Quantity]

_NO_ROW: Answers = {}


class Counter:
    """The counting rules of one form, ready to be applied to many records.

    :raises ValueError: if a rule names a repeat or a path that the form cannot have; a checked
        pack never does
    """

    def __init__(self, form: Form, rules: Iterable[CountingRule]) -> None:
        self.form = form
        self._rules = tuple(
            _Prepared(rule, form) for rule in rules if rule.form == form.key and not rule.case
        )

    def facts(self, record: Submission) -> tuple[Fact, ...]:
        """Give the facts that a record states, in the order of the rules, rows and measures.

        A blank answer is a fact with a missing value.  With credited units each fact is stated
        once per unit under the same ordinal, and all of them are joint.

        :raises ValueError: if an answer is no date or no quantity; clean answers never do
        """
        units = (record.unit, *(unit for unit in record.with_units if unit != record.unit))
        if len(units) > 2:
            units = tuple(dict.fromkeys(units))
        joint = len(units) > 1
        facts: list[Fact] = []
        for rule in self._rules:
            ordinal = facts[-1].ordinal + 1 if facts else 0
            rule.state(record, units, joint, ordinal, facts)
        return tuple(facts)

    def blanks(self, answers: Answers, day: date) -> tuple[str, ...]:
        """Name the blank answers for which a number is missing, as paths of fields.

        Where every rule counts rows and there is none, nothing was stated at all: then the
        repeats are named.

        :param answers: clean answers of a record of ``day``
        """
        blank = dict.fromkeys(path for rule in self._rules for path in rule.blanks(answers, day))
        if not blank and all(rule.each and not rule.rows(answers) for rule in self._rules):
            blank = dict.fromkeys(rule.each for rule in self._rules if rule.each)
        return tuple(blank)


def facts_of(record: Submission, form: Form, rules: Iterable[CountingRule]) -> tuple[Fact, ...]:
    """Give the facts that one record states; keep a :class:`Counter` where there are many."""
    return Counter(form, rules).facts(record)


def rules_asked(
    rules: Iterable[CountingRule], made_for: Form | None, asked: Form
) -> tuple[CountingRule, ...]:
    """Keep of the rules made for one version of a form what another version of it asked.

    A question that was not asked, or was asked for another kind of answer, gives no fact, no date,
    no dimension and no entity; to a condition it is blank.

    :param made_for: the form as it stood when the rules were in force, ``None`` when there was none
    """
    if made_for is asked or made_for is None:
        return tuple(rules) if made_for is asked else ()
    kept = (_rule_asked(rule, made_for, asked) for rule in rules)
    return tuple(rule for rule in kept if rule is not None)


def _rule_asked(rule: CountingRule, made_for: Form, asked: Form) -> CountingRule | None:
    if rule.each is not None and rule.each not in asked.repeats:
        return None

    def alike(path: str | None) -> bool:
        wanted, given = made_for.field(path or ""), asked.field(path or "")
        return wanted is not None and given is not None and _sort(wanted) == _sort(given)

    facts = {
        key: source
        for key, source in rule.facts.items()
        if isinstance(source, int) or alike(source)
    }
    if not facts:
        return None
    return replace(
        rule,
        facts=facts,
        date=rule.date if alike(rule.date) else "",
        by={name: path for name, path in rule.by.items() if alike(path)},
        entity=rule.entity if alike(rule.entity) else None,
        person=rule.person if alike(rule.person) else None,
    )


def _sort(field: Field) -> str:
    """Give the sort of a field's answers; numbers of all types are of one sort."""
    return "number" if field.type in NUMBERS | {"calculate"} else field.type


class _Prepared:
    """One rule with every path resolved to a reader."""

    def __init__(self, rule: CountingRule, form: Form) -> None:
        if rule.each is not None and rule.each not in form.repeats:
            raise ValueError(f"{rule.place}: form {form.key} has no repeat {rule.each!r}")
        self.each = rule.each
        self._when = None if rule.when is None else compile_expression(rule.when, rule.place)
        self._date = self._reader(rule.date)
        self._by = tuple(sorted((name, self._reader(path)) for name, path in rule.by.items()))
        self._entity = None if rule.entity is None else self._reader(rule.entity)
        # Every community has a board XC-01: the things that a form keeps are told apart by unit
        # and number, while a number that no form keeps (a batch of leaflets) means the same
        # everywhere.
        self._own = form.entity is not None and rule.entity == form.entity.id_field
        self._person = None if rule.person is None else self._reader(rule.person)
        self._made = frozenset(
            field.path for field in form.fields if field.type == "calculate" or field.calculation
        )
        self._until = rule.until
        self._facts = tuple(
            (measure, self._value(source)) for measure, source in rule.facts.items()
        )
        read = [source for source in rule.facts.values() if isinstance(source, str)]
        self._read = tuple((path, self._reader(path)) for path in dict.fromkeys(read))

    def _reader(self, path: str) -> Reader:
        first, dot, name = path.partition(".")
        if not dot:
            return lambda answers, row: answers.get(first)
        if first != self.each:
            raise ValueError(f"{path!r} can be read only by a rule with 'each: {first}'")
        return lambda answers, row: row.get(name)

    def _value(self, source: int | str) -> Value:
        if isinstance(source, int):
            always = exact(source)
            return lambda answers, row: always
        read = self._reader(source)
        if source in self._made:
            return lambda answers, row: _calculated(read(answers, row))
        return lambda answers, row: _quantity(read(answers, row))

    def state(
        self,
        record: Submission,
        units: Sequence[str],
        joint: bool,
        ordinal: int,
        facts: list[Fact],
    ) -> None:
        """Append this rule's facts of a record to ``facts``, numbered from ``ordinal``."""
        answers = record.answers
        for row in self.rows(answers):
            if self._when is not None and not self._when(self._scope(answers, row), record.date):
                continue
            dated = self._date(answers, row)
            day = _day(dated) if dated else record.date
            if self._until is not None and day >= self._until:
                continue
            dimensions = {
                name: str(answer)
                for name, read in self._by
                if (answer := read(answers, row)) not in (None, "")
            }
            entity = None if self._entity is None else _text(self._entity(answers, row))
            if entity is not None and self._own:
                entity = f"{record.unit}:{entity}"
            person = None if self._person is None else _text(self._person(answers, row))
            for measure, value in self._facts:
                known = value(answers, row)
                for unit in units:
                    facts.append(
                        Fact(
                            record=record.id,
                            ordinal=ordinal,
                            measure=measure,
                            unit=unit,
                            date=day,
                            value=known,
                            dimensions=dimensions,
                            entity=entity,
                            person=person,
                            joint=joint,
                            accepted_at=record.accepted_at,
                        )
                    )
                ordinal += 1

    def blanks(self, answers: Answers, day: date) -> Iterator[str]:
        """Walk the fields whose blank answer makes a fact with a missing value."""
        for row in self.rows(answers):
            if self._when is not None and not self._when(self._scope(answers, row), day):
                continue
            for path, read in self._read:
                if read(answers, row) in (None, ""):
                    yield path

    def rows(self, answers: Answers) -> Sequence[Answers]:
        """Give the rows that the rule counts, one without answers where it counts no rows."""
        if self.each is None:
            return (_NO_ROW,)
        rows = answers.get(self.each)
        if rows is None or rows == "":
            return ()
        if not isinstance(rows, Sequence) or not all(isinstance(row, Mapping) for row in rows):
            raise ValueError(f"{self.each!r} is not a list of rows")
        return rows

    def _scope(self, answers: Answers, row: Answers) -> Answers:
        # As in XLSForm, a bare name inside a repeat means the row's field before the form's.
        if self.each is None:
            return answers
        dotted = {f"{self.each}.{name}": answer for name, answer in row.items()}
        return {**answers, **row, **dotted}


def _text(answer: object) -> str | None:
    return None if answer is None or answer == "" else str(answer)


def _day(answer: object) -> date:
    if isinstance(answer, str):
        return _day_of_text(answer)
    if type(answer) is date:
        return answer
    raise ValueError(f"{answer!r} is not a date")


@lru_cache(maxsize=4096)
def _day_of_text(text: str) -> date:
    return day_of(text)


@lru_cache(maxsize=65_536)
def _whole(number: int) -> Quantity:
    return from_answer(number)


def _calculated(answer: object) -> Quantity:
    """Read what a form calculated; words, and numbers too large to be summed, are missing."""
    try:
        return _quantity(answer)
    except ValueError:
        return MISSING


def _quantity(answer: object) -> Quantity:
    # The exact type: True is an int by descent, and a count must not be a yes.
    return _whole(answer) if type(answer) is int else from_answer(answer)
