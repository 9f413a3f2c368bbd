#!/usr/bin/python3
"""Writes docs/backends.md: runs `prism conformance` on every backend with a real server of its own.

    tools/backends_page.py [--build build/release]

The text above the mark in the page is kept.

"""

import argparse
import contextlib
import datetime
import json
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests", "backends"))

PAGE = os.path.join(ROOT, "docs", "backends.md")
START = "<!-- made by tools/backends_page.py: do not edit below -->"


@contextlib.contextmanager
def redis():
    import servers
    with servers.Redis() as server:
        version = next(line.split(":")[1] for line in server.info("server").decode().splitlines()
                       if line.startswith("redis_version:"))
        yield "Redis " + version, {"driver": "redis", "url": server.url}


@contextlib.contextmanager
def memstore():
    yield "MemStore", {"driver": "memstore"}


BACKENDS = (memstore, redis)


def conformance(prism, backend):
    """The report of a run on two namespaces of `backend`."""
    with tempfile.TemporaryDirectory(prefix="prism-page-") as folder:
        path = os.path.join(folder, "prism.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"backends": {"store": backend},
                       "namespaces": [{"name": "orders", "backend": "store"},
                                      {"name": "carts", "backend": "store"}]}, file)
        done = subprocess.run([prism, "conformance", "--config", path, "-n", "orders",
                               "--other-namespace", "carts", "--output", "json"],
                              capture_output=True, text=True, timeout=600, check=False)
    if done.returncode not in (0, 1):
        sys.exit(done.stderr)
    return {each["interface"]: each for each in json.loads(done.stdout)["interfaces"]}


def cell(interface):
    """What the table says of an interface on a backend."""
    if not interface["claimed"]:
        return "refused" if interface["failed"] == 0 else "**not refused**"
    if interface["failed"]:
        return f"**{interface['failed']} of {interface['total']} fail**"
    skipped = f", {interface['skipped']} skipped" if interface["skipped"] else ""
    return f"{interface['passed']} pass{skipped}"


def matrix(reports):
    names = list(reports)
    lines = ["| interface | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for interface in next(iter(reports.values())):
        cells = [cell(reports[name][interface]) for name in names]
        lines.append(f"| `{interface}` | " + " | ".join(cells) + " |")
    claimed = [str(sum(each["claimed"] for each in reports[name].values())) for name in names]
    return lines + ["| **interfaces** | " + " | ".join(claimed) + " |"]


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default=os.path.join(ROOT, "build/release"))
    build = parser.parse_args().build
    os.environ["PRISM_BUILD"] = build
    reports = {}
    for backend in BACKENDS:
        with backend() as (name, settings):
            print("running on", name, flush=True)
            reports[name] = conformance(os.path.join(build, "prism"), settings)
    with open(PAGE, encoding="utf-8") as file:
        text = file.read().split(START)[0]
    today = datetime.date.today().isoformat()
    made = [START, "", f"Runs of {today}, each through a gateway on real servers; the numbers are "
            "cases.", "", *matrix(reports)]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(text + "\n".join(made) + "\n")


if __name__ == "__main__":
    main()
