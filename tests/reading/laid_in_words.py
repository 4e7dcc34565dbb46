"""A rubric laid out in headings, paragraphs, lists and cards."""

from __future__ import annotations

from tests.reading.rubric_plan import HAN, TITLE, Plan, rows


def cards(plan: Plan) -> bytes:
    """Cards of key and value with words of their own."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines += ["", f"{HAN[number]}、{section.title}（{section.points}分）"]
        for x in section.items:
            lines += ["", f"名称：{x.title}", f"赋分：{x.points}分", f"算法：{x.clause}"]
    return "\n".join(lines).encode()


def cards_sectioned(plan: Plan) -> bytes:
    """Cards that each name their section."""
    lines = [TITLE]
    for number, (_, section, _i, x) in enumerate(rows(plan), 1):
        lines += [f"编号：{number}", f"类别：{section.title}", f"事项：{x.title}"]
        lines += [f"满分：{x.points}", f"评分说明：{x.clause}", "----------"]
    return "\n".join(lines).encode()


def one_line_cards(plan: Plan) -> bytes:
    """Each item one line of keys and values."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}（{section.points}分）")
        lines += [
            f"{i + 1}. 考核点：{x.title}；分值：{x.points}分；评分标准：{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def square_cards(plan: Plan) -> bytes:
    """Keys in square brackets."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"第{HAN[number]}部分 {section.title} 共{section.points}分")
        lines += [f"【指标】{x.title}【分值】{x.points}【评分】{x.clause}" for x in section.items]
    return "\n".join(lines).encode()


def markdown(plan: Plan) -> bytes:
    """Headings and lists of Markdown."""
    lines = [f"# {TITLE}"]
    for number, section in enumerate(plan.sections):
        lines += ["", f"## {HAN[number]}、{section.title}（{section.points}分）", ""]
        lines += [f"- **{x.title}**（{x.points}分）：{x.clause}。" for x in section.items]
    return "\n".join(lines).encode()


def points_before(plan: Plan) -> bytes:
    """Points stand before the name."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"（{section.points}分）{HAN[number]}、{section.title}")
        lines += [
            f"（{x.points}分）{i + 1}.{x.title}。{x.clause}。" for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def points_in_front(plan: Plan) -> bytes:
    """Points stand between the label and the name."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}：{section.points}分")
        lines += [
            f"{i + 1}.【{x.points}分】{x.title}：{x.clause}。" for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def points_behind(plan: Plan) -> bytes:
    """Points end the paragraph."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"第{HAN[number]}章 {section.title}（本章{section.points}分）")
        lines += [
            f"{number + 1}.{i + 1} {x.title}。{x.clause}。（{x.points}分）"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def points_in_words(plan: Plan) -> bytes:
    """Points of a section are said in a sentence below its heading."""
    lines = [TITLE, f"本表满分{plan.total}分。"]
    for number, section in enumerate(plan.sections):
        lines += [f"{HAN[number]}、{section.title}", f"本部分满分{section.points}分，具体如下："]
        lines += [
            f"（{HAN[i]}）{x.title}，满分{x.points}分。{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def leaders(plan: Plan) -> bytes:
    """Points behind a row of dots, the clause on the line below."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}……{section.points}分")
        for i, x in enumerate(section.items):
            lines += [f"{i + 1}、{x.title}……{x.points}分", f"    {x.clause}。"]
    return "\n".join(lines).encode()


def slashes(plan: Plan) -> bytes:
    """Points behind a stroke."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}/{section.points}分")
        lines += [
            f"（{i + 1}）{x.title}/{x.points}分/{x.clause}。" for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def one_paragraph(plan: Plan) -> bytes:
    """All breaks lost."""
    parts = []
    for number, section in enumerate(plan.sections):
        parts.append(f"{HAN[number]}、{section.title}（{section.points}分）。")
        parts += [
            f"（{HAN[i]}）{x.title}（{x.points}分）。{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return f"{TITLE}\n{''.join(parts)}\n".encode()


def points_right(plan: Plan) -> bytes:
    """Points at the right edge, kept apart by blanks."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}{' ' * 20}{section.points}分")
        for i, x in enumerate(section.items):
            lines.append(f"{i + 1}.{x.title}{' ' * 12}{x.points}分")
            lines.append(f"  评分：{x.clause}。")
    return "\n".join(lines).encode()


def han_points(plan: Plan) -> bytes:
    """Points in Chinese numerals."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{HAN[number]}、{section.title}（{_han(section.points)}分）")
        lines += [
            f"{i + 1}.{x.title}（{_han(x.points)}分）。{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def _han(points: str) -> str:
    tens, ones = divmod(int(points), 10)
    digits = "零一二三四五六七八九"
    return f"{digits[tens] if tens > 1 else ''}{'十' if tens else ''}{digits[ones] if ones else ''}"


def romans(plan: Plan) -> bytes:
    """Other numbering: Ⅰ, 1）."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"{'ⅠⅡⅢⅣⅤⅥⅦ'[number]}、{section.title}【{section.points}分】")
        lines += [
            f"{i + 1}）{x.title}【{x.points}分】{x.clause}。" for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def three_numbers(plan: Plan) -> bytes:
    """Decimals on both levels, points behind a dash."""
    lines = [f"{TITLE}（总分{plan.total}分）"]
    for number, section in enumerate(plan.sections, 1):
        lines.append(f"{number} {section.title}——{section.points}分")
        lines += [
            f"{number}.{i + 1} {x.title}——{x.points}分。{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(lines).encode()


def quoted(plan: Plan) -> bytes:
    """A mail that quotes the text."""
    lines = [TITLE]
    for number, section in enumerate(plan.sections):
        lines.append(f"（{HAN[number]}）{section.title}，{section.points}分。")
        lines += [
            f"{'①②③④⑤⑥⑦'[i]}{x.title}，{x.points}分。{x.clause}。"
            for i, x in enumerate(section.items)
        ]
    return "\n".join(f"> {line}" for line in lines).encode()
