"""A matplotlib renderer that writes the few SVG elements a page needs, and no more.

Matplotlib's own SVG back end writes a complete file for every picture. An explorer needs
dozens of pictures that differ in a curve or two, coloured by the page (light or dark) and
with text that the page can size. So this one writes bare elements: palette colours become
classes, coordinates are rounded to a tenth of a pixel and written relative to the point
before, and text stays text.
"""

import base64
import io
from functools import lru_cache
from html import escape

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.colors import to_hex
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from actlib import plots
from actlib.explore.choices import true_minus

# One letter for each palette colour: stroke class "s" + letter, fill class "f" + letter.
PALETTE = {
    plots.FUNCTION.lower(): "f",
    plots.SLOPE.lower(): "s",
    plots.THIRD.lower(): "t",
    plots.INK.lower(): "k",
    plots.MUTED.lower(): "m",
    plots.GRID.lower(): "g",
    plots.PAPER.lower(): "b",
}
_CURVE_LETTER = {Path.CURVE3: "Q", Path.CURVE4: "C"}


@lru_cache(maxsize=65536)
def _tenths(n):
    """An integer number of tenths as the shortest decimal: 125 -> '12.5', -5 -> '-.5'."""
    sign, n = ("-", -n) if n < 0 else ("", n)
    whole, part = divmod(n, 10)
    return f"{sign}{whole or (0 if not part else '')}{f'.{part}' if part else ''}"


def _pairs(steps):
    """Relative steps in tenths as 'dx dy' text, a minus sign doing the work of a space."""
    text = " ".join(f"{_tenths(dx)} {_tenths(dy)}" for dx, dy in steps)
    return text.replace(" -", "-")


def _polyline(corners):
    """Path data of one open line through ``corners`` (in tenths of a pixel)."""
    steps = np.diff(corners, axis=0)
    steps = steps[np.any(steps != 0, axis=1)]  # points that round to the same place
    start = f"M{_pairs([tuple(corners[0])])}"
    return start + (f"l{_pairs(steps.tolist())}" if len(steps) else "h0")


class Canvas(RendererBase):
    """Collects SVG elements, one string each, in ``self.elements``."""

    def __init__(self, width, height, clip_id=""):
        super().__init__()
        self.width, self.height = width, height
        self.elements = []
        self._clip_id = clip_id
        self._flip = Affine2D().scale(1, -1).translate(0, height)

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points  # figures are made at 72 dots an inch: a point is a pixel

    def flipy(self):
        return True

    def _attributes(self, gc, fill, filled, stroked=True):
        """Presentation attributes and classes of a shape."""
        classes, attributes = [], []
        alpha = gc.get_alpha()

        def colour(rgba, kind):
            name = to_hex(rgba[:3])
            if name in PALETTE:
                classes.append(kind[0] + PALETTE[name])
            else:
                attributes.append(f'{kind}="{name}"')
            opacity = alpha if gc.get_forced_alpha() else (rgba[3] if len(rgba) > 3 else 1.0)
            if opacity < 1:
                attributes.append(f'{kind}-opacity="{opacity:.2g}"')

        if filled:
            colour(fill, "fill")
        width = gc.get_linewidth()
        if stroked and width > 0 and gc.get_rgb()[3:] != (0.0,):
            colour(gc.get_rgb(), "stroke")
            if abs(width - 1) > 0.05:
                attributes.append(f'stroke-width="{width:.3g}"')
            _, dashes = gc.get_dashes()
            if dashes is not None and len(dashes):
                attributes.append(f'stroke-dasharray="{" ".join(f"{d:.3g}" for d in dashes)}"')
        if classes:
            attributes.insert(0, f'class="{" ".join(classes)}"')
        return "".join(" " + a for a in attributes)

    def _add_path(self, attributes, data):
        """Append a path; one drawn just like the last joins it in a single element."""
        head = f'<path{attributes} d="'
        if self.elements and self.elements[-1].startswith(head):
            self.elements[-1] = self.elements[-1][:-3] + data + '"/>'
        else:
            self.elements.append(head + data + '"/>')

    def _clip_attribute(self, gc, vertices):
        box = gc.get_clip_rectangle()
        if box is None or not self._clip_id or not len(vertices):
            return ""
        low, high = np.nanmin(vertices, axis=0), np.nanmax(vertices, axis=0)
        top, bottom = self.height - box.y1, self.height - box.y0
        inside = (
            low[0] >= box.x0 - 1
            and high[0] <= box.x1 + 1
            and low[1] >= top - 1
            and high[1] <= bottom + 1
        )
        return "" if inside else f' clip-path="url(#{self._clip_id})"'

    def draw_path(self, gc, path, transform, rgbFace=None):
        filled = rgbFace is not None and (len(rgbFace) < 4 or rgbFace[3] > 0)
        box = gc.get_clip_rectangle()
        clip = None
        if not filled and box is not None:
            clip = (box.x0 - 2, self.height - box.y1 - 2, box.x1 + 2, self.height - box.y0 + 2)
        clean = path.cleaned(
            transform + self._flip,
            remove_nans=True,
            clip=clip,
            simplify=path.should_simplify and not filled,
            curves=True,
        )
        vertices, codes = clean.vertices, clean.codes
        vertices, codes = vertices[codes != Path.STOP], codes[codes != Path.STOP]
        if not len(vertices):
            return
        attributes = self._attributes(gc, rgbFace, filled)
        if not attributes:
            return
        shape_points = vertices[codes != Path.CLOSEPOLY]
        attributes = self._clip_attribute(gc, shape_points) + attributes
        self._add_path(attributes, self._path_data(vertices, codes))

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        """Whole markers where their point is in view, none where it is not: no half points."""
        points = trans.transform(path.vertices)
        if len(points) == 1 and not points.any():  # an area: matplotlib's marker that stays put
            self.draw_path(gc, marker_path, marker_trans, rgbFace)
            return
        box = gc.get_clip_rectangle()
        whole = self.new_gc()
        whole.copy_properties(gc)
        whole.set_clip_rectangle(None)
        view = None if box is None else box.padded(0.1)
        for x, y in points:
            if view is None or view.contains(x, y):
                moved = marker_trans + Affine2D().translate(x, y)
                self.draw_path(whole, marker_path, moved, rgbFace)

    def _path_data(self, vertices, codes):
        tenths = np.rint(np.clip(vertices, -1e5, 1e5) * 10).astype(int)
        if _is_circle(codes):
            low, high = vertices[:-1].min(axis=0), vertices[:-1].max(axis=0)
            rx, ry = (int(r) for r in np.rint((high - low) * 5))
            x, y = (int(c) for c in np.rint((low + high) * 5))
            return (
                f"M{_pairs([(x - rx, y)])}a{_tenths(rx)} {_tenths(ry)} 0 1 0 {_tenths(2 * rx)} 0"
                f"a{_tenths(rx)} {_tenths(ry)} 0 1 0-{_tenths(2 * rx)} 0"
            )
        data = []
        i, n = 0, len(codes)
        while i < n:
            code = codes[i]
            if code in (Path.MOVETO, Path.LINETO):
                j = i + 1
                while j < n and codes[j] == Path.LINETO:
                    j += 1
                if code == Path.MOVETO:
                    data.append(_polyline(tenths[i:j]))
                else:
                    data.append("L" + _pairs(tenths[i:j].tolist()))
                i = j
            elif code == Path.CLOSEPOLY:
                data.append("z")
                i += 1
            else:
                size = 2 if code == Path.CURVE3 else 3
                data.append(_CURVE_LETTER[code] + _pairs(tenths[i : i + size].tolist()))
                i += size
        return "".join(data)

    def draw_text(self, gc, x, y, s, prop, angle, ismath=False, mtext=None):
        anchor = ""
        if mtext is not None and (angle == 0 or mtext.get_rotation_mode() == "anchor"):
            # Anchor where the author did, so that the page may use another font or size.
            place = mtext.get_transform().transform(mtext.get_unitless_position())
            along = np.array([np.cos(np.deg2rad(angle)), -np.sin(np.deg2rad(angle))])
            shift = np.dot([place[0] - x, self.height - place[1] - y], along)
            x, y = np.array([x, y]) + shift * along
            anchor = {"center": ' text-anchor="middle"', "right": ' text-anchor="end"'}.get(
                mtext.get_ha(), ""
            )
        size = prop.get_size_in_points()
        attributes = self._attributes(gc, gc.get_rgb(), filled=True, stroked=False) + anchor
        if abs(size - plots.STYLE["font.size"]) > 0.1:
            # in em, as the page may show all text larger
            attributes += f' font-size="{size / plots.STYLE["font.size"]:.3g}em"'
        if prop.get_weight() in ("bold", "heavy", 700):
            attributes += ' font-weight="700"'
        x, y = _tenths(round(x * 10)), _tenths(round(y * 10))
        if angle:
            attributes += f' transform="rotate({-angle:.4g} {x} {y})"'
        self.elements.append(
            f'<text x="{x}" y="{y}"{attributes}>{escape(true_minus(s), quote=False)}</text>'
        )

    def draw_image(self, gc, x, y, im, transform=None):
        from PIL import Image

        height, width = im.shape[:2]
        file = io.BytesIO()
        Image.fromarray(np.ascontiguousarray(im[::-1])).save(file, format="png", optimize=True)
        data = base64.b64encode(file.getvalue()).decode()
        self.elements.append(
            f'<image x="{x:.1f}" y="{self.height - y - height:.1f}" width="{width}" '
            f'height="{height}" preserveAspectRatio="none" href="data:image/png;base64,{data}"/>'
        )


def _is_circle(codes):
    """True for matplotlib's circle: a start, eight Bezier arcs, a close."""
    return len(codes) == 26 and codes[0] == Path.MOVETO and np.all(codes[1:25] == Path.CURVE4)
