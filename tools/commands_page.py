"""Write docs/reference/commands.md from the parser: `python -m tools.commands_page [--check]`."""

import argparse
import os
import sys
from collections.abc import Iterator

from tools.page import ROOT, page_run

PAGE = ROOT / "docs" / "reference" / "commands.md"

INTRODUCTION = """# Commands

Every command of `taizhang`, written from its parser by `python -m tools.commands_page`.
Errors, then warnings, go to standard error as `CODE place: mark sentence remedy`, the mark 错误 or
提醒; the exit status is 0 when done, 1 when the data was refused ([the messages](issues.md)), 2
when the command was wrongly given. The language is `TAIZHANG_LANGUAGE`: Chinese, or `en`.
"""


def commands(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    """This function will yield the parsers that run something, groups opened up."""
    groups = [a for a in parser._actions if isinstance(a, argparse._SubParsersAction)]
    if not groups:
        yield parser
    for group in groups:
        for command in group.choices.values():
            yield from commands(command)


def shown(action: argparse.Action) -> str:
    """This function will write an argument as a user types it."""
    value = action.metavar or (
        "|".join(map(str, action.choices)) if action.choices else action.dest.upper()
    )
    value = value if isinstance(value, str) else " ".join(value)
    if action.nargs in ("*", "+"):
        value += "…"
    if not action.option_strings:
        return value
    name = max(action.option_strings, key=len)
    return name if action.nargs == 0 else f"{name} {value}"


def section(parser: argparse.ArgumentParser) -> Iterator[str]:
    """This function will yield the lines about one command."""
    actions = [a for a in parser._actions if not isinstance(a, argparse._HelpAction)]
    usage = [
        shown(a) if a.required and a.nargs != "*" else f"[{shown(a)}]"
        for a in sorted(actions, key=lambda a: bool(a.option_strings))
    ]
    yield f"## {parser.prog}"
    yield ""
    yield f"{(parser.description or '').rstrip('.')}."
    yield ""
    yield "```"
    yield " ".join([parser.prog, *usage])
    yield "```"
    yield ""
    explained = [a for a in actions if a.help]
    if explained:
        yield "| argument | meaning |"
        yield "|---|---|"
        for action in explained:
            meaning = str(action.help).replace("%%", "%")
            yield f"| `{_cell(shown(action))}` | {_cell(meaning)} |"
        yield ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """This function will write the page in English, whatever the language of the shell."""
    os.environ["TAIZHANG_LANGUAGE"] = "en"
    from taizhang.cli import parser_make

    lines = [line for command in commands(parser_make()) for line in section(command)]
    return "\n".join([INTRODUCTION, *lines]).rstrip("\n") + "\n"


def main(arguments: list[str]) -> int:
    return page_run(arguments, __doc__, PAGE, page)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
