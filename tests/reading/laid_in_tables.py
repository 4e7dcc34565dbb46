"""A rubric laid out in tables: of signs, drawn, of a page, of a workbook, of a PDF."""

from __future__ import annotations

import io
from collections.abc import Sequence

from openpyxl import Workbook

from tests.reading.made import pdf_file
from tests.reading.rubric_plan import HAN, TITLE, Plan, rows

Row = Sequence[str]


def lined(sign: str, table: Sequence[Row], title: str) -> bytes:
    """Write a table with a sign between its cells."""
    return "\n".join([title, *(sign.join(row) for row in table)]).encode()


def tab_odd_heads(plan: Plan) -> bytes:
    """Heads of columns in words of their own."""
    head = ["大类", "事项", "分量", "怎么算分"]
    body = [[s.title if not i else "", x.title, x.points, x.clause] for _, s, i, x in rows(plan)]
    return lined("\t", [head, *body], TITLE)


def tab_no_head(plan: Plan) -> bytes:
    """No heads at all."""
    body = [
        [s.title if not i else "", s.points if not i else "", x.title, x.points, x.clause]
        for _, s, i, x in rows(plan)
    ]
    return lined("\t", body, f"{TITLE}（{plan.total}分）")


def tab_points_first(plan: Plan) -> bytes:
    """Points in the first column, the section in the last."""
    head = ["满分", "评分细则", "考核事项", "所属类别"]
    body = [[x.points, x.clause, x.title, s.title] for _, s, i, x in rows(plan)]
    return lined("\t", [head, *body], TITLE)


def tab_points_last(plan: Plan) -> bytes:
    """Points behind the clause."""
    head = ["序号", "项目", "要求", "扣分说明", "标准分", "得分"]
    body: list[Row] = []
    for number, section in enumerate(plan.sections):
        body.append([HAN[number], section.title, "", "", section.points, ""])
        body += [
            [str(i + 1), x.title, "", x.clause, x.points, ""] for i, x in enumerate(section.items)
        ]
    return lined("\t", [head, *body, ["", "合计", "", "", plan.total, ""]], TITLE)


def tab_points_in_item(plan: Plan) -> bytes:
    """No column of points: they stand behind the names."""
    head = ["一级指标", "二级指标", "评价办法"]
    body = [
        [f"{s.title}（{s.points}分）" if not i else "", f"{x.title}（{x.points}分）", x.clause]
        for _, s, i, x in rows(plan)
    ]
    return lined("\t", [head, *body], TITLE)


def pipe_section_rows(plan: Plan) -> bytes:
    """Upright strokes, each section a row of its own with its points in its text."""
    body: list[Row] = [["考评内容", "分数", "评定方法", "记录"]]
    for number, section in enumerate(plan.sections):
        body.append([f"{HAN[number]}、{section.title}（{section.points}分）", "", "", ""])
        body += [[x.title, x.points, x.clause, ""] for x in section.items]
    return ("\n".join([TITLE, *(f"| {' | '.join(row)} |" for row in body)])).encode()


def commas(plan: Plan) -> bytes:
    """Values parted by commas, texts in quotes."""
    head = ["类别", "类别分", "指标", "指标分", "评分方法"]
    body = [[s.title, s.points, x.title, x.points, f'"{x.clause}"'] for _, s, i, x in rows(plan)]
    return lined(",", [head, *body], TITLE)


def table_each(plan: Plan) -> bytes:
    """Each section a heading in running text and a table below."""
    lines = [f"{TITLE}（{plan.total}分）"]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}（{section.points}分）")
        lines.append("\t".join(["序号", "考核内容", "分值", "评分标准"]))
        lines += [
            "\t".join([str(i + 1), x.title, x.points, x.clause])
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def html_each(plan: Plan) -> bytes:
    """A page with a heading and a table for each section."""
    parts = [f"<html><body><h1>{TITLE}</h1>"]
    for section in plan.sections:
        parts.append(f"<h2>{section.title}（满分{section.points}分）</h2><table>")
        parts.append("<tr><th>指标</th><th>权重</th><th>计分说明</th></tr>")
        for x in section.items:
            parts.append(f"<tr><td>{x.title}</td><td>{x.points}</td><td>{x.clause}</td></tr>")
        parts.append("</table>")
    return "".join([*parts, "</body></html>"]).encode()


def html_list(plan: Plan) -> bytes:
    """A page of lists: terms with points and what they mean."""
    parts = [f"<html><body><h1>{TITLE}</h1>"]
    for section in plan.sections:
        parts.append(f"<h2>{section.title} {section.points}分</h2><dl>")
        for x in section.items:
            parts.append(f"<dt>{x.title} {x.points}分</dt><dd>{x.clause}</dd>")
        parts.append("</dl>")
    return "".join([*parts, "</body></html>"]).encode()


def blanks(plan: Plan) -> bytes:
    """Columns kept apart by blanks, under heads of their own words."""
    body: list[Row] = [["板块", "指标", "分数", "给分办法"]]
    body += [[s.title if not i else "", x.title, x.points, x.clause] for _, s, i, x in rows(plan)]
    widths = [max(_width(row[n]) for row in body) + 3 for n in range(3)]
    lines = [
        "".join(cell + " " * (widths[n] - _width(cell)) for n, cell in enumerate(row[:3])) + row[3]
        for row in body
    ]
    return "\n".join([TITLE, *lines]).encode()


def _width(text: str) -> int:
    return len(text) + sum(one > "\u2e80" for one in text)


def book(plan: Plan) -> bytes:
    """A workbook with merged cells, two rows of heads and a sum."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append([TITLE])
    sheet.merge_cells("A1:F1")
    sheet.append(["考核类别", None, "考核指标", None, "评分办法", "备注"])
    sheet.append(["名称", "分数", "名称", "分数", None, None])
    for area in ("A2:B2", "C2:D2", "E2:E3", "F2:F3"):
        sheet.merge_cells(area)
    for section in plan.sections:
        first = sheet.max_row + 1
        for i, x in enumerate(section.items):
            own = [section.title, float(section.points)] if not i else [None, None]
            sheet.append([*own, x.title, float(x.points), x.clause, None])
        for column in "AB":
            sheet.merge_cells(f"{column}{first}:{column}{sheet.max_row}")
    sheet.append(["合计", float(plan.total), None, float(plan.total), None, None])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def book_titled(plan: Plan) -> bytes:
    """A workbook whose merged rows are the sections, with columns of targets and offices."""
    made = Workbook()
    sheet = made.worksheets[0]
    sheet.append([TITLE])
    sheet.merge_cells("A1:F1")
    sheet.append(["编号", "指标名称", "目标值", "分值", "计分方法", "考核科室"])
    number = 0
    for at, section in enumerate(plan.sections):
        sheet.append([f"{HAN[at]}、{section.title}（{section.points}分）"])
        sheet.merge_cells(f"A{sheet.max_row}:F{sheet.max_row}")
        for i, x in enumerate(section.items):
            number += 1
            office = "综合科" if i < 2 else "业务科"
            sheet.append([number, x.title, None, float(x.points), x.clause, office])
    sheet.append(["合  计", None, None, float(plan.total), None, None])
    sheet.merge_cells(f"A{sheet.max_row}:C{sheet.max_row}")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def pdf_cells(plan: Plan) -> bytes:
    """A page whose text layer has each cell on a line of its own."""
    lines = [TITLE, "序号", "考核项目", "分值", "评分标准"]
    number = 0
    for section in plan.sections:
        lines.append(f"{section.title}（{section.points}分）")
        for x in section.items:
            number += 1
            lines += [str(number), x.title, x.points, *_folded(x.clause)]
    return pdf_file([lines[n : n + 36] for n in range(0, len(lines), 36)])


def _folded(text: str) -> list[str]:
    return [text[n : n + 24] for n in range(0, len(text), 24)] or [""]


def boxes(plan: Plan) -> bytes:
    """A table drawn with lines."""
    body: list[Row] = [["项目", "内容", "分值", "评分办法"]]
    body += [[s.title if not i else "", x.title, x.points, x.clause] for _, s, i, x in rows(plan)]
    widths = [max(_width(row[n]) for row in body) for n in range(4)]
    rule = ["─" * (width // 2 + 1) for width in widths]
    lines = [TITLE, f"┌{'┬'.join(rule)}┐"]
    for row in body:
        lines.append(
            "│"
            + "│".join(c + " " * (w - _width(c)) for c, w in zip(row, widths, strict=True))
            + "│"
        )
        lines.append(f"├{'┼'.join(rule)}┤")
    lines[-1] = f"└{'┴'.join(rule)}┘"
    return "\n".join(lines).encode()


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text at the edge of its column."""
    lines = [""]
    for sign in text:
        if _width(lines[-1] + sign) > width:
            lines.append("")
        lines[-1] += sign
    return lines


def _band(cells: Row, widths: Sequence[int], stroke: str) -> list[str]:
    """Draw one row whose cells go on over several lines."""
    said = [_wrapped(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return [
        stroke
        + stroke.join(
            (line := lines[at] if at < len(lines) else "") + " " * (width - _width(line))
            for lines, width in zip(said, widths, strict=True)
        )
        + stroke
        for at in range(max(map(len, said)))
    ]


def boxes_open(plan: Plan) -> bytes:
    """A table drawn with lines, its cells broken over lines, each section one open cell."""
    widths = (12, 20, 4, 32)
    rule = ["─" * (width // 2) for width in widths]
    whole = f"├{'┼'.join(rule)}┤"
    open_rule = f"│{' ' * widths[0]}├{'┼'.join(rule[1:])}┤"
    lines = [TITLE, f"┌{'┬'.join(rule)}┐"]
    lines += _band(["考核项目", "考核内容", "分值", "评分细则"], widths, "│")
    for _, section, i, x in rows(plan):
        lines.append(open_rule if i else whole)
        name = "" if i else f"{section.title}（{section.points}分）"
        lines += _band([name, x.title, x.points, x.clause], widths, "│")
    return "\n".join([*lines, f"└{'┴'.join(rule)}┘"]).encode()


def grid_titled(plan: Plan) -> bytes:
    """A table drawn with plus signs and dashes, each section a row over all columns, and a sum."""
    widths = (6, 24, 4, 40)
    rule = f"+{'+'.join('-' * width for width in widths)}+"
    inner = sum(widths) + len(widths) - 1
    lines = [TITLE, rule, *_band(["序号", "指标", "分值", "计分方法"], widths, "|")]
    lines.append(rule.replace("-", "="))
    for number, (at, section, i, x) in enumerate(rows(plan), 1):
        if not i:
            said = f"{HAN[at]}、{section.title}（{section.points}分）"
            lines += [f"|{said}{' ' * (inner - _width(said))}|", rule]
        lines += [*_band([str(number), x.title, x.points, x.clause], widths, "|"), rule]
    return "\n".join([*lines, *_band(["合计", "", plan.total, ""], widths, "|"), rule]).encode()


def turned(plan: Plan) -> bytes:
    """A table lying on its side: each item a column, for each section one."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}（{section.points}分）")
        lines.append("\t".join(["指标", *(x.title for x in section.items)]))
        lines.append("\t".join(["分值", *(x.points for x in section.items)]))
        lines.append("\t".join(["评分标准", *(x.clause for x in section.items)]))
    return "\n".join(lines).encode()


def weights(plan: Plan) -> bytes:
    """Weights in per cent instead of points."""
    head = ["一级指标", "权重", "二级指标", "权重", "计分方法"]
    body = [
        [
            s.title if not i else "",
            f"{s.points}%" if not i else "",
            x.title,
            f"{x.points}%",
            x.clause,
        ]
        for _, s, i, x in rows(plan)
    ]
    return lined("\t", [head, *body], TITLE)


def sheets(plan: Plan) -> bytes:
    """A workbook with a sheet for each section."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for section in plan.sections:
        sheet = made.create_sheet(section.title)
        sheet.append([f"{section.title}（{section.points}分）"])
        sheet.append(["序号", "考核事项", "分数", "考核说明"])
        for i, x in enumerate(section.items):
            sheet.append([i + 1, x.title, float(x.points), x.clause])
        sheet.append([None, "小计", float(section.points), None])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def html_nested(plan: Plan) -> bytes:
    """Numbered lists in lists."""
    parts = [f"<html><body><h3>{TITLE}</h3><ol>"]
    for section in plan.sections:
        parts.append(f"<li>{section.title}（{section.points}分）<ol>")
        parts += [f"<li><b>{x.title}</b>（{x.points}分）<br>{x.clause}</li>" for x in section.items]
        parts.append("</ol></li>")
    return "".join([*parts, "</ol></body></html>"]).encode()


def clause_rows(plan: Plan) -> bytes:
    """Each sentence of a clause in a row of its own below its item."""
    body: list[Row] = [["考核项目", "考核内容", "分值", "评分细则", "扣分"]]
    for _, section, i, x in rows(plan):
        sentences = [one for one in x.clause.split("；") if one]
        body.append([section.title if not i else "", x.title, x.points, sentences[0], ""])
        body += [["", "", "", one, ""] for one in sentences[1:]]
    return lined("\t", body, TITLE)


def classes(plan: Plan) -> bytes:
    """Lettered indicators, points with their word, the name of a section only at its subtotal."""
    head = ["指标编号", "指标说明", "计分规则", "最高分", "评分人"]
    body: list[Row] = []
    for number, section in enumerate(plan.sections, 1):
        body += [
            [f"{chr(64 + number)}{i + 1}", x.title, x.clause, f"{x.points}分", ""]
            for i, x in enumerate(section.items)
        ]
        body.append(["", f"{section.title}小计", "", f"{section.points}分", ""])
    return lined("\t", [head, *body], TITLE)
