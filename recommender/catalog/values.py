"""Single values of a table: as JSON knows them, and as people write them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd

_TRUTH = {True: "Yes", False: "No"}


def as_json(value: Any) -> object:
    """Any value of a column as what JSON knows; None where it is missing or no number."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, bytes):  # text, or what is for nobody to read, such as a second picture
        try:
            return value.decode()
        except UnicodeDecodeError:
            return None
    if isinstance(value, Mapping):
        return {str(key): as_json(part) for key, part in value.items()}
    if isinstance(value, list | tuple | np.ndarray):
        return [as_json(part) for part in value]
    if value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, Decimal):
        return as_json(float(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def as_text(value: object) -> str:
    """A value that is there as people write it: truths are Yes and No, and a year that a table holds as 2012.0 is 2012.

    Examples
    --------
    >>> as_text(2012.0), as_text(0.5), as_text(True)
    ('2012', '0.5', 'Yes')
    """
    if isinstance(value, bool | np.bool_):
        return _TRUTH[bool(value)]
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    return str(value)
