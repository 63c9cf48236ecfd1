"""Writing files so that a process killed at any instant leaves the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from recommender.errors import ModelError, RecommenderError

# It can't be read without being set, so it is read once.
_UMASK = os.umask(0o077)
os.umask(_UMASK)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
"""What the system says where there is no more room, for this file or this person."""

# Not the file's own name, which a letter more may make too long; and one that no other program gives its files.
_DRAFT, _DRAFT_ENDS = ".recommender-", ".tmp"
_LEFT_BEHIND = 24 * 60 * 60  # seconds; nothing here writes to one file for as long as that without a pause


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary sibling to write to; renamed to ``path`` when the block ends well, removed otherwise.

    Where ``path`` is a link, that is done to the file that it leads to, and the link stays. What a killed writer left
    in the folder a day ago or earlier is removed.

    Raises
    ------
    OSError
        If something that is no ordinary file is there, or the folder can't be written to.
    """
    path = _followed(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=_DRAFT, suffix=_DRAFT_ENDS)
    now = os.fstat(handle).st_mtime  # by the clock of the disk, which may be another computer's
    os.close(handle)
    draft = Path(name)
    try:
        _tidy(path.parent, now - _LEFT_BEHIND)
        yield draft
        with draft.open("rb+") as file:  # Windows flushes only what is open for writing
            os.fsync(file.fileno())
        # mkstemp makes private files; what is kept is as readable as the file before it, or as any other new one.
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_UMASK)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _tidy(folder: Path, before: float) -> None:
    """Remove the drafts that were last written to before a time: their writers were killed. Others stay."""
    with contextlib.suppress(OSError), os.scandir(folder) as there:
        for entry in there:
            if entry.name.startswith(_DRAFT) and entry.name.endswith(_DRAFT_ENDS):
                with contextlib.suppress(OSError):  # another writer may have been quicker
                    if entry.stat(follow_symlinks=False).st_mtime < before:
                        os.unlink(entry)


@contextlib.contextmanager
def to_disk(
    path: Path,
    then: str,
    errors: tuple[type[Exception], ...] = (OSError,),
    refusal: type[RecommenderError] = ModelError,
) -> Iterator[None]:
    """The block writes ``path``; where it can't, that is said in a sentence, and ``then`` what to do.

    ``errors`` are what a library raises for it. What is no OSError tells nothing: mostly the disk is full.

    Raises
    ------
    RecommenderError
        If the file can't be written: a ``refusal``, which is a ModelError, as of a model and its training.
    """
    try:
        yield
    except errors as error:
        told = isinstance(error, OSError) and error.errno not in FULL
        why = f"{getattr(error, 'strerror', None) or error}. Mend that" if told else "is the disk full? Make room"
        raise refusal(f"{str(path)!r} can't be written: {why} and {then}") from error


def _followed(path: Path) -> Path:
    """The ordinary file, there or not yet, that ``path`` leads to; OSError, with a sentence, if it leads to none."""
    try:
        found = path.resolve()
    except RuntimeError as error:
        said = f"{str(path)!r} is a link that leads back to itself: remove it, or name another file"
        raise OSError(errno.ELOOP, said) from error
    # A pipe or a device would be gone, with an ordinary file in its place.
    if found.exists() and not found.is_file():
        raise OSError(errno.EINVAL, f"{str(path)!r} is there already and is no ordinary file: name another one")
    return found


def takes_file(path: Path) -> bool:
    """Whether :func:`atomic` can write to ``path``, whose folder is made if it is not there."""
    try:
        return writable(_followed(path).parent)
    except OSError:
        return False


def writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, which is made if it is not there. Known before hours of work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
