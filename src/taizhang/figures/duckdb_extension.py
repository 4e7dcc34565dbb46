"""DuckDB extensions from Python packages, by which DuckDB opens a live store.

DuckDB's own INSTALL asks a server on the internet; an office has none.
"""

from __future__ import annotations

from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import duckdb

from taizhang.figures.dialect import POSTGRESQL, Dialect

#: What an attached store is called.
STORE = "store"


def extension_file(name: str) -> Path:
    """Give the file of a packaged extension such as ``sqlite_scanner``.

    :raises RuntimeError: if the package of that extension is not installed for this DuckDB
    """
    package = f"duckdb_extension_{name}"
    if find_spec(package) is not None:
        folder = Path(str(files(package))) / "extensions" / f"v{duckdb.__version__}"
        file = folder / f"{name}.duckdb_extension"
        if file.is_file():
            return file
    raise RuntimeError(f"install the package {package.replace('_', '-')}=={duckdb.__version__}")


def attached(dialect: Dialect, place: str) -> duckdb.DuckDBPyConnection:
    """Open a DuckDB in memory with a live store attached read-only as ``store``.

    :param place: the path of the SQLite file, or the URL of the PostgreSQL database
    """
    kind = "postgres" if dialect == POSTGRESQL else "sqlite"
    connection = duckdb.connect()
    connection.load_extension(str(extension_file(f"{kind}_scanner")))
    # PostgreSQL's moments would be turned to the clock of this machine.
    connection.execute("SET TimeZone = 'UTC'")
    quoted = place.replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {STORE} (TYPE {kind}, READ_ONLY)")
    return connection
