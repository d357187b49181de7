"""The world's clock: it runs like the real one, begins where it is told to, and can be moved forward."""

import time


class Clock:
    """Unix seconds. Tests travel by `advance`; nothing here ever sleeps."""

    def __init__(self, start: float | None = None) -> None:
        self._start = start
        self.restart()

    def restart(self) -> None:
        """Back to the beginning: the given moment, else the real one."""
        self._from = time.time() if self._start is None else self._start
        self._began, self.added = time.monotonic(), 0.0

    def now(self) -> float:
        return self._from + time.monotonic() - self._began + self.added

    def advance(self, seconds: float) -> None:
        if seconds < 0:
            raise ValueError("the clock only goes forward")
        self.added += seconds
