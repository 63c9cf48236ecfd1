"""Errors that speak to the person: what was wrong, with which thing, and what to do."""

from __future__ import annotations


class RecommenderError(Exception):
    """Base of every error that this package raises on purpose; its text is fit to show."""


class ImageError(RecommenderError):
    """A picture can't be used. The text says why and what would work instead."""


class CatalogError(RecommenderError):
    """A catalogue can't be read, or does not hold what was asked of it."""


class FilterError(RecommenderError):
    """A filter names an unknown column or a value of the wrong kind."""


class WordsError(RecommenderError):
    """What was asked in words says nothing that the catalogue could be searched by."""


class IndexMismatchError(RecommenderError):
    """An index on disk belongs to other vectors than those at hand."""


class ModelError(RecommenderError):
    """A model's files are missing, damaged or of another version."""


class ConfigError(RecommenderError):
    """A configuration file names a setting that there is not, or gives it a wrong value."""


class DataMissingError(RecommenderError):
    """Training or measuring needs data that is not on this machine."""


class MissingExtraError(RecommenderError):
    """Something registered needs a package that is not installed."""

    def __init__(self, what: str, package: str) -> None:
        super().__init__(f"{what} needs the package {package!r}. Install it with: pip install {package}")
