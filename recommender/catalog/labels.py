"""Labels of products: a column's values as text, and which columns of a table are worth learning."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recommender.catalog.catalog import LABEL_COLUMNS

# Beside the vocabulary: a column of more values, or of fewer products each, names things instead of sorting them.
MOST_VALUES, LEAST_EACH = 50, 8
_TRUTH = {True: "Yes", False: "No"}


def label_text(values: pd.Series) -> list[str | None]:
    """The values of a column as labels; None where there is none.

    Truths are Yes and No, and whole numbers have no point, however the table holds them.
    """
    return [_text(value) if there else None for value, there in zip(values, values.notna(), strict=True)]


def _text(value: object) -> str | None:
    if isinstance(value, bool | np.bool_):
        return _TRUTH[bool(value)]
    if isinstance(value, float | np.floating) and float(value).is_integer():
        value = int(value)
    text = str(value)
    return text if text.strip() else None


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


def _sorts(values: pd.Series) -> bool:
    given = values.dropna()
    if not all(isinstance(value, str | bool | np.bool_) for value in given):
        return False
    kinds = given.nunique()
    return 2 <= kinds <= MOST_VALUES and len(given) >= LEAST_EACH * kinds
