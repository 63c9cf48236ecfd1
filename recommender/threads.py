"""Computing on one thread, so that sums do not depend on how many there are."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

_ALONE = threading.RLock()


@contextmanager
def one_thread(*libraries: str) -> Iterator[None]:
    """One thread for "blas", "openmp" or both, within; by one caller at a time.

    The number belongs to the whole process: of two that overlap, one would have no limit, or keep the other one's.
    """
    from threadpoolctl import threadpool_limits

    with _ALONE, threadpool_limits(dict.fromkeys(libraries, 1)):
        yield
