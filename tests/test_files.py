"""What a file is written to: where a link leads, and never in place of what is no ordinary file."""

from __future__ import annotations

import os
import stat
import time
from pathlib import Path

import pytest

from recommender.files import atomic, takes_file


def test_a_link_stays_and_its_file_is_written(tmp_path: Path) -> None:
    real, link = tmp_path / "disk" / "real.txt", tmp_path / "link.txt"
    link.symlink_to(real)  # which is not there yet
    for text in ("one", "two"):
        assert takes_file(link)
        with atomic(link) as draft:
            draft.write_text(text)
        assert link.is_symlink()
        assert real.read_text() == text
    assert [path.name for path in real.parent.iterdir()] == ["real.txt"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with names")
def test_a_pipe_is_not_replaced(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    for path in (pipe, link):
        assert not takes_file(path)
        with pytest.raises(OSError, match="is no ordinary file: name another one"), atomic(path) as draft:
            draft.write_text("x")
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert {path.name for path in tmp_path.iterdir()} == {"pipe", "link"}


@pytest.mark.parametrize("path", [Path("/dev/null"), Path("/dev/full")])
def test_no_device_takes_a_file(path: Path) -> None:
    # Asked alone: on a system where it did, an attempt to write would cost everybody the device.
    if not path.exists():
        pytest.skip("this system has no such device")
    assert not takes_file(path)


def test_what_takes_no_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    for path, words in ((tmp_path, "is no ordinary file"), (loop, "leads back to itself: remove it")):
        assert not takes_file(path)
        with pytest.raises(OSError, match=words) as caught, atomic(path):
            pytest.fail("it was begun")
        assert caught.value.strerror.startswith(repr(str(path)))
    assert loop.is_symlink()
    assert not takes_file(tmp_path / "loop" / "file")


@pytest.mark.parametrize("name", ["a" * 251 + ".npz", "鞋" * 83 + ".npz"], ids=["letters", "Chinese"])
def test_a_name_as_long_as_a_name_may_be_can_be_written(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    try:
        path.touch()
    except OSError:
        pytest.skip("names are shorter here")
    assert takes_file(path)
    with atomic(path) as draft:
        draft.write_text("x")
    assert path.read_text() == "x"
    assert [found.name for found in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", ["a" * 252 + ".npz", "鞋" * 300 + ".npz"], ids=["letters", "Chinese"])
def test_a_name_that_is_too_long_takes_no_file(tmp_path: Path, name: str) -> None:
    assert not takes_file(tmp_path / name)


def test_what_killed_writers_left_is_removed_a_day_later(tmp_path: Path) -> None:
    def draft_of(path: Path, hours: float) -> Path:
        writer = atomic(path)
        draft = writer.__enter__()
        left.append(writer)  # one that is thrown away would end its block, and remove the draft
        os.utime(draft, (time.time() - hours * 3600,) * 2)
        return draft

    left: list[object] = []
    at_work = draft_of(tmp_path / "large.bin", 23)
    killed = draft_of(tmp_path / "vectors.npz", 25)
    others = [tmp_path / name for name in (".other.tmp", ".vectors.npz.abc.tmp", "recommender-1.tmp", ".recommender-1")]
    for path in others:
        path.touch()
        os.utime(path, (0, 0))
    with atomic(tmp_path / "map.npz") as draft:
        draft.write_text("x")
    assert not killed.exists()
    assert at_work.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"map.npz", at_work.name, *(path.name for path in others)}
