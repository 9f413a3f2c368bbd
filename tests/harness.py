"""Runs unittest suites and tells the outcome of each test by name, one line each.

Every Python test file ends with `harness.main(__name__)`, so it also runs alone.
"""

import os
import re
import sys
import time
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def build_dir():
    """The CMake build directory under test."""
    return os.path.abspath(os.environ.get("PRISM_BUILD", os.path.join(ROOT, "build/release")))


def sanitized():
    """True when the build under test has sanitizers, whose memory figures mean nothing."""
    return os.path.basename(build_dir()) in ("asan", "tsan")


def program(*path):
    """The path of a built program; one that is missing is a failure, not a skip."""
    full = os.path.join(build_dir(), *path)
    if not os.access(full, os.X_OK):
        raise AssertionError(f"{full} is not built")
    return full


class Tally(unittest.TestResult):
    """Prints PASS, FAIL or SKIP for each test and counts them."""

    def __init__(self):
        super().__init__()
        self.passed = 0
        self.failed = 0
        self.skips = []  # (name, reason)

    def startTest(self, test):
        super().startTest(test)
        self._started = time.monotonic()
        self._subtest_failed = False

    def _say(self, verdict, test, text=""):
        seconds = time.monotonic() - getattr(self, "_started", time.monotonic())
        print(f"{verdict} {short_name(test)} ({seconds:.1f} s){text}", flush=True)

    def addSuccess(self, test):
        self.passed += 1
        self._say("PASS", test)

    def addError(self, test, err):
        self.addFailure(test, err)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.failed += 1
        self._say("FAIL", test, "\n" + indent(self.failures[-1][1]))

    def addSubTest(self, test, subtest, err):
        if err is None:
            return
        super().addSubTest(test, subtest, err)
        self.failed += 1
        print(f"FAIL {short_name(subtest)}\n{indent(self._exc_info_to_string(err, test))}",
              flush=True)

    def addSkip(self, test, reason):
        self.skips.append((short_name(test), reason))
        self._say("SKIP", test, ": " + reason)


def short_name(test):
    """The test's path; a class that did not start goes by its own name."""
    return re.sub(r"^setUp(?:Class|Module) \((.*)\)$", r"\1", test.id()).replace("__main__.", "")


def indent(text):
    return "\n".join("    " + line for line in text.rstrip().splitlines())


def run(suite):
    tally = Tally()
    suite.run(tally)
    return tally


def main(name):
    """Runs the tests of the calling file when it is the program; arguments select by substring."""
    if name != "__main__":
        return
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules[name])
    wanted = sys.argv[1:]
    if wanted:
        suite = unittest.TestSuite(
            t for t in flatten(suite) if any(word in t.id() for word in wanted))
    tally = run(suite)
    for skipped, reason in tally.skips:
        print(f"skipped: {skipped} ({reason})")
    print(f"{tally.passed} passed, {tally.failed} failed, {len(tally.skips)} skipped")
    sys.exit(1 if tally.failed else 0)


def flatten(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from flatten(test)
        else:
            yield test
