"""Tests prism_load against the floor: what must pass passes, what is wrong is noticed.

usage: load_test.py FLOOR_SERVER PRISM_LOAD
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import unittest
from typing import Any

FLOOR, LOAD = sys.argv[1:3]


class Floor:
    """A floor_server on an ephemeral port, for the length of a with statement."""

    def __init__(self, *flags: str) -> None:
        self._flags = flags

    def __enter__(self) -> str:
        self._process = subprocess.Popen(
            [FLOOR, *self._flags], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout is not None
        return self._process.stdout.readline().split()[-1]

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()


def load(target: str, *flags: str) -> tuple[int, dict[str, Any]]:
    """Runs prism_load for half a second; its exit code and report."""
    command = [LOAD, "--target", target, "--json", "--warmup", "100ms"]
    if "--duration" not in flags:
        command += ["--duration", "500ms"]
    done = subprocess.run([*command, *flags], capture_output=True, text=True, timeout=60)
    return done.returncode, json.loads(done.stdout)


class RightAnswers(unittest.TestCase):
    def check(self, *flags: str) -> dict[str, Any]:
        with Floor() as target:
            code, report = load(target, *flags)
        self.assertEqual(report["failures"], {})
        self.assertEqual(code, 0)
        self.assertGreater(report["requests"], 0)
        self.assertGreater(report["latency_us"]["p50"], 0)
        self.assertGreaterEqual(report["latency_us"]["max"], report["latency_us"]["p999"])
        return report

    def test_one_call_at_a_time(self) -> None:
        self.check()

    def test_many_calls_on_many_connections_and_threads(self) -> None:
        self.check("--connections", "8", "--streams", "32", "--threads", "2")

    def test_sets_are_read_back(self) -> None:
        self.check("--method", "set", "--connections", "2", "--streams", "8")

    def test_large_values(self) -> None:
        self.check("--value-bytes", "200000", "--keys", "20", "--streams", "4")

    def test_schedule_is_kept(self) -> None:
        report = self.check("--rate", "1000", "--streams", "16")
        self.assertAlmostEqual(report["requests"], 500, delta=50)


class WrongAnswers(unittest.TestCase):
    def test_wrong_value_is_a_failure(self) -> None:
        with Floor("--fault", "wrong-value") as target:
            code, report = load(target, "--streams", "4")
        self.assertEqual(code, 1)
        self.assertGreater(report["failures"]["wrong_value"], 0)
        self.assertEqual(report["requests"], 0)

    def test_wrong_value_after_set_is_a_failure(self) -> None:
        with Floor("--fault", "wrong-value") as target:
            code, report = load(target, "--method", "set")
        self.assertEqual(code, 1)
        self.assertEqual(report["stage"], "verify")

    def test_bad_status_is_a_failure(self) -> None:
        with Floor("--fault", "bad-status") as target:
            code, report = load(target)
        self.assertEqual(code, 1)
        self.assertGreater(report["failures"]["grpc_status"], 0)
        self.assertIn("grpc-status 12", report["first_failure"])

    def test_no_server_is_a_failure(self) -> None:
        with Floor() as target:
            pass
        code, report = load(target)
        self.assertEqual(code, 1)
        self.assertEqual(report["failures"], {"connect": 1})

    def test_a_dying_server_is_a_failure(self) -> None:
        with Floor() as target:
            running = subprocess.Popen(
                [LOAD, "--target", target, "--duration", "1s", "--json", "--streams", "4"],
                stdout=subprocess.PIPE,
                text=True,
            )
            time.sleep(0.5)
        report = json.loads(running.communicate(timeout=60)[0])
        self.assertEqual(running.returncode, 1)
        self.assertGreater(report["failures"]["connection_lost"], 0)


class Goaway(unittest.TestCase):
    def test_connections_are_reopened_without_a_failure(self) -> None:
        with Floor("--goaway-after", "1500") as target:
            code, report = load(target, "--connections", "4", "--streams", "16")
        self.assertEqual(report["failures"], {})
        self.assertEqual(code, 0)
        self.assertGreater(report["reopened"], 4)
        self.assertGreaterEqual(report["answered"], 1000 + 4 * 1500)

    def test_until_goaway_ends_early(self) -> None:
        flags = ["--connections", "4", "--streams", "16", "--duration", "20s"]
        with Floor("--goaway-after", "5000") as target:
            code, report = load(target, "--until-goaway", *flags)
        self.assertEqual(report["failures"], {})
        self.assertEqual(code, 0)
        self.assertEqual(report["goaways"], 4)
        self.assertLess(report["seconds"], 15)

    def test_until_goaway_wants_a_goaway(self) -> None:
        with Floor() as target:
            code, report = load(target, "--until-goaway", "--connections", "3")
        self.assertEqual(code, 1)
        self.assertEqual(report["failures"], {"no_goaway": 3})


class OtherModes(unittest.TestCase):
    def test_idle_connections_stand_until_stdin_ends(self) -> None:
        with Floor() as target:
            holder = subprocess.Popen(
                [LOAD, "--target", target, "--idle", "500", "--duration", "30s"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            assert holder.stdout is not None
            self.assertEqual(holder.stdout.readline(), "idle 500 connections\n")
            holder.communicate(timeout=20)
            self.assertEqual(holder.returncode, 0)

    def test_start_is_timed_to_the_first_answer(self) -> None:
        with Floor() as target:
            pass
        command = [LOAD, "--target", target, "--json", "--exec", FLOOR, "--port"]
        done = subprocess.run(
            [*command, target.split(":")[1]], capture_output=True, text=True, timeout=20
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertGreater(json.loads(done.stdout)["first_answer_ms"], 0)

    def test_faulty_command_lines_are_refused(self) -> None:
        for flags in (["--streams", "0"], ["--nothing"], ["--method", "scan"], ["--target", "x"]):
            done = subprocess.run([LOAD, *flags], capture_output=True, text=True, timeout=20)
            self.assertEqual(done.returncode, 2, flags)
            self.assertIn("usage:", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
