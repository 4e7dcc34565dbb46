"""``python -m taizhang.cli`` does what ``taizhang`` does."""

import sys

from taizhang.cli import main

sys.exit(main())
