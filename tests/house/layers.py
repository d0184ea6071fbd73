"""Reads the layers from the import contract, so that the tests and the linter hold the same plan."""

import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def layers() -> dict[str, int]:
    """Package -> layer, 0 being the lowest."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["containers"] == ["portal"])
    return {
        package.strip(" ()"): height for height, layer in enumerate(reversed(layers)) for package in layer.split("|")
    }
