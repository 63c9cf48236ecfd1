"""The article types that the studio can model, one file a family.

Files that start with an underscore hold shared parts. Importing a family file
registers its articles; that needs no Blender.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil

from recommender.studio.design import ARTICLES, Article


@functools.cache
def load() -> dict[str, Article]:
    """Import every family file, once, and return the filled registry, in the order of file names."""
    for found in sorted(pkgutil.iter_modules(__path__), key=lambda m: m.name):
        if not found.name.startswith("_"):
            importlib.import_module(f"{__name__}.{found.name}")
    return ARTICLES
