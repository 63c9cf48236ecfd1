"""One thread for sums: by one caller at a time, and given back."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from threading import Thread

import numpy as np  # noqa: F401  (brings the library whose threads are counted)
from threadpoolctl import threadpool_info, threadpool_limits

from recommender.threads import one_thread


def test_one_thread_is_what_each_gets_and_none_keeps() -> None:
    def threads() -> set[int]:
        return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}

    def put_back(number: int) -> None:
        """In a thread that ends, since the one that sets the number is the only one that may."""
        setting = Thread(target=threadpool_limits, args=(number, "blas"))
        setting.start()
        setting.join()

    before, seen = max(threads()), set[int]()

    def often() -> None:
        for _ in range(30):
            with one_thread("blas"):
                time.sleep(0.001)
                seen.update(threads())

    put_back(2)
    try:
        assert threads() == {2}
        with ThreadPoolExecutor(3) as pool:
            for asked in [pool.submit(often) for _ in range(3)]:
                asked.result()
        assert seen == {1}
        assert threads() == {2}
    finally:
        put_back(before)
