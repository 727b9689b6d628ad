"""The map as one interactive page without external assets."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from netpol_lint.connectivity.connections import UnitMap
from netpol_lint.report.connections.shape import shape_with_reasons


def render(maps: Iterable[UnitMap]) -> str:
    """A self-contained page; its policy lets nothing run but its own script."""
    here = Path(__file__).parent
    page = (here / "page.html").read_text(encoding="utf-8")
    script = (here / "page.js").read_text(encoding="utf-8")
    digest = base64.b64encode(sha256(script.encode()).digest()).decode()
    # "<" is the only character that can end a script element early.
    data = json.dumps(shape_with_reasons(maps), ensure_ascii=True, separators=(",", ":")).replace("<", "\\u003c")
    before, _, rest = page.partition("@SCRIPT_HASH@")
    middle, _, end = rest.partition("@DATA@")
    head, _, tail = end.partition("@SCRIPT@")
    return "".join((before, digest, middle, data, head, script, tail))
