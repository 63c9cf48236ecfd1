"""A training configuration from a YAML or JSON file, with every key and value checked."""

from __future__ import annotations

import difflib
import itertools
import json
import math
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

from recommender.errors import ConfigError
from recommender.training.config import MOST_SEED, TrainConfig
from recommender.training.groups import TIES

_SHARES = (
    "warmup",
    "smoothing",
    "composite",
    "clean",
    "nothing",
    "dropout",
    "head_smoothing",
    "text_phrases",
    "text_drop",
)
_COUNTS = ("dim", "epochs", "batch", "photo_repeats", "text_width", "text_hidden")
# Lowest and highest value of what is a number; what is not here may be any number from 0 up.
_BOUNDS: dict[str, tuple[float, float]] = {
    **dict.fromkeys(_SHARES, (0.0, 0.99)),
    **dict.fromkeys(_COUNTS, (1, math.inf)),
    "clean": (0.0, 1.0),
    "composite": (0.0, 1.0),
    "teaching": (0.0, 1.0),
    "keep_start": (0.0, 0.99),
    "mixing": (0.0, 0.9),  # words and neighbours learn from the others
    "seed": (0, MOST_SEED),
    "lr": (1e-9, 10.0),
    "head_lr": (1e-9, 10.0),
    "ema": (0.0, 0.99999),
    "weight_decay": (0.0, 1000.0),
    "validation": (0.0, 0.9),
    "batch": (2, math.inf),
    "threads": (1, 256),
}
_LEAST_SIDE, _MOST_SIDE = 32, 1024
_MOST = 1_000_000  # of a whole number without another bound: more is a slip, and may not even fit into a machine word


@dataclass(frozen=True)
class Given:
    """The settings that a file names, also those to which it gives their usual value."""

    file: str = ""
    values: dict[str, Any] = field(default_factory=dict)

    def over(self, base: TrainConfig) -> TrainConfig:
        """``base`` with these values; the rest stays as it is.

        Raises
        ------
        ConfigError
            If the values don't go together.
        """
        config = replace(base, **self.values)
        for widths, blocks in ((config.widths, config.blocks), *config.beside):
            if len(widths) != len(blocks):
                raise ConfigError(f"{self.file}: widths and blocks have to be of one length, a number for each stage.")
        if "size" in self.values and "sizes" not in self.values:
            config = replace(config, sizes=())  # the stages of another size would end at that other size
        return config


def read_config(path: Path) -> Given:
    """What a file gives, every key and value checked by itself.

    Raises
    ------
    ConfigError
        If the file can't be read, names a key that there is not, or gives a value of the wrong kind.
    """
    hints = get_type_hints(TrainConfig)
    values = {}
    for key, value in _parse(path).items():
        if key not in hints:
            near = difflib.get_close_matches(str(key), hints, 1)
            hint = f" Did you mean {near[0]!r}?" if near else f" There are: {', '.join(hints)}."
            raise ConfigError(f"{path.name}: there is no setting {key!r}.{hint}")
        try:
            values[key] = _bounded(key, _as(value, hints[key]))
        except ValueError as error:
            raise ConfigError(f"{path.name}: {key} has to be {error}, not {_said(value)}.") from None
    return Given(path.name, values)


def _parse(path: Path) -> dict[Any, Any]:
    try:
        text = path.read_text(encoding="utf-8-sig")  # some editors put a byte order mark before it
    except (OSError, ValueError) as error:
        raise ConfigError(f"The configuration {str(path)!r} can't be read: it is missing or is no text.") from error
    try:
        given = json.loads(text) if path.suffix.lower() == ".json" else _yaml(text)
    except ValueError as error:
        reason = " ".join(str(error).split())
        raise ConfigError(
            f"{path.name} is no {'JSON' if path.suffix.lower() == '.json' else 'YAML'}: {reason}."
        ) from error
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ConfigError(f"{path.name} has to hold settings as 'name: value'; it holds {_said(given)}.")
    return given


def _yaml(text: str) -> Any:
    import yaml

    try:
        return yaml.safe_load(text)
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error) or "it is nested too deeply") from error


def _as(value: Any, hint: Any) -> Any:
    """A value of the type that ``hint`` says; raises ValueError with what it has to be."""
    if get_origin(hint) is tuple:
        return _tuple(value, get_args(hint))
    if hint is float and not isinstance(value, bool):
        try:
            # YAML 1.1 takes 1e-3, without a point, for text.
            number = float(value)
        except (TypeError, ValueError, OverflowError):
            raise ValueError("a number") from None
        if not math.isfinite(number):
            raise ValueError("a finite number")
        return number
    names = {int: "a whole number", bool: "true or false", str: "text", float: "a number"}
    if type(value) is not hint:
        raise ValueError(names[hint])
    return value


def _tuple(value: Any, inner: tuple[Any, ...]) -> tuple[Any, ...]:
    if isinstance(value, dict) and inner[-1] is ...:
        value = list(value.items())  # "loss_weights: {articleType: 2}" reads better than pairs
    if not isinstance(value, list | tuple):
        raise ValueError("a list")
    if inner[-1] is ...:
        return tuple(_as(part, inner[0]) for part in value)
    if len(value) != len(inner):
        raise ValueError(f"made of {len(inner)} values each")
    return tuple(_as(part, hint) for part, hint in zip(value, inner, strict=True))


def _bounded(key: str, value: Any) -> Any:
    low, high = _BOUNDS.get(key, (0, math.inf))
    if isinstance(value, int | float) and not low <= value <= high:
        raise ValueError(f"at least {low:.10g}" if high == math.inf else f"from {low:.10g} to {high:.10g}")
    if type(value) is int and high == math.inf and value > _MOST:
        raise ValueError(f"at most {_MOST}")
    if key == "restarts":
        for part in value:
            for name, number in zip(("epochs", "lr", "composite"), part, strict=True):
                low, high = (0, math.inf) if name == "epochs" else _BOUNDS[name]
                if not low <= number <= high:
                    raise ValueError("made of an epoch, an lr and a share from 0 to 1 each")
    if key in ("restarts", "sizes"):
        epochs = [part[0] for part in value]
        if any(after <= before for before, after in itertools.pairwise(epochs)):
            raise ValueError("a list whose epochs rise")
    if key == "ties" and value not in TIES:
        raise ValueError(f"one of {', '.join(TIES)}")
    lists = {"widths": [(value, 1)], "blocks": [(value, 0)]}.get(key, [])
    if key == "beside":
        lists = [pair for widths, blocks in value for pair in ((widths, 1), (blocks, 0))]
    if key == "aspects" and value:
        lists = [(value, 1)]
    if key == "loss_weights" and any(weight < 0 for _, weight in value):
        raise ValueError("made of weights of at least 0")
    if any(not numbers or min(numbers) < least for numbers, least in lists):
        raise ValueError("a list of positive whole numbers")
    if any(max(numbers) > _MOST for numbers, _ in lists):
        raise ValueError(f"a list of numbers of at most {_MOST}")
    sides = {"size": [value], "sizes": [size for _, size in value] if key == "sizes" else []}.get(key, [])
    if any(min(side) < _LEAST_SIDE for side in sides):
        raise ValueError(f"at least {_LEAST_SIDE} pixels high and wide")
    if any(max(side) > _MOST_SIDE for side in sides):
        raise ValueError(f"at most {_MOST_SIDE} pixels high and wide")
    return value


def _said(value: Any) -> str:
    try:
        text = json.dumps(value, default=str)
    except (TypeError, ValueError):  # keys that JSON has not, and numbers that Python will not write
        text = f"a {type(value).__name__}"
    return text if len(text) <= 60 else f"{text[:57]}…"
