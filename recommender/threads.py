"""What belongs to the whole process and threads have to share: how many of them a sum is made by, and warnings."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

_ALONE = threading.RLock()
_COUNTING = threading.Lock()
_silent = 0
_filters = ExitStack()


@contextmanager
def one_thread(*libraries: str) -> Iterator[None]:
    """One thread for "blas", "openmp" or both, within; by one caller at a time.

    The number belongs to the whole process: of two that overlap, one would have no limit, or keep the other one's.
    """
    from threadpoolctl import threadpool_limits

    with _ALONE, threadpool_limits(dict.fromkeys(libraries, 1)):
        yield


@contextmanager
def without_warnings(category: type[Warning] = Warning) -> Iterator[None]:
    """No warnings of a category, within. Nobody waits: of several that overlap, the first sets the filters aside and
    the last puts them back.

    The filters belong to the whole process: of two ``warnings.catch_warnings`` that overlap, the later one would put
    back for good what the earlier one had set.
    """
    global _silent
    with _COUNTING:
        if not _silent:
            _filters.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", category)
        _silent += 1
    try:
        yield
    finally:
        with _COUNTING:
            _silent -= 1
            if not _silent:
                _filters.close()
