"""The import contract that import-linter lacks: an app's views belong to that app alone."""

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output


class ViewsContract(Contract):
    """Forbid importing `WEB.APP.views` (or below) from anywhere but APP and WEB's own modules.

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
        app, _, rest = module.removeprefix(f"{self.web}.").partition(".")
        return f"{self.web}.{app}" if rest == "views" or rest.startswith("views.") else None

    def _may_import(self, importer: str, app: str) -> bool:
        is_own = importer == app or importer.startswith(f"{app}.")
        package, _, _ = importer.rpartition(".")
        return is_own or package == self.web
