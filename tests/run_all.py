#!/usr/bin/python3
"""Runs every test of the project against one build and closes with the totals.

    tests/run_all.py [--build build/release] [PART...]

Parts: tidy ctest conformance backends interop e2e h2spec faults
"""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree as xml

import harness

# Part -> the Python test files in it, in the order they run.
PARTS = {
    "tidy": ["tidy/test_tidy.py"],
    "ctest": [],
    "conformance": ["conformance/test_conformance.py"],
    "backends": ["backends/test_redis.py", "backends/test_redis_faults.py",
                 "backends/test_postgres.py", "backends/test_postgres_faults.py",
                 "backends/test_postgres_graphs.py", "backends/test_postgres_models.py",
                 "backends/test_postgres_streams.py", "backends/test_postgres_timeseries.py",
                 "backends/test_linearizable.py", "backends/test_multicast_registry_backends.py"],
    "interop": ["interop/run.py"],
    "e2e": ["e2e/test_kv.py", "e2e/test_errors.py", "e2e/test_wire.py", "e2e/test_tls.py",
            "e2e/test_drain.py", "e2e/test_reload.py", "e2e/test_cli.py",
            "e2e/test_models.py", "e2e/test_multicast_registry.py",
            "e2e/test_grpcxx.py"],
    "h2spec": ["e2e/h2spec.py"],
    "faults": ["faults/test_hostile.py"],
}


def run_ctest(build):
    """Returns (passed, failed, [(name, reason)]) of the programs that ctest knows."""
    report = os.path.join(tempfile.mkdtemp(prefix="prism-ctest-"), "report.xml")
    done = subprocess.run(["ctest", "--test-dir", build, "--output-on-failure", "-j",
                           str(os.cpu_count()), "--output-junit", report], check=False)
    if not os.path.exists(report):
        return 0, 1, []
    cases = list(xml.parse(report).getroot().iter("testcase"))
    skips = [(c.get("name"), "ctest") for c in cases
             if c.get("status") in ("notrun", "disabled") and c.find("failure") is None]
    failed = sum(1 for c in cases if c.get("status") == "fail" or c.find("failure") is not None)
    if (done.returncode != 0 or not cases) and failed == 0:
        failed = 1  # also a build without tests
    return len(cases) - failed - len(skips), failed, skips


def run_file(path):
    """Runs one Python test file; one that cannot be loaded counts as failed."""
    name = os.path.splitext(path)[0].replace("/", ".")
    spec = importlib.util.spec_from_file_location(name, os.path.join(harness.ROOT, "tests", path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    sys.path.insert(0, os.path.dirname(spec.origin))
    try:
        spec.loader.exec_module(module)
    except unittest.SkipTest as skip:
        return 0, 0, [(name, str(skip))]
    tally = harness.run(unittest.defaultTestLoader.loadTestsFromModule(module))
    return tally.passed, tally.failed, tally.skips


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--build", default="build/release")
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    options = parser.parse_args()
    unknown = [p for p in options.parts if p not in PARTS]
    if unknown:
        parser.error(f"no part {unknown[0]}; there are {', '.join(PARTS)}")
    os.environ["PRISM_BUILD"] = os.path.abspath(options.build)

    passed, failed, skips = 0, 0, []
    for part in options.parts or PARTS:
        print(f"== {part}", flush=True)
        results = [run_ctest(options.build)] if part == "ctest" else map(run_file, PARTS[part])
        for part_passed, part_failed, part_skips in results:
            passed += part_passed
            failed += part_failed
            skips += part_skips
    print()
    for name, reason in skips:
        print(f"skipped: {name} ({reason})")
    print(f"{passed} passed, {failed} failed, {len(skips)} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
