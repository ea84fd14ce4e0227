"""A progress bar on standard error, when work takes longer than a second on a terminal."""

import sys
import time

_AFTER = 1.0  # seconds before the bar appears


class Progress:
    """Counts items; shows a bar only on a terminal and only when it takes a while."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self.begun = time.monotonic()
        self.shown = False

    def __enter__(self) -> "Progress":
        return self

    def at(self, name: str) -> None:
        """The next item begins."""
        if sys.stderr.isatty() and time.monotonic() - self.begun > _AFTER:
            filled = 24 * self.done // max(self.total, 1)
            sys.stderr.write(f"\r\x1b[K[{'█' * filled}{'░' * (24 - filled)}] {self.done}/{self.total} {name[-40:]}")
            sys.stderr.flush()
            self.shown = True
        self.done += 1

    def clear(self) -> None:
        """Take the bar away before something else is printed."""
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            self.shown = False

    def __exit__(self, *_: object) -> None:
        self.clear()
