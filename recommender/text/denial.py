"""How people say "not"."""

from __future__ import annotations

import re

NOT = frozenset(["cannot", "neither", "never", "no", "non", "nor", "not", "nothing"])
"""What rules out what comes next, as "don't" and the like do."""
WITHOUT = frozenset(["except", "excluding", "minus", "without"])
"""What rules out all words up to a small one or a mark, taken together."""
_NT = r"\w+n['’`´]t|(?:are|ca|could|did|do|does|is|should|was|were|wo|would)nt"
NT = re.compile(_NT, re.IGNORECASE)
"""A whole word such as "don't"."""
DENIAL = re.compile(rf"\b(?:none|{'|'.join(sorted(NOT))}|{_NT})\b", re.IGNORECASE)
"""What denies a limit, in a text: "none over 50" too."""
MAY_DENY = re.compile(rf"{DENIAL.pattern}|\b(?:{'|'.join(sorted(WITHOUT))}|but|w/o|than|from|of)\b", re.IGNORECASE)
"""What a text has at least that rules anything out."""
