"""A template with a source of answers → a document tree."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from types import CodeType

from jinja2 import TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.meta import find_undeclared_variables

from taizhang.core.base.figure import Figure
from taizhang.core.base.issue import Code, Issue, Marked, Place, Refused, errors
from taizhang.core.base.period import fits
from taizhang.core.definition.pack import DocumentTemplate
from taizhang.core.text.period import day_chinese
from taizhang.documents.assemble import assemble
from taizhang.documents.code import DocumentCode
from taizhang.documents.digits import typed_in, typed_numbers
from taizhang.documents.format import plain
from taizhang.documents.length import too_long
from taizhang.documents.template.data_source import DataSource, FigureRequest, Subject
from taizhang.documents.template.head import TemplateHead, read_head
from taizhang.documents.template.markdown import inlines_of, parts_of
from taizhang.documents.template.placeholder import (
    Placeholders,
    lines_kept,
    lines_taken,
    without_private,
)
from taizhang.documents.template.sandbox import TOO_DEEP, Meter, Sandbox, TooMuch
from taizhang.documents.template.template_functions import NAMES, TemplateFunctions
from taizhang.documents.tree import (
    Blank,
    Block,
    DateText,
    Document,
    Head,
    Number,
    Paragraph,
    Quoted,
    Signature,
    flat,
    texts_of,
)
from taizhang.documents.wording import DATE_PROMPT

#: A template whose choices open ever new questions is broken; real ones need two or three passes.
MOST_PASSES = 12
#: Kinds of paper that look back on a period; others, such as plans, name it whole.
LOOKING_BACK = frozenset(("总结", "自查报告", "通报"))
_FILE = "<template>"
#: What a template's own code can raise; anything else is a fault of this software.
_TEMPLATE_ERRORS = (
    *(TemplateError, TypeError, ValueError, ArithmeticError, LookupError, AttributeError),
    RecursionError,
)


@dataclass(frozen=True, slots=True)
class _Pass:
    """One rendering: texts, the marks behind them, what is still to be asked, what is wrong."""

    body: str
    head: Mapping[str, str]
    marks: Placeholders
    missing: tuple[FigureRequest, ...]
    issues: tuple[Issue, ...]


def compose(
    template: DocumentTemplate, source: DataSource, subject: Subject, *, synthetic: bool = False
) -> Document:
    """Render a template for one unit and period.

    Figures are gathered in a first pass and asked together; a further pass follows only where a
    choice made on them brings up new ones.

    :raises Refused: with every error found, each at its line of the template
    """
    words, wrong = read_head(template)
    if not fits(subject.period, words.period):
        facts = {"wanted": words.period, "period": str(subject.period)}
        wrong.append(Issue(DocumentCode.DOCUMENT_008, template.place, facts))
    _refuse([*wrong, *unreadable(template)])
    if words.kind not in LOOKING_BACK:
        subject = replace(subject, through=None)
    outcome = _answered(template, words, source, subject)
    document = _document(template, words, source, subject, outcome, synthetic)
    _refuse(document.issues)
    return document


def unreadable(template: DocumentTemplate) -> list[Issue]:
    """Find what is wrong without rendering: syntax, and names that no template knows."""
    words, _ = read_head(template)
    issues: list[Issue] = []
    texts = ((template.body, True), *((text, False) for text in words.texts().values()))
    for text, is_body in texts:
        try:
            tree = Sandbox(Meter()).parse(without_private(text))
            unknown = find_undeclared_variables(tree) - NAMES
        except TemplateSyntaxError as error:
            facts: dict[str, object] = {"reason": _reason(error)}
            place = _at(template.place, error.lineno if is_body else None)
            issues.append(Issue(DocumentCode.DOCUMENT_001, place, facts))
            continue
        except RecursionError:
            facts = {"reason": TOO_DEEP}
            issues.append(Issue(DocumentCode.DOCUMENT_001, template.place, facts))
            continue
        for name in tree.find_all(nodes.Name):
            if name.name in unknown:
                place = _at(template.place, name.lineno if is_body else None)
                issues.append(Issue(DocumentCode.DOCUMENT_002, place, {"name": name.name}))
    return issues


def _reason(error: Exception) -> str:
    """Give what an error says; our own words stay marked for translation."""
    if isinstance(error, RecursionError):
        return TOO_DEEP
    reason = error.args[0] if error.args else ""
    if isinstance(reason, Marked):
        return reason
    return str(error.message if isinstance(error, TemplateSyntaxError) else error).rstrip(".")


def _refuse(issues: Iterable[Issue]) -> None:
    known = tuple(issues)
    if errors(known):
        raise Refused(known)


def _at(place: Place, line: int | None) -> Place:
    return replace(place, line=(place.line or 1) + line - 1) if line else place


def _answered(
    template: DocumentTemplate, words: TemplateHead, source: DataSource, subject: Subject
) -> _Pass:
    answers: dict[FigureRequest, tuple[Figure, ...]] = {}
    meter = Meter()  # one for all passes: each could take as much as the meter lets it
    for _ in range(MOST_PASSES):
        outcome = _rendered(template, words, source, subject, answers, meter)
        if not outcome.missing:
            return outcome
        answers.update(source.figures(outcome.missing))
    facts = {"reason": "its choices ask for new figures without end"}
    raise Refused([Issue(DocumentCode.DOCUMENT_001, template.place, facts)])


def _rendered(
    template: DocumentTemplate,
    words: TemplateHead,
    source: DataSource,
    subject: Subject,
    answers: Mapping[FigureRequest, tuple[Figure, ...]],
    meter: Meter,
) -> _Pass:
    marks = Placeholders()
    issues: dict[str, Issue] = {}
    in_body = False

    def report(code: Code, line: int | None = None, **facts: object) -> None:
        place = _at(template.place, (line or _line_now()) if in_body else None)
        issue = Issue(code, place, facts)
        issues.setdefault(issue.line(), issue)

    vocabulary = TemplateFunctions(source, subject, marks, answers, report)
    names = vocabulary.names()
    sandbox = Sandbox(meter)

    def rendered(text: str) -> str:
        try:
            # A line is known by the mark at its end, so the last one needs an end, too.
            source = f"{lines_kept(without_private(text))}\n"
            code, loaded = _code(source), sandbox.make_globals(None)
            return sandbox.template_class.from_code(sandbox, code, loaded).render(names)
        except TooMuch as error:
            report(DocumentCode.DOCUMENT_018, _line_of(error), reason=error.args[0])
            return ""
        except _TEMPLATE_ERRORS as error:
            report(DocumentCode.DOCUMENT_001, _line_of(error), reason=_reason(error))
            return ""

    head = {key: lines_taken(rendered(text))[0].strip() for key, text in words.texts().items()}
    in_body = True
    body = rendered(template.body)
    return _Pass(body, head, marks, tuple(vocabulary.missing), tuple(issues.values()))


@lru_cache(maxsize=256)
def _code(text: str) -> CodeType:
    """Compile a text once for all its passes, units and periods; what it may do, its meter says."""
    return Sandbox(Meter()).compile(text)


def _line_now() -> int | None:
    """Give the line of the template whose code is running now."""
    frame = sys._getframe(1)
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None


def _line_of(error: BaseException) -> int | None:
    """Give the line of the template where an error arose; Jinja has put it in the traceback."""
    line = None
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _FILE:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _document(
    template: DocumentTemplate,
    words: TemplateHead,
    source: DataSource,
    subject: Subject,
    outcome: _Pass,
    synthetic: bool,
) -> Document:
    parts = parts_of(outcome.body, outcome.marks, template.place, numbered=words.numbering)
    title, to, issuer = (
        inlines_of(outcome.head[key], outcome.marks) for key in ("title", "to", "from")
    )
    head = Head(
        title=title,
        issuer=issuer,
        addressee=() if not plain(to) else to,
        day=subject.as_of if words.dated else None,
        synthetic=synthetic,
        kind=words.kind,
        subject=template.key,
        unit_code=subject.unit_code,
        period=str(subject.period),
        as_of=subject.as_of,
    )
    day = DateText(day_chinese(subject.as_of)) if words.dated else Blank(DATE_PROMPT)
    signature = Signature(issuer=issuer, day=day, sealed=words.sealed)
    document = assemble(head, parts.blocks, parts.annexes, signature)
    still_open = source.still_open([number.figure for number in document.numbers], subject.period)
    if still_open:
        paragraph = Paragraph((Quoted(still_open, f"closings:{subject.unit_code}"),))
        document = replace(document, blocks=_before_numbers(document.blocks, paragraph))
    issues = [*outcome.issues, *_typed(document, template.place)]
    long = too_long(document, words.limit, template.place)
    return replace(document, issues=(*issues, *((long,) if long else ())))


def _before_numbers(blocks: tuple[Block, ...], paragraph: Paragraph) -> tuple[Block, ...]:
    """Put what holds for all numbers before the first block that has one."""
    for place, block in enumerate(blocks):
        inlines = (inline for run in texts_of(block) for inline in flat(run))
        if any(isinstance(inline, Number) for inline in inlines):
            return (*blocks[:place], paragraph, *blocks[place:])
    return (paragraph, *blocks)


def _typed(document: Document, place: Place) -> Iterable[Issue]:
    head = document.head
    for inlines in (head.title, head.issuer, head.addressee):
        yield from typed_in(inlines, place)
    annexes = tuple(annex for annex in document.annexes if annex.kind != "numbers")
    yield from typed_numbers((*document.blocks, *annexes))
