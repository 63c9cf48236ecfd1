"""Named things of one kind (encoders, indexes, classifiers), each with a card and a factory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from recommender.errors import RecommenderError

T = TypeVar("T")


@dataclass(frozen=True)
class Card:
    """What there is to know of a registered item before it is loaded.

    ``dimension`` is 0 where it follows from the data; ``download`` says that weights come from a hub.
    """

    name: str
    title: str
    source: str
    licence: str
    dimension: int = 0
    download: bool = False


class Registry(Generic[T]):
    """Name to card and factory.

    Examples
    --------
    >>> encoders: Registry[int] = Registry("encoder")
    >>> encoders.register(Card("one", "One", "arithmetic", "none"), lambda: 1)
    >>> encoders.create("one")
    1
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._items: dict[str, tuple[Card, Callable[..., T]]] = {}

    def register(self, card: Card, factory: Callable[..., T]) -> None:
        """Add an item; raises ValueError if the name is taken."""
        if card.name in self._items:
            raise ValueError(f"The {self.kind} {card.name!r} is registered twice.")
        self._items[card.name] = (card, factory)

    def card(self, name: str) -> Card:
        """The card of ``name``; raises RecommenderError with the known names if there is none."""
        return self._find(name)[0]

    def create(self, name: str, **options: object) -> T:
        """A new item of that name."""
        return self._find(name)[1](**options)

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def _find(self, name: str) -> tuple[Card, Callable[..., T]]:
        if name not in self._items:
            raise RecommenderError(f"There is no {self.kind} {name!r}. Known: {', '.join(sorted(self._items))}.")
        return self._items[name]
