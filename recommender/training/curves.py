"""Learning curves as a picture: the losses on the left, the accuracy of each column on the right."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PIL import Image, ImageDraw, ImageFont

SCALE = 2  # drawn at twice its size, so that it is sharp on any screen
PANEL, LEGEND, HEIGHT, MARGIN = 420, 190, 340, 46
INK, FAINT = (40, 44, 52), (226, 228, 232)
# Okabe and Ito's colours first, which people with any colour vision tell apart.
COLOURS = (
    (0, 114, 178), (213, 94, 0), (0, 158, 115), (204, 121, 167), (86, 180, 233), (230, 159, 0), (110, 110, 110),
    (0, 0, 0), (120, 70, 20), (100, 70, 170), (160, 190, 60),
)  # fmt: skip

Points = list[tuple[float, float]]


def draw(lines: Sequence[Mapping[str, Any]]) -> Image.Image:
    """A picture of the lines of a run's metrics; one without lines shows empty axes."""
    picture = Image.new("RGB", (2 * (PANEL + LEGEND) * SCALE, HEIGHT * SCALE), "white")
    canvas = ImageDraw.Draw(picture)
    losses = {
        name: [(line["epoch"] + 1, line[key]) for line in lines if key in line]
        for name, key in (("training, all", "loss"), ("held back, labels", "validation_loss"))
    }
    columns = dict.fromkeys(column for line in lines for column in line.get("accuracy", {}))
    shares = {
        column: [
            (line["epoch"] + 1, 100 * line["accuracy"][column]) for line in lines if column in line.get("accuracy", {})
        ]
        for column in columns
    }
    last = max((line["epoch"] + 1 for line in lines), default=1)
    _Panel(canvas, 0, "Loss", losses, last, "{:.2f}").draw()
    _Panel(canvas, PANEL + LEGEND, "Right of those held back, %", shares, last, "{:.0f} %", 100.0).draw()
    return picture


@dataclass(frozen=True)
class _Panel:
    """One set of axes from ``left`` on, with a legend that gives each curve's last value."""

    canvas: ImageDraw.ImageDraw
    left: int
    title: str
    curves: Mapping[str, Points]
    last: int
    said: str
    top: float | None = None

    def draw(self) -> None:
        values = [y for points in self.curves.values() for _, y in points if math.isfinite(y)]
        high = self.top or _round_up(max(values, default=1.0))
        self._text(self.left + MARGIN, 12, self.title, 14)
        for step in range(5):
            x0, y = self._place(1, high * step / 4, high)
            self._line([(x0, y), (self.left + PANEL, y)], FAINT, 1)
            self._text(self.left + MARGIN - 8, y, f"{high * step / 4:g}", 11, "rm")
        for epoch in sorted({1, (1 + self.last) // 2, self.last}):
            x, y = self._place(epoch, 0, high)
            self._text(x, y + 14, str(epoch), 11, "mm")
        self._text(self.left + (MARGIN + PANEL) / 2, HEIGHT - 12, "epoch", 11, "mm")
        # The legend in the order in which the curves end, so that it reads as the picture does.
        order = sorted(self.curves, key=lambda name: -self.curves[name][-1][1] if self.curves[name] else math.inf)
        colours = {name: COLOURS[i % len(COLOURS)] for i, name in enumerate(self.curves)}
        room = max((HEIGHT - 2 * MARGIN) // 17, 1)
        for row, name in enumerate(name for name in order if self.curves[name]):
            places = [self._place(x, min(y, high), high) for x, y in self.curves[name] if math.isfinite(y)]
            self._line(places, colours[name], 2)
            for x, y in places[-1:] if len(places) > 1 else places:
                self._dot(x, y, colours[name])
            if row < room:
                at = MARGIN + 17 * row
                self._dot(self.left + PANEL + 16, at, colours[name])
                said = self.said.format(self.curves[name][-1][1])
                self._text(self.left + PANEL + 26, at, f"{_short(name)}  {said}", 12, "lm")

    def _place(self, epoch: float, value: float, high: float) -> tuple[float, float]:
        share = (epoch - 1) / max(self.last - 1, 1)
        x = self.left + MARGIN + share * (PANEL - MARGIN)
        return x, HEIGHT - MARGIN - value / high * (HEIGHT - 2 * MARGIN)

    def _line(self, places: Sequence[tuple[float, float]], colour: tuple[int, int, int], width: int) -> None:
        if len(places) > 1:
            scaled = [(x * SCALE, y * SCALE) for x, y in places]
            self.canvas.line(scaled, fill=colour, width=width * SCALE, joint="curve")

    def _dot(self, x: float, y: float, colour: tuple[int, int, int], radius: float = 3.5) -> None:
        box = [(x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE]
        self.canvas.ellipse(box, fill=colour)

    def _text(self, x: float, y: float, text: str, size: int, anchor: str = "lm") -> None:
        font = ImageFont.load_default(size * SCALE)
        self.canvas.text((x * SCALE, y * SCALE), text, INK, font, anchor)


def _round_up(value: float) -> float:
    """The next of some numbers that have round quarters, times a power of ten."""
    power = 10 ** math.floor(math.log10(value)) if value > 0 else 1.0
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if step * power >= value)


def _short(name: str) -> str:
    return name if len(name) <= 16 else f"{name[:15]}…"
