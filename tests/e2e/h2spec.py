#!/usr/bin/python3
"""Runs h2spec, all cases with the strict ones, against the gateway."""

import os
import subprocess
import unittest
import xml.etree.ElementTree as xml

from prism_server import Gateway, harness

import go_programs

ALLOWED_FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "h2spec_allowed.txt")


def read_allowed():
    """{case: reason} of the cases that may fail."""
    with open(ALLOWED_FILE, encoding="utf-8") as file:
        lines = [line.strip() for line in file if line.strip() and not line.startswith("#")]
    return dict(line.split(": ", 1) for line in lines)


def read_report(path):
    """Returns {case: title} of all cases and of those that failed."""
    cases, failed = {}, {}
    for suite in xml.parse(path).getroot().iter("testsuite"):
        for number, case in enumerate(suite.iter("testcase"), 1):
            name = f"{case.get('package')}/{number}"
            cases[name] = case.get("classname")
            if case.find("failure") is not None or case.find("error") is not None:
                failed[name] = case.get("classname")
    return cases, failed


class H2Spec(unittest.TestCase):
    def test_conformance(self):
        h2spec = go_programs.program("h2spec")
        with Gateway() as gateway:
            report = gateway.path("h2spec.xml")
            done = subprocess.run([h2spec, "--strict", "--timeout", "3", "--host", "127.0.0.1",
                                   "--port", str(gateway.port), "--junit-report", report],
                                  capture_output=True, text=True, timeout=600, check=False)
            self.assertTrue(gateway.alive(), gateway.log())
            cases, failed = read_report(report)
        allowed = read_allowed()
        for name in sorted(allowed.keys() & failed.keys()):
            print(f"     deliberate: {name}: {allowed[name]}")
        wrong = {name: title for name, title in failed.items() if name not in allowed}
        self.assertEqual(wrong, {}, done.stdout)
        for name in sorted(allowed.keys() - failed.keys()):
            print(f"     passed, though h2spec_allowed.txt names it: {name}")
        self.assertGreater(len(cases), 140)
        print(f"     {len(cases) - len(failed)} of {len(cases)} cases pass")


harness.main(__name__)
