"""The pattern of everything worn on the upper body: torso, neck opening and sleeves."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from recommender.studio.articles._cloth import Drape
from recommender.studio.articles._garment import Field, Garment, Region
from recommender.studio.articles._outline import Edge, Points, curve, distance, mirrored, symmetric


@dataclass(frozen=True)
class Bodice:
    """Right half of the pattern in metres; the hem lies at z = 0, the neck end of the shoulder at z = ``length``.

    ``hold`` is the height at which the figure's waist holds the cloth (0 = nowhere),
    ``scoop`` how far a bare armhole cuts in. ``sleeve`` is the length along the upper
    edge (0 = sleeveless), ``droop`` its angle below the horizontal (radians), ``neck`` one of round, v, square, boat.
    """

    length: float = 0.70
    chest: float = 0.255
    waist: float = 0.25
    hem: float = 0.255
    shoulder: float = 0.215
    drop: float = 0.045
    armhole: float = 0.25
    collar: float = 0.085
    neck: str = "round"
    neck_depth: float = 0.09
    back_depth: float = 0.02
    sleeve: float = 0.21
    cuff: float = 0.165
    droop: float = 0.85
    dip: float = 0.0
    slit: float = 0.0
    waist_at: float = 0.42
    scoop: float = 0.02
    hold: float = 0.0

    @property
    def armpit(self) -> tuple[float, float]:
        """Where side seam and sleeve meet."""
        return self.chest, self.length - self.drop - self.armhole

    @property
    def tip(self) -> tuple[float, float]:
        """Outer end of the shoulder seam."""
        return self.shoulder, self.length - self.drop

    def along(self) -> np.ndarray:
        """Unit direction down the sleeve."""
        return np.array([np.cos(self.droop), -np.sin(self.droop)])

    def cuff_ends(self) -> tuple[np.ndarray, np.ndarray]:
        """Upper and lower end of the sleeve's opening."""
        top = np.array(self.tip) + self.along() * self.sleeve
        lean = self.droop - 0.18
        low = top + self.cuff * np.array([-np.sin(lean), -np.cos(lean)])
        # The sleeve must leave the torso: never let its lower end reach back to the side seam.
        low[0] = max(low[0], self.chest + 0.03)
        low[1] = min(low[1], self.armpit[1] - 0.015)
        return top, low

    def neckline(self, depth: float) -> Points:
        """Right half of the neck opening from the shoulder to the centre."""
        w, top, low = self.collar, self.length, self.length - depth
        if self.neck == "v" and depth > 0.05:
            return curve([(w, top), (0.62 * w, top - 0.42 * depth), (0.004, low + 0.004), (0, low)], 10)
        if self.neck == "square" and depth > 0.05:
            return curve(
                [(w, top), (0.93 * w, top - 0.6 * depth), (0.82 * w, low + 0.006), (0.7 * w, low), (0, low)], 12
            )
        bend = 0.30 if self.neck == "boat" else 0.55
        return curve([(w, top), (0.88 * w, top - bend * depth), (0.55 * w, top - 0.88 * depth), (0, low)])

    def half(self) -> list[Edge]:
        """Right half of the outline, lower centre to upper centre."""
        x, z = self.armpit
        bottom = [(0, -self.dip), (0.6 * self.hem, -0.8 * self.dip), (self.hem, 0)]
        hem = curve(bottom) if self.dip else np.array([(0, 0), (self.hem, 0)], float)
        side = curve([(self.hem, 0), (self.waist, self.waist_at * z), (x - 0.004, z)])
        edges = [Edge("hem", hem, True)]
        if self.slit:
            cut = side[side[:, 1] <= self.slit]
            edges += [Edge("slit", cut, True), Edge("side", side[len(cut) - 1 :])]
        else:
            edges.append(Edge("side", side))
        x -= 0.004
        if self.sleeve:
            top, low = self.cuff_ends()
            middle = (np.array([x, z]) + low) / 2 + [-0.002, 0.002]
            edges.append(Edge("under", curve([(x, z), tuple(middle), tuple(low)])))
            edges.append(Edge("cuff", np.array([low, top]), True))
            crown = np.array(self.tip) + self.along() * 0.06 + [0.006, 0.012]
            edges.append(
                Edge("cap", curve([tuple(top), tuple((top + crown) / 2 + [0.004, 0.004]), tuple(crown), self.tip]))
            )
            end = self.tip
        else:
            end = self.tip
            edges.append(Edge("armhole", self.arm_curve()[::-1], True))
        middle = (np.array(end) + np.array([self.collar, self.length])) / 2 + [0, 0.003]
        edges.append(Edge("shoulder", curve([end, tuple(middle), (self.collar, self.length)])))
        edges.append(Edge("neck", self.neckline(self.neck_depth), True))
        return edges

    def arm_curve(self) -> Points:
        """Armhole seam from the shoulder's end to the armpit."""
        (xs, zs), (xa, za) = self.tip, (self.armpit[0] - 0.004, self.armpit[1])
        depth = zs - za
        inner = min(xs, xa) - (0.012 if self.sleeve else self.scoop)
        return curve([(xs, zs), (inner, zs - 0.45 * depth), (0.5 * inner + 0.5 * xa, za + 0.16 * depth), (xa, za)])

    def back(self) -> dict[str, Points]:
        """Borders that differ on the back panel."""
        flat = replace(self, neck="round")
        return {"neck": flat.neckline(self.back_depth)}

    def sleeve_region(self) -> list[Region]:
        """The sleeves as a part with its own grain."""
        if not self.sleeve:
            return []
        seam = self.arm_curve()
        xs, zs = seam[::-1].T

        def beyond(x: np.ndarray, z: np.ndarray) -> np.ndarray:
            limit = np.interp(z, zs, xs)
            return (
                np.where(z > zs.max(), np.abs(x) > self.shoulder, np.abs(x) > limit)
                & (np.abs(x) > 0.6 * self.chest)
                & ((z > zs.min()) | (np.abs(x) > self._under(z)))
            )

        return [Region("sleeve", beyond, np.pi / 2 - self.droop + 0.1)]

    def _under(self, z: np.ndarray) -> np.ndarray:
        """Line between torso and sleeve below the armpit."""
        (xa, za), low = self.armpit, self.cuff_ends()[1]
        return xa + (za - z) * max(0.0, low[0] - xa) / max(za - low[1], 1e-3) * 0.5

    def pin(self, x: np.ndarray, z: np.ndarray) -> np.ndarray:
        """How firmly the invisible mannequin holds the cloth: shoulders fully, neck well."""
        points = np.stack([np.abs(x), z], axis=1)
        ridge = distance(np.array([(self.collar, self.length), self.tip]), points)
        neck = np.minimum(
            distance(self.neckline(self.neck_depth), points), distance(self.neckline(self.back_depth), points)
        )
        firm = np.maximum(np.clip(1.25 - ridge / 0.05, 0, 1), np.clip(1.1 - neck / 0.05, 0, 0.85))
        waist = 0.8 * np.exp(-(((z - self.hold) / 0.025) ** 2)) if self.hold else 0.0 * z
        return np.maximum(firm, waist)

    def sew(
        self,
        rng: np.random.Generator,
        drape: Drape,
        *,
        spacing: float | None = None,
        depth: float = 0.82,
        bust: float = 0.0,
        folds: float = 1.8,
        ease: Field | None = None,
        shape: Callable[[Garment], None] | None = None,
    ) -> Garment:
        """Cut, sew, inflate and drape; ``bust`` (metres) rounds the chest, ``shape`` edits the cloth before."""
        seam = self.arm_curve()
        seams = [seam, mirrored(seam)] if self.sleeve else []
        size = spacing or max(0.0095, 0.0185 * self.length)
        g = Garment(
            symmetric(self.half()), self.back(), depth=depth, spacing=size, seams=seams, regions=self.sleeve_region()
        )
        if bust:
            g.push(lambda x, z, f: self._bust(x, z, f, bust))
        if shape:
            shape(g)
        g.drape(drape, self.pin, rng, ease)
        g.deepen(folds)
        lopsided(g, rng)
        g.refine()
        if self.sleeve:
            crease(g, [seam, mirrored(seam)])
        return g

    def _bust(self, x: np.ndarray, z: np.ndarray, front: np.ndarray, size: float) -> np.ndarray:
        level = self.armpit[1] + 0.0
        bump = np.exp(-(((np.abs(x) - 0.36 * self.chest) / 0.055) ** 2) - ((z - level) / 0.07) ** 2)
        return np.stack([0 * x, -size * bump * (front > 0), 0 * x], axis=1)


def flutes(
    z_top: float, size: float, waves: float, rng: np.random.Generator, sharp: bool = False
) -> Callable[[Garment], None]:
    """Shape for :meth:`Bodice.sew`: vertical folds that grow from ``z_top`` down to ``size`` metres at z = 0."""
    phase = rng.uniform(0, 6.28, 3)

    def shape(g: Garment) -> None:
        def field(x: np.ndarray, z: np.ndarray, front: np.ndarray) -> np.ndarray:
            part = np.clip((z_top - z) / z_top, 0, 1) ** 0.8
            wide = np.interp(z, *_widths(g))
            t = np.clip(x / np.maximum(wide, 1e-3), -1, 1)
            a = np.pi * waves * (t + 0.06 * np.sin(3 * t + phase[0])) + np.where(front > 0, phase[1], phase[2])
            wave = 2 / np.pi * np.arcsin(0.97 * np.sin(a)) if sharp else np.sin(a) + 0.35 * np.sin(1.7 * a + phase[0])
            edge = np.clip(1.15 - np.abs(t), 0.15, 1)
            return np.stack([0 * x, -front * size * part * wave * edge, 0 * x], axis=1)

        g.push(field)

    return shape


def _widths(g: Garment) -> tuple[np.ndarray, np.ndarray]:
    """Half width of the pattern at a series of heights."""
    z = g.flat[:, 1]
    levels = np.linspace(z.min(), z.max(), 40)
    slot = np.clip(np.searchsorted(levels, z) - 1, 0, 39)
    wide = np.full(40, 1e-3)
    np.maximum.at(wide, slot, np.abs(g.flat[:, 0]))
    return levels, wide


def lopsided(g: Garment, rng: np.random.Generator, size: float = 1.0) -> None:
    """A slow, slight distortion: nothing that hangs is quite symmetric."""
    a = rng.normal(0, 0.006, 6) * size
    x, z = g.co[:, 0].copy(), g.co[:, 2].copy()
    p = rng.uniform(0, 6.28, 4)
    g.co[:, 0] += a[0] * np.sin(5 * z + p[0]) + 0.6 * a[1] * np.sin(11 * z + 3 * x + p[1])
    g.co[:, 2] += a[2] * np.sin(5 * x + p[2]) + a[3] * x + 0.5 * a[4] * np.sin(14 * x + 4 * z + p[3])


def crease(g: Garment, seams: list[Points], depth: float = 0.0018, width: float = 0.006) -> None:
    """Press seams a little into the cloth."""
    push = np.zeros(len(g.co))
    for seam in seams:
        near = np.flatnonzero(((g.flat > seam.min(0) - 3 * width) & (g.flat < seam.max(0) + 3 * width)).all(1))
        push[near] = np.maximum(push[near], np.exp(-((distance(seam, g.flat[near]) / width) ** 2)))
    g.co = g.co - g.normals * (depth * push)[:, None]
