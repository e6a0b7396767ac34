"""The publishers of series: one module each, which declares its ``PUBLISHER``; nothing else lists them."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from scripts.series.publisher import Publisher


def publishers() -> dict[str, Publisher]:
    """Return every publisher by the name of its module, with hyphens for underscores, sorted."""
    names = sorted(module.name for module in iter_modules(__path__))
    return {n.replace("_", "-"): import_module(f"{__name__}.{n}").PUBLISHER for n in names}
