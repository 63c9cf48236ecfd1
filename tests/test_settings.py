"""Where things lie: folders that the environment names, and where an account has no home."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import numpy as np
import pytest

from recommender.errors import ConfigError
from recommender.settings import SHIPPED_MODEL, Settings
from recommender.workspace import Workspace
from tests.conftest import unit_rows

FOLDERS = {"RECOMMENDER_WORKSPACE": "workspace", "RECOMMENDER_MODEL": "model"}


@pytest.mark.parametrize(("variable", "field"), FOLDERS.items())
def test_a_tilde_is_the_home_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str, field: str) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    monkeypatch.setenv(variable, "~/rws")
    assert getattr(Settings(), field) == tmp_path / "rws"
    monkeypatch.setenv(variable, "a~b")
    assert getattr(Settings(), field) == Path("a~b")


@pytest.mark.parametrize("variable", FOLDERS)
def test_a_home_that_is_not_known(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    monkeypatch.setenv(variable, "~nobody-of-that-name/rws")
    with pytest.raises(ConfigError, match=f"{variable} is '~nobody-of-that-name/rws', and .* give the whole path"):
        Settings()


def test_nothing_given_is_the_usual(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for variable in FOLDERS:
        monkeypatch.setenv(variable, "")
    monkeypatch.setattr(Path, "home", classmethod(lambda _: tmp_path))
    assert Settings().workspace == tmp_path / ".cache" / "recommender"
    assert Settings().model == SHIPPED_MODEL


# ---------------------------------------------------------------- without a home

POSIX = pytest.mark.skipif(not hasattr(os, "getuid"), reason="this system has no numbers of users")


@pytest.fixture
def temporary(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The temporary folder of an account without a home."""

    def homeless(_: type[Path]) -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("RECOMMENDER_WORKSPACE")
    monkeypatch.setattr(Path, "home", classmethod(homeless))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


@POSIX
def test_the_workspace_is_in_a_folder_of_ones_own(temporary: Path) -> None:
    (made,) = {Settings().workspace, Settings().workspace}  # the second finds what the first made
    (own,) = temporary.iterdir()
    assert made.parent == own
    assert str(os.getuid()) in own.name
    assert own.stat().st_mode & 0o777 == 0o700


def keeps_nothing(vectors: np.ndarray) -> bool:
    """Whether a graph can be had from a workspace that neither finds nor keeps one."""
    workspace = Workspace()
    assert workspace.graph("key", vectors).search(vectors[2], 1)[0].tolist() == [2]
    workspace.keep("map-x.npz", {"x": np.zeros(3)})
    return not workspace.folder.exists()


@POSIX
@pytest.mark.parametrize("made", ["readable", "link", "file"])
def test_a_folder_that_others_may_have_made_is_not_used(temporary: Path, rng: np.random.Generator, made: str) -> None:
    own, elsewhere = Settings().workspace.parent, temporary / "elsewhere"
    own.rmdir()
    elsewhere.mkdir(0o700)
    if made == "link":
        own.symlink_to(elsewhere)
    elif made == "file":
        own.touch(0o600)
    else:
        own.mkdir()
        own.chmod(0o755)
    assert keeps_nothing(unit_rows(rng, 9, 4))
    assert list(elsewhere.iterdir()) == []
    assert not own.is_dir() or list(own.iterdir()) == []


@POSIX
def test_the_folder_of_another_user_is_not_used(
    monkeypatch: pytest.MonkeyPatch, temporary: Path, rng: np.random.Generator
) -> None:
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    (temporary / "recommender-4242").mkdir(0o700)  # made by whoever runs the tests
    if (temporary / "recommender-4242").stat().st_uid == 4242:
        pytest.skip("the tests are run by that user")
    assert keeps_nothing(unit_rows(rng, 9, 4))
