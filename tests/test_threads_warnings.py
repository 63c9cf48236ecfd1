"""Warnings that are kept quiet: for as long as one thread asks for it, and never for good."""

from __future__ import annotations

import threading
import warnings

import pytest

from recommender.settings import ROOT
from recommender.threads import without_warnings


def test_warnings_of_a_kind_are_quiet_within_and_come_again() -> None:
    with warnings.catch_warnings(record=True) as heard:
        warnings.simplefilter("always")
        before = list(warnings.filters)
        with without_warnings(DeprecationWarning), without_warnings(UserWarning):
            warnings.warn("quiet", UserWarning, stacklevel=1)
            warnings.warn("quiet", DeprecationWarning, stacklevel=1)
            warnings.warn("heard", RuntimeWarning, stacklevel=1)
        assert [str(one.message) for one in heard] == ["heard"]
        assert list(warnings.filters) == before
        with pytest.raises(KeyError), without_warnings():
            raise KeyError
        assert list(warnings.filters) == before


@pytest.mark.parametrize("first", ["one", "other"])
def test_two_that_overlap_leave_the_filters_as_they_were(first: str) -> None:
    """Whichever of the two ends first; neither waits for the other."""
    before = list(warnings.filters)
    ends = {"one": threading.Event(), "other": threading.Event()}
    threads = {}
    for name, category in (("one", Warning), ("other", RuntimeWarning)):
        inside = threading.Event()

        def work(end: threading.Event = ends[name], inside: threading.Event = inside, kind: type = category) -> None:
            with without_warnings(kind):
                inside.set()
                end.wait(10)

        threads[name] = threading.Thread(target=work)
        threads[name].start()
        assert inside.wait(10)
    with without_warnings():
        pass
    for name in sorted(ends, key=lambda name: name != first):
        ends[name].set()
        threads[name].join(10)
        assert (list(warnings.filters) == before) is (name != first)


def test_nothing_sets_filters_on_its_own() -> None:
    sources = [path for path in (ROOT / "recommender").rglob("*.py") if "catch_warnings" in path.read_text("utf-8")]
    assert [path.name for path in sources] == ["threads.py"]
