"""Wait until nobody else holds the lock: `python tools/alone.py DESCRIPTOR "what to say"`.

The shell that opened the descriptor keeps the lock until it ends, however it ends.  The standard
library alone, as script/setup calls it before there is an environment.
"""

import fcntl
import sys


def main(descriptor: int, words: str) -> None:
    """This function will take the lock on an open file, saying so when it has to wait."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print(words, file=sys.stderr, flush=True)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
    except OSError as refused:
        print(f"No lock can be had here ({refused.strerror}); going on without.", file=sys.stderr)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
