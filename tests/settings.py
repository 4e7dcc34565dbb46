"""The project's settings with no instance behind them, whatever lies in the working folder."""

import atexit
import os
import shutil
import tempfile

# Set before the project's settings read them; a process that a test starts inherits them, so that
# no test meets, or leaves, an instance or a key of the person who runs it. The first process of a
# run makes the folder and removes it.
if "TAIZHANG_TEST_FOLDER" not in os.environ:
    os.environ["TAIZHANG_TEST_FOLDER"] = tempfile.mkdtemp(prefix="taizhang-test-")
    atexit.register(shutil.rmtree, os.environ["TAIZHANG_TEST_FOLDER"], ignore_errors=True)
os.environ["TAIZHANG_HOME"] = os.environ["TAIZHANG_TEST_FOLDER"] + "/none"
os.environ["TAIZHANG_KEYS"] = os.environ["TAIZHANG_TEST_FOLDER"] + "/keys"
os.environ.pop("DATABASE_URL", None)

from taizhang.web.settings import *  # noqa: F403 - the environment comes first
