"""What old texts said of a measure, beside its figure: shown there, never counted in it."""

from __future__ import annotations

from django.template.loader import render_to_string

from taizhang.core.base.figure import Figure
from taizhang.web.figures.request_params import RequestParams
from taizhang.web.office.present_review import baseline_beside, baseline_shown


def old_texts_beside(params: RequestParams, figure: Figure) -> str:
    """Write the figures of old texts for the years of a figure; '' where there are none."""
    if params.book.public or figure.key not in params.book.programmes.measures:
        return ""
    first, last = params.period.first, params.period.last
    rows = baseline_beside(figure.unit_code, figure.key, first, last)
    if not rows:
        return ""
    shown = baseline_shown(rows, params.now)
    return render_to_string("office/beside.html", {"rows": shown}).strip()
