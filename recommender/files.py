"""Writing files so that a process killed at any instant leaves the old one or the new one, never half of one."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

# It can't be read without being set, so it is read once.
_UMASK = os.umask(0o077)
os.umask(_UMASK)


@contextlib.contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary sibling to write to; renamed to ``path`` when the block ends well, removed otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    os.close(handle)
    draft = Path(name)
    try:
        yield draft
        with draft.open("rb+") as file:  # Windows flushes only what is open for writing
            os.fsync(file.fileno())
        # mkstemp makes private files; what is kept is as readable as the file before it, or as any other new one.
        draft.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_UMASK)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def writable(folder: Path) -> bool:
    """Whether a file can be made in the folder, which is made if it is not there. Known before hours of work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False
