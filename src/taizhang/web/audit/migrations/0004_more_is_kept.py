"""Changes no table: the log keeps more of them from here on.

That a change is pending tells an older instance apart, and has what it holds be taken into the log.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_state"),
    ]

    operations = []
