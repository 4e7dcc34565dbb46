"""The pages of plans are tested on the district of the desk."""

from tests.web.desk.conftest import browser, district, district_template

__all__ = ["browser", "district", "district_template"]
