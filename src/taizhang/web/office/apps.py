"""Django's description of the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from taizhang.core.base.figure import Figure
    from taizhang.web.figures.request_params import RequestParams


class OfficeConfig(AppConfig):
    """Drafts and frozen versions of official documents."""

    name = "taizhang.web.office"
    label = "office"

    def ready(self) -> None:
        """Tell the log which tables it keeps and what lies sealed; lead pages below to papers."""
        from taizhang.web.audit.sealed_files import SealedFiles, sealed_files_register
        from taizhang.web.audit.snapshot import snapshot_register
        from taizhang.web.base.ways import way_register
        from taizhang.web.figures.beside import beside_register
        from taizhang.web.office.models import (
            Baseline,
            Choice,
            DocumentVersion,
            Draft,
            FilledForm,
            OutsideForm,
            Review,
        )
        from taizhang.web.office.workbook.beside import cells_filled
        from taizhang.web.plans.beside import filled_register

        snapshot_register(Draft, "template", "unit", "first_month", "last_month")
        snapshot_register(DocumentVersion, "draft_id", "number")
        snapshot_register(Review)
        snapshot_register(Choice, "review_id", "finding")
        snapshot_register(Baseline)
        snapshot_register(OutsideForm, "unit")
        snapshot_register(FilledForm, "form_id", "number")

        def texts() -> SealedFiles:
            from taizhang.web.office.text_seal import (
                SealedTexts,  # no other command waits for its library
            )

            return SealedTexts()

        def beside(params: RequestParams, figure: Figure) -> str:
            from taizhang.web.office.beside import old_texts_beside  # it reads old texts

            return old_texts_beside(params, figure)

        sealed_files_register(texts)
        beside_register(beside)
        way_register("document", "office:document")
        way_register("outside", "office:outside")
        filled_register(cells_filled)
