#!/usr/bin/python3
"""gRPC's interop cases in both directions: Google's Go client against our server, our client
against Google's Go server, and ours against ours (which needs no Go)."""

import os
import subprocess
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import go_programs  # noqa: E402
import harness  # noqa: E402
import processes  # noqa: E402

CASES = (
    "empty_unary", "large_unary", "client_streaming", "server_streaming", "ping_pong",
    "empty_stream", "timeout_on_sleeping_server", "cancel_after_begin",
    "cancel_after_first_response", "status_code_and_message", "special_status_message",
    "unimplemented_method", "unimplemented_service", "custom_metadata",
)


def run_client(case, *command):
    """Fails the calling test with the client's output unless it exits with 0."""
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    case.assertEqual(done.returncode, 0, done.stdout + done.stderr)


class Direction(unittest.TestCase):
    """One server for all the cases of a direction."""

    @classmethod
    def start(cls, server, port=None):
        cls.server = server
        cls.addClassCleanup(server.stop)
        cls.port = port or server.announced_port()
        processes.wait_for_port(cls.port, server)

    def tearDown(self):
        self.assertTrue(self.server.alive(), self.server.log())


class GoClientToOurServer(Direction):
    @classmethod
    def setUpClass(cls):
        cls.client = go_programs.program("interop client")
        cls.start(processes.Process(harness.program("tests/interop/interop_server")))

    def run_case(self, name):
        run_client(self, self.client, "--server_host=127.0.0.1", f"--server_port={self.port}",
                   f"--test_case={name}")


class OurClientToGoServer(Direction):
    @classmethod
    def setUpClass(cls):
        cls.client = harness.program("tests/interop/interop_client")
        port = processes.free_port()
        server = go_programs.program("interop server")
        cls.start(processes.Process(server, f"--port={port}"), port)

    def run_case(self, name):
        run_client(self, self.client, f"--target=127.0.0.1:{self.port}", f"--case={name}")


class OurClientToOurServer(Direction):
    @classmethod
    def setUpClass(cls):
        cls.client = harness.program("tests/interop/interop_client")
        cls.start(processes.Process(harness.program("tests/interop/interop_server")))

    run_case = OurClientToGoServer.run_case


def add_cases(direction):
    for name in CASES:
        setattr(direction, f"test_{name}", lambda self, name=name: self.run_case(name))


add_cases(GoClientToOurServer)
add_cases(OurClientToGoServer)
add_cases(OurClientToOurServer)

harness.main(__name__)
