"""Faults in a package on disk: only what is meant is wrong, sizes and hashes in the descriptor fit."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.store.files import sha256


def descriptor(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the descriptor of the package in ``folder`` in place."""
    path = folder / "datapackage.json"
    given = json.loads(path.read_text("utf-8"))
    change(given)
    path.write_text(json.dumps(given), "utf-8")


def resource(given: dict[str, Any], name: str = "funding") -> dict[str, Any]:
    """Return the resource of a table in a descriptor."""
    return next(r for r in given["resources"] if r["name"] == name)


def _stamp(data: bytes) -> dict[str, object]:
    return {"bytes": len(data), "hash": f"sha256:{sha256(data)}"}


def rewrite(folder: Path, name: str, change: Callable[[bytes], bytes]) -> None:
    """Change the bytes of a CSV; size, hash and number of rows in the descriptor fit afterwards."""
    path = folder / f"data/{name}.csv"
    data = change(path.read_bytes())
    path.write_bytes(data)
    fit = {**_stamp(data), "techpacts:rows": max(0, data.count(b"\n") - 1)}
    descriptor(folder, lambda d: resource(d, name).update(fit))


def put_parquet(folder: Path, name: str, data: bytes) -> None:
    """Put ``data`` in the place of the Parquet file of a table; size and hash in the descriptor fit."""
    (folder / f"data/{name}.parquet").write_bytes(data)
    descriptor(folder, lambda d: resource(d, name)["techpacts:parquet"].update(_stamp(data)))


def reparquet(folder: Path, change: Callable[[pa.Table], pa.Table], name: str = "funding") -> None:
    """Change the rows or types of a Parquet file, as ``put_parquet``."""
    out = io.BytesIO()
    pq.write_table(change(pq.read_table(folder / f"data/{name}.parquet")), out)
    put_parquet(folder, name, out.getvalue())
