"""What a person at a terminal sees of a command, beside its progress bar."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

SAYS = """
from recommender.cli.options import bar, note
with bar("Training") as progress:
    progress(4, 8)
    note("Epoch 1 of 2")
    progress(8, 8)
"""


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="there are no terminals to make here")
def test_a_sentence_has_a_line_of_its_own_beside_the_bar() -> None:
    ours, theirs = os.openpty()
    with subprocess.Popen([sys.executable, "-c", SAYS], stderr=theirs, env={**os.environ, "TERM": "xterm"}) as command:
        os.close(theirs)
        seen = b""
        try:
            while part := os.read(ours, 4096):
                seen += part
        except OSError:  # how Linux says that the other end is closed
            pass
    os.close(ours)
    assert command.returncode == 0
    before, _, after = seen.partition(b"Epoch 1 of 2")
    assert b"Training" in before
    assert before.endswith((b"\x1b[2K", b"\n"))  # the line of the bar was emptied
    assert after.startswith(b"\r\n")
