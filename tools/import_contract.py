"""The import contracts that import-linter lacks: views belong to an app, addresses are imports."""

import ast
import re
import tomllib
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

#: A module of views by its name, wherever in an app it lies.
VIEWS = re.compile(r"views|views_\w+|\w+_views")


class ViewsContract(Contract):
    """Forbid importing an app's views from anywhere but that app and `web`'s own modules.

    `web` names the package that holds the apps. Its direct modules (`urls`, `settings`) may import
    views, for that is how a project is wired; another app, a command or a job may not.
    """

    type_name = "views"

    web = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        illegal: list[tuple[str, str, str]] = []
        for views in sorted(graph.modules):
            app = self._app_of_views(views)
            if app is None:
                continue
            for importer in sorted(graph.find_modules_that_directly_import(views)):
                if self._may_import(importer, app):
                    continue
                details = graph.get_import_details(importer=importer, imported=views)
                lines = ", ".join(str(detail["line_number"]) for detail in details)
                illegal.append((importer, views, lines))
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for importer, views, lines in check.metadata["illegal"]:
            output.print_error(f"- {importer} -> {views} (l.{lines})", bold=False)
        output.new_line()

    def _app_of_views(self, module: str) -> str | None:
        if not module.startswith(f"{self.web}."):
            return None
        app, *rooms = module.removeprefix(f"{self.web}.").split(".")
        return f"{self.web}.{app}" if any(map(VIEWS.fullmatch, rooms)) else None

    def _may_import(self, importer: str, app: str) -> bool:
        is_own = importer == app or importer.startswith(f"{app}.")
        package, _, _ = importer.rpartition(".")
        return is_own or package == self.web


class AddressesContract(Contract):
    """Forbid that an app names an address of an app above it: `reverse()` and `{% url %}` import.

    The order is that of the contract `layers_of`, whose layers are apps of the package `web`.  An
    address is named by a text `namespace:name` in a Python module or a template of an app.
    """

    type_name = "addresses"

    web = fields.StringField()
    layers_of = fields.StringField()

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        spec = find_spec(str(self.web))
        if spec is None or spec.origin is None:
            raise ValueError(f"{self.web} is no package")
        root = Path(spec.origin).parent
        floors = _floors(str(self.layers_of))
        apps = _apps_by_namespace(root)
        illegal = [
            (file.relative_to(root).as_posix(), line, f"{namespace}:{name}", apps[namespace])
            for app in floors
            for file, line, namespace, name in _addresses(root / app, frozenset(apps))
            if floors.get(apps[namespace], floors[app]) < floors[app]
        ]
        return ContractCheck(kept=not illegal, metadata={"illegal": illegal})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for file, line, address, app in check.metadata["illegal"]:
            output.print_error(f"- {file} (l.{line}) leads up to {address} of {app}", bold=False)
        output.new_line()


def _floors(contract: str) -> dict[str, int]:
    """Give for each app its place in a contract of layers, the highest app first."""
    table = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))
    contracts = table["tool"]["importlinter"]["contracts"]
    (layers,) = (entry["layers"] for entry in contracts if entry["id"] == contract)
    return {
        app.strip(" ()"): floor for floor, layer in enumerate(layers) for app in layer.split("|")
    }


def _apps_by_namespace(root: Path) -> dict[str, str]:
    """Give the app of each namespace: `app_name = …` in one of its modules of addresses."""
    return {
        match[1]: file.relative_to(root).parts[0]
        for file in root.rglob("urls*.py")
        for match in re.finditer(r'^app_name = "(\w+)"', file.read_text("utf-8"), re.MULTILINE)
    }


def _addresses(app: Path, namespaces: frozenset[str]) -> Iterator[tuple[Path, int, str, str]]:
    """Yield each address that an app's modules and templates name: file, line, namespace, name."""
    named = rf"({'|'.join(sorted(namespaces)) or '(?!)'}):([\w-]+)"
    for file in sorted(app.rglob("*")):
        if file.suffix == ".py":
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Constant) and isinstance(node.value, str):
                    if match := re.fullmatch(named, node.value):
                        yield file, node.lineno, match[1], match[2]
        elif file.suffix in {".html", ".txt", ".js"} and "templates" in file.parts:
            for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
                for match in re.finditer(rf"""["']{named}["']""", line):
                    yield file, number, match[1], match[2]
