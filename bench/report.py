"""From the rounds' measurements to medians, ratios, budgets, a table and the files."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

# What one round measured of one peer: figure -> value.
Figures = dict[str, float]
# One round: peer -> its figures.
Round = dict[str, Figures]

# figure, heading, decimals
COLUMNS = [
    ("many_requests_per_s", "req/s 8x32", 0),
    ("many_cpu_us", "CPU us/req 8x32", 2),
    ("many_busy", "busy 8x32", 2),
    ("many_p50_us", "p50 us 8x32", 0),
    ("many_p99_us", "p99", 0),
    ("many_p999_us", "p99.9", 0),
    ("one_cpu_us", "CPU us/req 1x1", 1),
    ("one_p50_us", "p50 us 1x1", 1),
    ("one_p99_us", "p99", 1),
    ("one_p999_us", "p99.9", 1),
    ("idle_rss_mb", "idle RSS MB", 1),
    ("idle_5000_rss_mb", "RSS MB 5000 idle", 1),
    ("first_answer_ms", "start ms", 1),
]

BACKEND_COLUMNS = [
    ("requests_per_s", "req/s 8x32", 0),
    ("straight_requests_per_s", "straight", 0),
    ("straight_pipelined_requests_per_s", "pipelined by 16", 0),
    ("cpu_us", "CPU us/req 8x32", 2),
    ("floor_cpu_us", "floor's", 2),
    ("busy", "busy 8x32", 2),
    ("p50_us", "p50 us 8x32", 0),
    ("straight_p50_us", "straight", 0),
    ("one_p50_us", "p50 us 1x1", 1),
    ("straight_one_p50_us", "straight", 1),
]

RATIOS = [
    ("many_cpu_us", "CPU per request 8x32"),
    ("many_requests_per_s", "throughput 8x32"),
    ("one_cpu_us", "CPU per request 1x1"),
    ("one_p50_us", "p50 1x1"),
    ("one_p99_us", "p99 1x1"),
]


@dataclass(frozen=True)
class Ratio:
    """A figure of one peer over the same of another: the median of the rounds' own ratios."""

    figure: str
    peer: str
    over: str
    ratio: float
    lowest: float
    highest: float
    peer_value: float
    over_value: float


def _values(rounds: list[Round], peer: str, figure: str) -> list[float]:
    return [one[peer][figure] for one in rounds]


def medians(rounds: list[Round]) -> Round:
    return {
        peer: {figure: median(_values(rounds, peer, figure)) for figure in figures}
        for peer, figures in rounds[0].items()
    }


def ratio(rounds: list[Round], figure: str, peer: str, over: str) -> Ratio:
    ours, theirs = _values(rounds, peer, figure), _values(rounds, over, figure)
    each = [a / b for a, b in zip(ours, theirs, strict=True)]
    return Ratio(
        figure, peer, over, median(each), min(each), max(each), median(ours), median(theirs)
    )


def ratios_to(rounds: list[Round], over: str) -> list[Ratio]:
    peers = [peer for peer in rounds[0] if peer != over] if over in rounds[0] else []
    return [ratio(rounds, figure, peer, over) for figure, _ in RATIOS for peer in peers]


@dataclass(frozen=True)
class Budget:
    """A promise about Prism and whether these rounds keep it."""

    text: str
    actual: float
    kept: bool


def budgets(rounds: list[Round]) -> list[Budget]:
    """The promises that the measured peers allow to judge."""
    peers, middle = rounds[0], medians(rounds)
    found: list[Budget] = []

    def judge(text: str, actual: float, good: Callable[[float], bool]) -> None:
        found.append(Budget(text, round(actual, 3), good(actual)))

    if "prism" not in peers:
        return found
    if "floor" in peers:
        cpu = ratio(rounds, "many_cpu_us", "prism", "floor").ratio
        p50 = ratio(rounds, "one_p50_us", "prism", "floor").ratio
        judge("CPU per request at most 1.35 x the floor's", cpu, lambda x: x <= 1.35)
        judge("p50 unloaded at most 1.3 x the floor's", p50, lambda x: x <= 1.3)
    if "grpcxx" in peers:
        cpu = ratio(rounds, "many_cpu_us", "grpcxx", "prism").ratio
        judge("gRPC C++ costs at least 3.5 x our CPU", cpu, lambda x: x >= 3.5)
    judge("idle RSS at most 16 MB", middle["prism"]["idle_rss_mb"], lambda x: x <= 16)
    judge("exec to first answer at most 30 ms", middle["prism"]["first_answer_ms"],
          lambda x: x <= 30)
    return found


def within(rounds: list[Round], row: str, figure: str, over: str) -> float:
    """The median of the rounds' own ratios of two figures of one row."""
    return median(one[row][figure] / one[row][over] for one in rounds)


def added_p50_us(rounds: list[Round], row: str) -> float:
    return median(one[row]["one_p50_us"] - one[row]["straight_one_p50_us"] for one in rounds)


def backend_budgets(rounds: list[Round]) -> list[Budget]:
    """The promises about the rows of backends."""
    found: list[Budget] = []
    for row in rounds[0] if rounds else []:
        throughput = within(rounds, row, "requests_per_s", "straight_requests_per_s")
        if row.startswith("postgres"):
            text = f"{row}: at least 0.85 x what pgbench reaches over as many connections"
            found.append(Budget(text, round(throughput, 3), throughput >= 0.85))
            continue
        cpu = within(rounds, row, "cpu_us", "floor_cpu_us")
        text = f"{row}: CPU per request at most 1.6 x the floor's"
        found.append(Budget(text, round(cpu, 3), cpu <= 1.6))
        text = f"{row}: at least 3 x what 256 connections reach straight, unpipelined"
        found.append(Budget(text, round(throughput, 3), throughput >= 3))
    return found


def _table(rows: list[list[str]]) -> str:
    """A Markdown table, its columns aligned for a terminal."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = []
    for row in rows:
        first, *rest = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        lines.append("| " + " | ".join([row[0].ljust(widths[0]), *rest]) + " |")
    rule = [":" + "-" * (widths[0] - 1), *("-" * (width - 1) + ":" for width in widths[1:])]
    lines.insert(1, "| " + " | ".join(rule) + " |")
    return "\n".join(lines)


def figures_table(middle: Round, first: str, columns: list[tuple[str, str, int]]) -> str:
    rows = [[first, *(heading for _, heading, _ in columns)]]
    for name, figures in middle.items():
        cells = (f"{figures[key]:.{digits}f}" if key in figures else "-"
                 for key, _, digits in columns)
        rows.append([name, *cells])
    return _table(rows)


def added_table(rounds: list[Round]) -> str:
    rows = [["row", "added p50 us 1x1"]]
    rows += [[row, f"{added_p50_us(rounds, row):.1f}"] for row in rounds[0]]
    return _table(rows)


def ratios_table(ratios: list[Ratio]) -> str:
    headings = dict(RATIOS)
    rows = [["figure", "peer", "ratio", "lowest", "highest", "peer's", "floor's"]]
    for one in ratios:
        rows.append([headings[one.figure], one.peer, f"{one.ratio:.2f}", f"{one.lowest:.2f}",
                     f"{one.highest:.2f}", f"{one.peer_value:.2f}", f"{one.over_value:.2f}"])
    return _table(rows)


def budgets_table(found: list[Budget]) -> str:
    rows = [["budget", "actual", "kept"]]
    rows += [[one.text, f"{one.actual:.2f}", "yes" if one.kept else "NO"] for one in found]
    return _table(rows)


def markdown(record: dict[str, Any], rounds: list[Round], backend_rounds: list[Round]) -> str:
    count = max(len(rounds), len(backend_rounds))
    sections = [f"# Measured {record['date']}: {record['method']}, {count} rounds\n"]
    sections.append("Medians of the rounds. How it is measured: `bench/README.md`.\n")
    if middle := medians(rounds):
        sections.append(figures_table(middle, "peer", COLUMNS) + "\n")
    if ratios := ratios_to(rounds, "floor"):
        sections.append("Ratios to the floor, each within one round; median, lowest, highest:\n")
        sections.append(ratios_table(ratios) + "\n")
    if backend_rounds:
        sections.append("Through the gateway to a backend, and straight to it:\n")
        sections.append(figures_table(medians(backend_rounds), "row", BACKEND_COLUMNS) + "\n")
        sections.append(added_table(backend_rounds) + "\n")
    if found := budgets(rounds) + backend_budgets(backend_rounds):
        sections.append(budgets_table(found) + "\n")
    for title in ("machine", "versions", "settings"):
        sections.append(f"{title.capitalize()}:\n")
        sections.append("".join(f"- {key}: {value}\n" for key, value in record[title].items()))
    return "\n".join(sections)


def write(
    record: dict[str, Any],
    rounds: list[Round],
    backend_rounds: list[Round],
    directory: Path,
    name: str,
) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / f"{name}.json").write_text(json.dumps(record, indent=2) + "\n")
    (directory / f"{name}.md").write_text(markdown(record, rounds, backend_rounds))
    print(f"\nwritten: {directory / name}.json and .md")
