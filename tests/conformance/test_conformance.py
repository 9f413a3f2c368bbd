#!/usr/bin/python3
"""`prism conformance`: every suite on the embedded MemStore, on a configuration's backends, and on a
gateway that is already running."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import xml.etree.ElementTree as xml

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))

from prism_server import NAMESPACES, Gateway, harness  # noqa: E402

PASSED, FAILED, NOT_STARTED = range(3)


def conformance(*arguments):
    """Runs it and returns (exit code, stdout, stderr)."""
    env = {k: v for k, v in os.environ.items() if not k.startswith("PRISM_")}
    done = subprocess.run([harness.program("prism"), "conformance", *arguments], env=env,
                          capture_output=True, text=True, timeout=300, check=False)
    return done.returncode, done.stdout, done.stderr


class ConformanceTest(unittest.TestCase):
    def assert_conforms(self, *arguments):
        """All cases of all interfaces pass; returns the report."""
        code, out, err = conformance("--output", "json", *arguments)
        self.assertIn(code, (PASSED, FAILED), err)
        report = json.loads(out)
        self.assertGreater(len(report["interfaces"]), 0)
        for interface in report["interfaces"]:
            with self.subTest(interface=interface["interface"]):
                failures = [(case["name"], case["failures"]) for case in interface["cases"]
                            if case["result"] == "failed"]
                self.assertEqual(failures, [])
                self.assertGreater(interface["passed"], 0)
                self.assertEqual(interface["total"], len(interface["cases"]))
        self.assertEqual(code, PASSED, err)
        return report

    def count(self, client):
        """The keys of the client's namespace."""
        return client.call("KeyValueScanInterface.Count").count

    def test_the_embedded_memstore(self):
        report = self.assert_conforms()
        self.assertEqual(report["skipped"], 0)
        claimed = [i["interface"] for i in report["interfaces"] if i["claimed"]]
        self.assertIn("keyvalue_basic", claimed)

    def test_a_running_gateway_and_its_configuration(self):
        with Gateway() as gateway:
            both = ["-n", NAMESPACES[0], "--other-namespace", NAMESPACES[1]]
            self.assert_conforms("--target", gateway.address, *both)
            # Nothing is left behind.
            for namespace in NAMESPACES:
                self.assertEqual(self.count(gateway.client(namespace)), 0)
            # The gateway keeps its address to itself while a run has the same configuration.
            self.assert_conforms("--config", gateway.config_path, *both, "--case", "set_*")
            code, _, err = conformance("--target", gateway.address, "-n", "nowhere")
            self.assertEqual(code, NOT_STARTED)
            self.assertIn("nowhere", err)

    def test_a_signal_lets_the_cases_under_way_clean_up(self):
        with Gateway() as gateway:
            arguments = ["--target", gateway.address, "-n", NAMESPACES[0], "--interface",
                         "keyvalue_ttl", "--jobs", "1", "--output", "json"]
            with subprocess.Popen([harness.program("prism"), "conformance", *arguments],
                                  stdout=subprocess.PIPE, text=True) as run:
                client = gateway.client()
                deadline = time.monotonic() + 30
                while self.count(client) == 0 and time.monotonic() < deadline:
                    time.sleep(0.01)
                run.send_signal(signal.SIGINT)
                report = json.loads(run.communicate(timeout=60)[0])
            self.assertEqual(run.returncode, NOT_STARTED)
            self.assertGreater(report["skipped"], 0)
            self.assertEqual(report["failed"], 0)
            self.assertEqual(self.count(client), 0)

    def test_reports_for_machines(self):
        with tempfile.TemporaryDirectory(prefix="prism-conformance-") as folder:
            path = os.path.join(folder, "report.xml")
            code, out, err = conformance("--output", "junit", "--output-file", path, "--interface",
                                         "keyvalue_b*")
            self.assertEqual((code, out), (PASSED, ""), err)
            suites = xml.parse(path).getroot()
            self.assertEqual([s.get("name") for s in suites], ["keyvalue_basic", "keyvalue_batch"])
            for suite in suites:
                self.assertEqual(int(suite.get("tests")), len(suite.findall("testcase")))
                self.assertEqual(suite.get("failures"), "0")


harness.main(__name__)
