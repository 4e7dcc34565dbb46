"""Readings → findings for a person to accept, correct or reject; decisions → baseline and drafts.

The contract of the review page: both functions are pure, findings of the same text have the same
ids whenever it is read, and nothing is stored here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from taizhang.core.base.issue import Issue
from taizhang.reading.base.code import DoubtCode
from taizhang.reading.figure.figure import ReadFigure
from taizhang.reading.plan.plan import ReadTask, plan_json
from taizhang.reading.read import Reading, figure_json, issue_masked, number
from taizhang.reading.review.decision import Decider, figure_row, rubric_decided, task_decided
from taizhang.reading.review.draft_pack import draft_files
from taizhang.reading.review.finding import (
    Accepted,
    BaselineRow,
    Decision,
    Draft,
    Finding,
    FindingKind,
    Spot,
    finding_id,
)
from taizhang.reading.review.place import Locator
from taizhang.reading.rubric.rubric import ReadItem, ReadSection
from taizhang.reading.rubric.rubric_json import number as points_number
from taizhang.reading.rubric.rubric_json import rule_json
from taizhang.reading.tokens.amount import amounts

#: of a figure's JSON, what a person may correct
_FIGURE = ("what", "kind", "low", "high", "unit", "period", "as_of", "every", "status")
_TASK = ("what", "quota", "unit", "every", "on", "by", "kind")


@dataclass(frozen=True)
class Shown:
    """One line as the review page shows it: cleaned, and as it stood in the file.

    ``cells`` are (text, column, covered by a merged cell) of a table row.
    """

    document: int
    line: int
    clean: str
    original: str
    cells: tuple[tuple[str, int, bool], ...] = ()


@dataclass
class _Review:
    """The findings of one document with what they were made of."""

    reading: Reading
    index: int
    mask: Callable[[str], str]
    #: masks names whether they are shown or not
    always: Callable[[str], str]
    locator: Locator
    figures: list[tuple[Finding, ReadFigure]] = field(default_factory=list)
    tasks: list[tuple[Finding, ReadTask]] = field(default_factory=list)
    #: by the identity of the section or rule
    parts: dict[int, Finding] = field(default_factory=dict)
    others: list[Finding] = field(default_factory=list)
    #: how often an id was made, for texts that say the same twice
    seen: dict[str, int] = field(default_factory=dict)

    def all(self) -> list[Finding]:
        """Give all findings in the order of the text."""
        figures = [figure for figure, _ in (*self.figures, *self.tasks)]
        figures += [*self.parts.values(), *self.others]
        order = list(FindingKind)
        return sorted(
            figures,
            key=lambda figure: (
                figure.place.line,
                (figure.place.clean or (0, 0))[0],
                order.index(figure.kind),
            ),
        )

    def make(
        self,
        kind: FindingKind,
        place: Spot,
        text: str,
        fields: Mapping[str, object],
        about: tuple[str, ...] = (),
        part: str = "",
        issue: Issue | None = None,
    ) -> Finding:
        """Make a finding with its id; names are masked in its text and fields."""
        shown, masked_values = self.mask(text), masked_fields(fields, self.mask)
        # The id never holds a name: it is the same whether names are shown or not.
        always = self.always
        code = issue.code.name if issue else ""
        held = [list(self.reading.document.span), place.as_json(), always(text), code, part]
        name = finding_id(kind, *held, masked_fields(fields, always))
        self.seen[name] = count = self.seen.get(name, 0) + 1
        return Finding(
            name if count == 1 else f"{name}-{count}",
            kind,
            self.index,
            place,
            shown,
            masked_values,
            always(text) != text or masked_fields(fields, always) != dict(fields),
            about,
            part,
            issue,
        )


def masked_fields(fields: Mapping[str, object], mask: Callable[[str], str]) -> dict[str, object]:
    """Mask the names in the texts of fields, whatever they are nested in."""

    def masked(value: object) -> object:
        if isinstance(value, str):
            return mask(value)
        if isinstance(value, Mapping):
            return {key: masked(part) for key, part in value.items()}
        return [masked(part) for part in value] if isinstance(value, (list, tuple)) else value

    return {key: masked(field) for key, field in fields.items()}


def findings(documents: Sequence[Reading], *, names: bool = False) -> list[Finding]:
    """Give all that was read of some documents as findings, in the order of the texts.

    :param documents: ``read(files).readings``
    :param names: show the names of people; they are masked otherwise
    """
    return [finding for review in _reviews(documents, names) for finding in review.all()]


def accepted(
    documents: Sequence[Reading], decisions: Mapping[str, Decision], *, names: bool = False
) -> Accepted:
    """Apply decisions and give the baseline figures and the draft packs that they leave.

    What is not decided is left out, never taken for accepted.  A decision that does not fit is
    not applied and told as an issue (REVIEW_001 … REVIEW_003).

    :param decisions: by the id of the finding
    """
    reviews = _reviews(documents, names)
    decider = Decider(
        {finding.id: finding for review in reviews for finding in review.all()}, decisions
    )
    baseline: list[BaselineRow] = []
    drafts: list[Draft] = []
    for review in reviews:
        baseline += _baseline(review, decider)
        draft = _draft(review, decider, f"draft_{len(drafts) + 1}")
        if draft is not None:
            drafts.append(draft)
    return Accepted(tuple(baseline), tuple(drafts), decider.undecided(), tuple(decider.issues))


def shown(documents: Sequence[Reading], *, names: bool = False) -> list[Shown]:
    """Give the lines of some documents as the review page shows them beside the findings."""
    lines: list[Shown] = []
    for index, document in enumerate(documents):
        mask = str if names else document.mask
        for line in Locator(document.document).lines:
            cells = tuple((mask(cell.text), cell.column, not cell.first) for cell in line.cells)
            original = mask(line.original())
            lines.append(Shown(index, line.number, mask(line.text), original, cells))
    return lines


def _reviews(documents: Sequence[Reading], names: bool) -> list[_Review]:
    reviews: list[_Review] = []
    for index, document in enumerate(documents):
        always = document.mask
        mask = str if names else always
        review = _Review(document, index, mask, always, Locator(document.document))
        for figure in document.figures:
            facts = figure_json(figure, str)
            fields = {key: facts[key] for key in _FIGURE}
            place = review.locator.spot(*figure.spot)
            made = review.make(FindingKind.FIGURE, place, figure.text, fields)
            review.figures.append((made, figure))
        for task in document.tasks:
            fields = task_fields(task)
            place = review.locator.find(task.line, task.text, task.what)
            made = review.make(FindingKind.TASK, place, task.text or task.what, fields)
            review.tasks.append((made, task))
        _rubric(review)
        for issue in document.issues:
            review.others.append(_issue(review, issue))
        reviews.append(review)
    return reviews


def task_fields(task: ReadTask) -> dict[str, object]:
    """Give what a task proposes."""
    rows = plan_json([task])["tasks"]
    row = rows[0] if isinstance(rows, list) else {}
    return {key: row[key] for key in _TASK}


def _rubric(review: _Review) -> None:
    rubric = review.reading.rubric
    if rubric is None:
        return
    for section in rubric.sections:
        made = _section(review, section)
        review.parts[id(section)] = made
        for item in section.items:
            _rules(review, item, (made.id,), "section")
    for item in rubric.bonus:
        _rules(review, item, (), "bonus")
    for item in rubric.penalties:
        _rules(review, item, (), "penalty")


def _section(review: _Review, section: ReadSection) -> Finding:
    most = section.max if section.max is not None else section.sum
    text = f"{section.label}{section.title}"
    place = review.locator.find(section.line, text, section.title)
    fields = {"what": section.title, "max": points_number(most)}
    return review.make(FindingKind.SECTION, place, text, fields)


def _rules(review: _Review, item: ReadItem, about: tuple[str, ...], part: str) -> None:
    for rule in item.rules:
        facts = rule_json(rule)
        params = {key: param for key, param in facts.items() if key not in _APART}
        fields = {
            "what": item.title,
            "max": points_number(item.max),
            "kind": facts["kind"],
            "points": facts["points"],
            "rule": params,
        }
        place = review.locator.find(item.line, rule.text, item.title)
        text = rule.text or item.title
        review.parts[id(rule)] = review.make(FindingKind.RULE, place, text, fields, about, part)


#: of a rule's JSON, what stands beside its parameters
_APART = ("kind", "points", "text", "open")


def _issue(review: _Review, issue: Issue) -> Finding:
    """Make the finding of a doubt or issue; some doubts propose another reading of a figure."""
    texts = [str(fact) for fact in issue.facts.values() if isinstance(fact, str) and len(fact) > 1]
    line = issue.place.line or review.reading.document.span[0]
    place = review.locator.find(line, *sorted(texts, key=len, reverse=True))
    if place.line != line:
        place = Spot(line, review.locator.find(line).clean_line)
    doubt = isinstance(issue.code, DoubtCode)
    text = str(issue.facts.get("text", "")) if doubt else ""
    about = tuple(
        made.id
        for made, figure in review.figures
        if text and figure.line == line and (figure.text in text or text in figure.text)
    )
    return review.make(
        FindingKind.DOUBT if doubt else FindingKind.ISSUE,
        place,
        issue.sentence(),
        _proposal(issue) if about else {},
        about,
        issue=issue_masked(issue, review.mask),
    )


def _proposal(issue: Issue) -> dict[str, object]:
    """Give what a doubt would change in the figures that it is about."""
    if issue.code is DoubtCode.DOUBT_001:
        return {"unit": "‰"}
    if issue.code is DoubtCode.DOUBT_013:
        for amount in amounts(str(issue.facts["guess"])):
            kind = amount.quantity.kind.name.lower()
            return {"kind": kind, "low": number(amount.low), "high": number(amount.high)}
    return {}


def _baseline(review: _Review, decider: Decider) -> Iterator[BaselineRow]:
    """Give the accepted figures, with what accepted doubts propose put in first."""
    changed: dict[str, dict[str, object]] = {}
    for other in review.others:
        if other.kind is FindingKind.DOUBT and (fields := decider.fields(other)) is not None:
            for name in other.about:
                changed.setdefault(name, {}).update(fields)
    for made, figure in review.figures:
        fields = decider.fields(made, changed.get(made.id))
        row = None if fields is None else figure_row(fields, decider.issues, made)
        if row is not None:
            where = {"file": review.reading.file, "line": figure.line, "text": made.text}
            yield BaselineRow(id=made.id, **row, **where)  # type: ignore[typeddict-item]


def _draft(review: _Review, decider: Decider, key: str) -> Draft | None:
    tasks: list[ReadTask] = []
    for made, task in review.tasks:
        fields = decider.fields(made)
        done = None if fields is None else task_decided(task, fields, decider.issues, made)
        if done is not None:
            tasks.append(done)
    rubric = review.reading.rubric
    if rubric is not None:
        rubric = rubric_decided(rubric, review.parts, decider)
    if rubric is None and not tasks:
        return None
    title = review.mask(review.reading.document.title)
    written = draft_files(rubric, tasks, title, key)
    files = {path: review.mask(text) for path, text in written.items()}
    return Draft(key, title, review.index, files)
