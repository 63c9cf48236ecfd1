"""What a file is written to: where a link leads, and never in place of what is no ordinary file."""

from __future__ import annotations

import os
import stat
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
