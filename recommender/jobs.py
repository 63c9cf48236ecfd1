"""Long work that is done once, in the background, for any number of people who wait for it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

T = TypeVar("T")
GLANCE = 0.2  # seconds between two reports to one who waits

Report = Callable[[float, float], object]


class Job(Generic[T]):
    """Work that began when this was made.

    It goes on when the one who asked for it leaves: the next one finds it half done or finished.

    Parameters
    ----------
    work
        Called in a thread of its own, with a function that it tells the share done, ascending in [0, 1].
    """

    def __init__(self, work: Callable[[Callable[[float], None]], T]) -> None:
        self._began = time.monotonic()
        self._done = threading.Event()
        self._result: T
        self._error: BaseException | None = None
        self._origin: TracebackType | None = None
        self.share = 0.0
        # A daemon: whoever stops the program does not wait for a map.
        threading.Thread(target=self._run, args=(work,), daemon=True).start()

    def _run(self, work: Callable[[Callable[[float], None]], T]) -> None:
        try:
            self._result = work(self._report)
        except BaseException as error:
            self._error, self._origin = error, error.__traceback__
        finally:
            self._done.set()

    def _report(self, share: float) -> None:
        self.share = max(self.share, min(share, 1.0))

    @property
    def left(self) -> float:
        """Seconds that the rest takes at the pace so far; infinite while nothing is done."""
        return (time.monotonic() - self._began) * (1 - self.share) / self.share if self.share else math.inf

    @property
    def done(self) -> bool:
        """Whether the work has ended, well or not."""
        return self._done.is_set()

    @property
    def failed(self) -> bool:
        """Whether the work has ended with an error, which :meth:`wait` raises: it may pass, so begin a new job."""
        return self.done and self._error is not None

    def wait(self, progress: Report | None = None) -> T:
        """The result, when it is there; raises what the work raised.

        ``progress`` is called in the caller's own thread with the share done and the seconds left.
        """
        while not self._done.wait(GLANCE):
            if progress:
                progress(self.share, self.left)
        if self._error is not None:
            # From where it was raised: each raise adds its caller's frames, which would live as long as this job.
            raise self._error.with_traceback(self._origin)
        if progress:
            progress(1.0, 0.0)
        return self._result
