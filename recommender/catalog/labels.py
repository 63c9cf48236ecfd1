"""Labels of products: a column's values as text, and which columns of a table are worth learning, or searching."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype

from recommender.catalog.catalog import LABEL_COLUMNS
from recommender.catalog.values import as_text

# Beside the vocabulary: a column of more values, or of fewer products each, names things instead of sorting them.
MOST_VALUES, LEAST_EACH = 50, 8
# Letters that values have on average where they still name something: longer ones are descriptions, whose words are
# as often about other things ("goes with jeans").
NAME_LETTERS = 60
# The share of values that are different up to which they may have digits and be names still: "Spring 2024", "Size 42".
MOST_DIFFERENT = 0.9
# How many of a column's different values are looked at closely, at most about.
LOOKED_AT = 2000
_ADDRESS = re.compile(r"\w:/|@|\\|^\W*/|\w/\w.*\.\w+$|^\S+\.[a-z]{2,4}$|^www\.", re.IGNORECASE)


def label_text(values: pd.Series) -> list[str | None]:
    """The values of a column as labels; None for missing and blank ones.

    Truths are Yes and No, and whole numbers have no point, however the table holds them.
    """
    texts = (as_text(value) if there else "" for value, there in zip(values, values.notna(), strict=True))
    return [text if text.strip() else None for text in texts]


def has_labels(values: pd.Series) -> bool:
    """False where a column holds lists, structs or bytes, which are no labels."""
    return all(isinstance(value, str | bool | int | float | np.generic) for value in values.dropna())


def telling_columns(frame: pd.DataFrame) -> list[str]:
    """The label columns of the vocabulary that a table has, then others of words or truths that sort its products."""
    known = [column for column in LABEL_COLUMNS if column in frame.columns]
    return [
        *known,
        *(column for column in frame.columns if column not in (*LABEL_COLUMNS, "id") and _sorts(frame[column])),
    ]


def naming_columns(frame: pd.DataFrame) -> list[str]:
    """The columns of text beside the vocabulary by whose words products may be asked for: materials, designers, tags.

    What is another code in each row, addresses, ids of products and descriptions are none.
    """
    ids = frozenset(frame["id"]) if "id" in frame.columns else frozenset()
    others = [column for column in frame.columns if column not in (*LABEL_COLUMNS, "id")]
    return [column for column in others if _names(frame[column], ids)]


def _names(values: pd.Series, ids: frozenset[str]) -> bool:
    # As objects, whose kind pandas tells at once: to look at each of 100,000 texts takes ten times as long.
    given = values.dropna().astype(object)
    if infer_dtype(given) != "string" or given.str.len().mean() > NAME_LETTERS:
        return False
    kinds = pd.factorize(given)[1]
    looked = kinds[:: -(-len(kinds) // LOOKED_AT)]
    if _mostly(value in ids or not any(map(str.isalpha, value)) or bool(_ADDRESS.search(value)) for value in looked):
        return False
    # A code, such as a stock number, has digits and is hardly ever there twice.
    return len(kinds) <= MOST_DIFFERENT * len(given) or not _mostly(any(map(str.isdigit, value)) for value in looked)


def _mostly(said: Iterable[bool]) -> bool:
    answers = list(said)
    return sum(answers) > len(answers) / 2


def _sorts(values: pd.Series) -> bool:
    given = values.dropna()
    if not all(isinstance(value, str | bool | np.bool_) for value in given):
        return False
    kinds = given.nunique()
    return 2 <= kinds <= MOST_VALUES and len(given) >= LEAST_EACH * kinds
