"""The page of the directory's benchmark, from its figures."""

from __future__ import annotations

import os
import platform
import time
from typing import Any

from benchmarks.picture import draw
from bot.settings import ROOT


def report(found: list[dict[str, Any]], asked: int) -> None:
    by = {(one["name"], one["size"]): one for one in found}
    rows = "\n".join(_row(one, by["SQLite", one["size"]]) for one in found)
    others = "\n".join(_other(one) for one in found)
    machine = f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"
    page = PAGE.format(day=time.strftime("%Y-%m-%d"), machine=machine, asked=asked, rows=rows, others=others)
    (ROOT / "docs" / "benchmarks-directory.md").write_text(page)
    draw(found, ROOT / "docs" / "benchmarks-directory.png")
    print(page)


def _row(one: dict[str, Any], sqlite: dict[str, Any]) -> str:
    search, find, own = one["ask"]["search"], one["ask"]["find"], one["plain"]["search"]
    ratio = search["p95"] / sqlite["plain"]["search"]["p95"]
    times = " | ".join(f"{part[name]:.1f} ms" for part in (find, search, own) for name in ("p50", "p95"))
    return f"| {one['name']} | {one['size']:,} | {times} | **{ratio:.2f}** |"


def _other(one: dict[str, Any]) -> str:
    fill, ask = one["fill"], one["ask"]
    times = f"{fill['seconds']:.1f} s | {fill['mb']:.0f} MB | {ask['load']:.2f} s | {ask['edit']:.1f} ms"
    return f"| {one['name']} | {one['size']:,} | {times} | {one['memory']['mb']:.0f} MB |"


PAGE = """# Benchmarks: the directory

Written by `make bench` on {day}; machine: {machine}. Made-up services with the words, hours and topics of ours, spread
over 5,001 towns (`benchmarks/synthetic.py`). {asked} questions each, one process, one after the other.

![p95 by size and database](benchmarks-directory.png)

"Own full text" is the database's own index over the same texts: FTS5 with bm25, tsvector (French) with ts_rank, best
twenty. It knows no synonyms, no typing errors, no facets, no distance and no reasons; `search` does all of that. The
ratio is p95 of `search` to p95 of plain SQLite FTS5 on the same services.

| database | services | find p50 | find p95 | search p50 | search p95 | own text p50 | own text p95 | ratio to FTS5 |
|---|---|---|---|---|---|---|---|---|
{rows}

An import reads the mission's CSV into an empty directory, checks every row, looks for duplicates, and writes all in one
transaction; memory is the most that its process took. The index is built in memory when a process starts; "after an
edit" is the first search after a record changed. The app's memory is taken once it has searched.

| database | services | import | import memory | index built in | search after an edit | app memory |
|---|---|---|---|---|---|---|
{others}
"""
