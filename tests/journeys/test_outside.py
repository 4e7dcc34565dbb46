"""A department's workbook on the phone and on the desk: taken in, filled, opened to its sources."""

import pytest

pytestmark = pytest.mark.browser
