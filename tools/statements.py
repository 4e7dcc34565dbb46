"""Write the SQL of the common questions beside the code: `python -m tools.statements`.

They are what Ibis compiles; `tests/figures/test_statement.py` fails where they are not.
"""

import json

from taizhang.figures.catalogue import LIVE, STATEMENTS, common_shapes
from taizhang.figures.dialect import Dialect
from taizhang.figures.ibis_expression import compiled


def statements_text(dialect: Dialect) -> str:
    """This function will give the file of a dialect: one line a shape."""
    lines = []
    for shape in common_shapes(dialect):
        statement = compiled(shape)
        stored = {"columns": statement.columns, "text": statement.text}
        lines.append(f"{json.dumps(shape.name)}: {json.dumps(stored, ensure_ascii=False)}")
    return "{\n" + ",\n".join(sorted(lines)) + "\n}\n"


def main() -> None:
    """This function will write the files of all live stores."""
    STATEMENTS.mkdir(exist_ok=True)
    for dialect in LIVE:
        (STATEMENTS / f"{dialect.name}.json").write_text(statements_text(dialect), encoding="utf-8")


if __name__ == "__main__":
    main()
