#!/usr/bin/env python3
"""Measures Prism, the floor and the peers on this machine. See bench/README.md."""

from __future__ import annotations

import argparse
import dataclasses
import datetime
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import backends
import machine
import report
from measuring import Means
from peers import NAMESPACE, Binaries, Peer, Pinning, Server, all_peers, on_cpu

ROOT = Path(__file__).resolve().parent.parent
IDLE_CONNECTIONS = 5000
SETTLE_S = 0.5


class LoadFailed(Exception):
    """The load program found wrong answers or could not do its work."""


@dataclass(frozen=True)
class Settings:
    rounds: int
    duration_s: float
    warmup_s: float
    method: str
    value_bytes: int


class Bench:
    """Measures one peer at a time with the load program."""

    def __init__(self, binaries: Binaries, pinning: Pinning, settings: Settings) -> None:
        self._binaries, self._pinning, self._settings = binaries, pinning, settings

    def measure(self, peer: Peer) -> report.Figures:
        figures = {"first_answer_ms": self._first_answer_ms(peer)}
        with Server(peer, self._binaries, self._pinning) as server:
            figures |= self._memory(server)
        with Server(peer, self._binaries, self._pinning) as server:
            figures |= self._load(server, "many", connections=8, streams=32)
            figures |= self._load(server, "one", connections=1, streams=1)
        return figures

    def _command(self, server: Server, *flags: str) -> list[str]:
        command = [str(self._binaries.load), "--target", server.target, "--namespace", NAMESPACE]
        return on_cpu([*command, *flags], self._pinning.load)

    def _run(self, server: Server, *flags: str) -> dict[str, Any]:
        done = subprocess.run(
            self._command(server, "--json", *flags), capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise LoadFailed(f"{' '.join(done.args)}\n{done.stdout}{done.stderr}")
        answer: dict[str, Any] = json.loads(done.stdout)
        return answer

    def _first_answer_ms(self, peer: Peer) -> float:
        """The quickest of three starts, so that a busy moment of the machine does not count."""
        times = []
        for _ in range(3):
            with Server(peer, self._binaries, Pinning(None, None), run=False) as server:
                command = [str(self._binaries.load), "--target", server.target, "--json"]
                command += ["--namespace", NAMESPACE, "--exec", *server.command]
                done = subprocess.run(command, capture_output=True, text=True, check=False)
                if done.returncode != 0:
                    raise LoadFailed(f"{' '.join(command)}\n{done.stderr}")
                times.append(float(json.loads(done.stdout)["first_answer_ms"]))
        return min(times)

    def _memory(self, server: Server) -> report.Figures:
        self._run(server, "--keys", "1", "--warmup", "0", "--duration", "10ms")
        time.sleep(SETTLE_S)
        idle = server.rss_mb()
        holder = subprocess.Popen(
            self._command(server, "--idle", str(IDLE_CONNECTIONS), "--duration", "60s"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert holder.stdout is not None
        greeting = holder.stdout.readline().strip()
        time.sleep(SETTLE_S)
        loaded = server.rss_mb()
        holder.communicate()
        if holder.returncode != 0:
            raise LoadFailed(f"{' '.join(server.command)}: {greeting or 'nothing'}")
        return {"idle_rss_mb": idle, "idle_5000_rss_mb": loaded}

    def _load(self, server: Server, name: str, *, connections: int, streams: int) -> report.Figures:
        figures = self.load(server, connections, streams, self._settings.method)
        return {f"{name}_{figure}": value for figure, value in figures.items()}

    def load(self, server: Server, connections: int, streams: int, method: str) -> report.Figures:
        settings = self._settings
        flags = ["--connections", connections, "--streams", streams, "--method", method]
        flags += ["--duration", f"{settings.duration_s}s", "--warmup", f"{settings.warmup_s}s"]
        flags += ["--value-bytes", settings.value_bytes]
        flags += ["--cpu-pids", ",".join(map(str, server.pids()))]
        answer = self._run(server, *map(str, flags))
        latency = answer["latency_us"]
        return {
            "requests_per_s": answer["requests_per_s"],
            "cpu_us": answer["server_cpu_us_per_request"],
            "busy": answer["server_cpu_s"] / answer["seconds"],
            "load_busy": answer["load_cpu_s"] / answer["seconds"],
            "p50_us": latency["p50"],
            "p99_us": latency["p99"],
            "p999_us": latency["p999"],
            "max_us": latency["max"],
        }


def choose(peers: list[Peer], names: str) -> list[Peer]:
    """The peers asked for and present; those asked for and missing are named."""
    known = {peer.name for peer in peers}
    if names == "none":
        return []
    wanted = known if names == "all" else {name.strip() for name in names.split(",")}
    if unknown := wanted - known:
        sys.exit(f"bench: no peer {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    chosen = [peer for peer in peers if peer.name in wanted]
    for peer in chosen:
        if peer.missing():
            print(f"skipped: {peer.name} ({peer.program} is not there)")
    return [peer for peer in chosen if not peer.missing()]


def run_rounds(bench: Bench, peers: list[Peer], count: int) -> list[report.Round]:
    rounds: list[report.Round] = []
    for number in range(1, count + 1):
        figures: report.Round = {}
        for peer in peers:
            figures[peer.name] = found = bench.measure(peer)
            print(
                f"round {number}/{count} {peer.name:8} {found['many_requests_per_s']:9.0f} req/s"
                f"  {found['many_cpu_us']:6.2f} us CPU  p50 1x1 {found['one_p50_us']:6.1f} us",
                flush=True,
            )
        rounds.append(figures)
    return rounds


def run_backend_rounds(
    bench: Bench, binaries: Binaries, pinning: Pinning, settings: Settings, chosen: list[str]
) -> list[report.Round]:
    rounds: list[report.Round] = []
    if not chosen:
        return rounds
    floor = next(peer for peer in all_peers(binaries) if peer.name == "floor")
    means = Means(binaries, pinning, floor, bench.load, settings.duration_s, settings.value_bytes)
    for number in range(1, settings.rounds + 1):
        figures = backends.measure(means, chosen)
        for row, found in figures.items():
            print(
                f"round {number}/{settings.rounds} {row:12} {found['requests_per_s']:8.0f} req/s"
                f"  {found['cpu_us']:6.2f} us CPU"
                f"  straight {found['straight_requests_per_s']:8.0f} req/s",
                flush=True,
            )
        rounds.append(figures)
    return rounds


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, default=ROOT / "build" / "release")
    parser.add_argument("--peers", default="all", help="floor,prism,grpcxx,haproxy,nginx or none")
    parser.add_argument("--backends", default="redis,postgres", help="redis,postgres or none")
    parser.add_argument("--note", help="what else ran on the machine, for the results")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--duration", type=float, default=3.0, help="seconds of each load")
    parser.add_argument("--warmup", type=float, default=1.0)
    parser.add_argument("--method", choices=["get", "set"], default="get")
    parser.add_argument("--value-bytes", type=int, default=100)
    parser.add_argument("--quick", action="store_true", help="one short round, nothing written")
    parser.add_argument("--check", action="store_true", help="fail when a budget is missed")
    parser.add_argument("--output", type=Path, help="directory of the results")
    parser.add_argument("--name", help="name of the results, after the date")
    return parser.parse_args()


def settings_of(arguments: argparse.Namespace) -> Settings:
    settings = Settings(arguments.rounds, arguments.duration, arguments.warmup, arguments.method,
                        arguments.value_bytes)
    if arguments.quick:
        settings = dataclasses.replace(settings, rounds=1, duration_s=1.0, warmup_s=0.3)
    return settings


def record_of(
    settings: Settings,
    binaries: Binaries,
    pinning: Pinning,
    rounds: list[report.Round],
    backend_rounds: list[report.Round],
) -> dict[str, Any]:
    return {
        "date": datetime.date.today().isoformat(),
        "method": settings.method,
        "machine": machine.machine() | {"load_average": "%.2f %.2f %.2f" % os.getloadavg()},
        "versions": machine.versions(binaries),
        "settings": dataclasses.asdict(settings) | {"pinning": dataclasses.asdict(pinning)},
        "medians": report.medians(rounds),
        "ratios": [dataclasses.asdict(one) for one in report.ratios_to(rounds, "floor")],
        "budgets": [
            dataclasses.asdict(one)
            for one in report.budgets(rounds) + report.backend_budgets(backend_rounds)
        ],
        "rounds": rounds,
        "backend_rounds": backend_rounds,
    }


def judge(rounds: list[report.Round], backend_rounds: list[report.Round]) -> int:
    """The exit code of --check: a budget that could not be judged is not kept either."""
    unjudged = {"prism", "floor", "grpcxx"} - rounds[0].keys()
    measured = {row.split()[0] for row in backend_rounds[0]} if backend_rounds else set()
    unjudged |= backends.ROWS.keys() - measured
    for peer in sorted(unjudged):
        print(f"not judged: budgets that need {peer}, which was not measured")
    found = report.budgets(rounds) + report.backend_budgets(backend_rounds)
    missed = [one for one in found if not one.kept]
    for one in missed:
        print(f"missed: {one.text}: {one.actual}")
    return 1 if unjudged or missed else 0


def main() -> int:
    arguments = parse_arguments()
    settings = settings_of(arguments)
    binaries = Binaries(arguments.build)
    if not binaries.load.exists():
        sys.exit(f"bench: {binaries.load} is not built (cmake -DPRISM_BENCH=ON)")
    peers = choose(all_peers(binaries), arguments.peers)
    chosen = backends.choose(binaries, arguments.backends)
    if not peers and not chosen:
        sys.exit("bench: nothing to measure")
    pinning = Pinning.of_this_machine()
    try:
        bench = Bench(binaries, pinning, settings)
        rounds = run_rounds(bench, peers, settings.rounds)
        backend_rounds = run_backend_rounds(bench, binaries, pinning, settings, chosen)
    except (LoadFailed, RuntimeError, subprocess.CalledProcessError) as failure:
        print(f"bench: failed: {failure}", file=sys.stderr)
        return 1
    record = record_of(settings, binaries, pinning, rounds, backend_rounds)
    if arguments.note:
        record["machine"]["note"] = arguments.note
    print("\n" + report.markdown(record, rounds, backend_rounds))
    output = arguments.output or (None if arguments.quick else ROOT / "bench" / "results")
    if output is not None:
        name = arguments.name or f"{platform.machine()}-{record['machine']['cpus']}cpu"
        report.write(record, rounds, backend_rounds, output, f"{record['date']}-{name}")
    return judge(rounds, backend_rounds) if arguments.check else 0


if __name__ == "__main__":
    sys.exit(main())
