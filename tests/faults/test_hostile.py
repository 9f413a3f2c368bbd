#!/usr/bin/python3
"""Peers that break the rules: the gateway's memory stays bounded and others are served.

Each test runs beside a steady load of six well-behaved connections, none of whose calls may fail.
"""

import contextlib
import os
import random
import resource
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../e2e"))

import h2  # noqa: E402
from load import Load  # noqa: E402
from prism_server import NAMESPACES, Gateway, harness  # noqa: E402

MIB = 1 << 20
# Memory that an attack may add; the in-flight budget comes on top where bodies are involved.
MAX_GROWTH_BYTES = 32 * MIB
IN_FLIGHT_BYTES = 32 * MIB
# An idle connection may cost this much, with its HTTP/2 session and buffers.
MAX_IDLE_CONNECTION_BYTES = 24 << 10
IDLE_CONNECTIONS = 5000

GET = "/prism.keyvalue.v1.KeyValueBasicInterface/Get"
SCAN = "/prism.keyvalue.v1.KeyValueScanInterface/Scan"
BLOCK = h2.request_block(GET, NAMESPACES[0])
GET_BIG = b"\x0a\x03big"  # a GetRequest for the key "big"

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway(
        limits={"in_flight_bytes": IN_FLIGHT_BYTES},
        keepalive={"handshake_timeout": "1s", "ping_after": "1s", "ping_timeout": "1s",
                   "stall_timeout": "1s"})
    unittest.addModuleCleanup(gateway.stop)
    with gateway.client(max_send_message_length=-1) as kv:
        kv.call("KeyValueBasicInterface.Set", key="big", value=bytes(MIB))
        for number in range(64):
            kv.call("KeyValueBasicInterface.Set", key=f"row/{number:03}", value=bytes(MIB))


class Hostile(unittest.TestCase):
    @contextlib.contextmanager
    def bounded(self, growth=MAX_GROWTH_BYTES):
        """Runs the block beside the load; then checks memory, the load and a new connection."""
        with Load(gateway.client) as load:
            before = gateway.rss_bytes()
            h2.reset_peak(gateway.pid)
            yield
            load.wait_for_calls(300)
            peak = h2.peak_bytes(gateway.pid)
        self.assertTrue(gateway.alive(), gateway.log()[-4000:])
        self.assertEqual(load.failures[:3], [])
        with gateway.client() as kv:
            kv.call("KeyValueBasicInterface.Set", key="after", value=b"v")
        if not harness.sanitized():
            self.assertLess(peak - before, growth, "bytes of memory added")

    def connect(self, **options):
        connection = h2.Connection(gateway.port, **options)
        self.addCleanup(connection.sock.close)
        return connection

    def test_rapid_reset(self):
        # An answer of 1 MiB is made for each: a sanitizer build takes a minute for that many.
        resets = 2_000 if harness.sanitized() else 50_000
        with self.bounded(IN_FLIGHT_BYTES + MAX_GROWTH_BYTES):
            while resets > 0:
                with h2.Connection(gateway.port) as attacker:
                    attacker.open()
                    stream = 1
                    # Hung up on, the attacker comes back until it has had its fill.
                    while resets > 0 and stream < 1 << 20:
                        burst = b""
                        for _ in range(100):
                            burst += h2.request(stream, BLOCK, GET_BIG)
                            burst += h2.frame(h2.RST_STREAM, 0, stream,
                                              h2.CANCEL.to_bytes(4, "big"))
                            stream += 2
                        resets -= 100
                        if not attacker.send(burst):
                            break
                        attacker.drop_input()

    def test_continuation_flood(self):
        with self.bounded():
            attacker = self.connect().open()
            attacker.send(h2.frame(h2.HEADERS, 0, 1, BLOCK))
            filler = h2.hpack("x", "y" * 16_000)
            sent = 0
            while sent < 256 * MIB and attacker.send(h2.frame(h2.CONTINUATION, 0, 1, filler)):
                sent += len(filler)
            self.assertLess(sent, 256 * MIB, "bytes taken before the server hung up")

    def test_empty_continuation_flood(self):
        with self.bounded():
            attacker = self.connect().open()
            attacker.send(h2.frame(h2.HEADERS, 0, 1, BLOCK))
            burst = h2.frame(h2.CONTINUATION, 0, 1) * 1000
            for _ in range(1000):
                if not attacker.send(burst):
                    break

    def test_header_bomb(self):
        # One big entry in the dynamic table, then 10,000 references of one byte each per block.
        bomb = h2.hpack("x", "y" * 3900, indexed=True) + h2.FIRST_DYNAMIC * 10_000
        with self.bounded():
            for _ in range(20):
                attacker = self.connect().open()
                for stream in range(1, 41, 2):
                    block = BLOCK + bomb
                    if not attacker.send(h2.frame(h2.HEADERS, h2.END_HEADERS, stream, block)):
                        break
                attacker.drop_input()

    def test_settings_and_ping_floods(self):
        floods = (h2.settings(), h2.frame(h2.PING, payload=bytes(8)))
        with self.bounded():
            for flood in floods:
                attacker = self.connect(receive_buffer=4096).open()
                attacker.sock.settimeout(2)
                # The answers are never read.
                for _ in range(300):
                    if not attacker.send(flood * 1000):
                        break

    def test_zero_window(self):
        with self.bounded(IN_FLIGHT_BYTES + MAX_GROWTH_BYTES):
            for _ in range(4):
                attacker = self.connect().open(initial_window_size=0)
                attacker.send(b"".join(h2.request(stream, BLOCK, GET_BIG)
                                       for stream in range(1, 101, 2)))
            time.sleep(1)  # the time that the attackers stay; nothing is waited for

    def test_an_answer_that_is_not_taken_is_given_up(self):
        """The peer is alive, answers pings, and keeps its window shut."""
        attacker = self.connect().open(initial_window_size=0)
        streams = list(range(1, 41, 2))
        attacker.send(b"".join(h2.request(stream, BLOCK, GET_BIG) for stream in streams))
        reset = []
        for kind, stream, payload in attacker.frames(timeout=10):
            if kind == h2.PING:
                attacker.send(h2.frame(h2.PING, h2.ACK, 0, payload))
            if kind == h2.RST_STREAM:
                reset.append(stream)
            if len(reset) == len(streams):
                break
        self.assertEqual(sorted(reset), streams)

    def test_a_refused_call_does_not_keep_its_stream(self):
        """More calls than a connection may have streams, none of which the caller ends."""
        block = h2.request_block(GET, "no-such-namespace")
        attacker = self.connect().open()
        streams = list(range(1, 10_001, 2))
        stopped = set()
        for first in range(0, len(streams), 100):
            batch = streams[first:first + 100]
            attacker.send(b"".join(h2.frame(h2.HEADERS, h2.END_HEADERS, stream, block)
                                   for stream in batch))
            for kind, stream, _ in attacker.frames(timeout=10):
                if kind == h2.RST_STREAM:
                    stopped.add(stream)
                if stopped.issuperset(batch):
                    break
        self.assertEqual(len(stopped), len(streams))

    def test_slow_reader_of_a_large_response(self):
        block = h2.request_block(SCAN, NAMESPACES[0])
        with self.bounded(IN_FLIGHT_BYTES + MAX_GROWTH_BYTES):
            readers = [self.connect(receive_buffer=4096).open(initial_window_size=(1 << 31) - 1)
                       for _ in range(8)]
            for reader in readers:
                reader.send(h2.frame(h2.WINDOW_UPDATE, 0, 0, ((1 << 31) - 1 - 65535)
                                     .to_bytes(4, "big")))
                reader.send(h2.request(1, block, b"\x0a\x04row/"))
            end = time.monotonic() + 2
            while time.monotonic() < end:
                for reader in readers:
                    reader.sock.recv(512)
                time.sleep(0.02)

    def test_half_a_frame_and_silence(self):
        started = h2.PREFACE + h2.settings()
        beginnings = (b"", h2.PREFACE[:9], h2.PREFACE, started[:-3],
                      started + h2.frame(h2.HEADERS, h2.END_HEADERS, 1, BLOCK)[:20])
        with self.bounded():
            silent = []
            for beginning in beginnings * 40:
                attacker = self.connect()
                attacker.send(beginning)
                silent.append(attacker)
            for attacker in silent:
                self.assertTrue(attacker.closed_within(15), "a silent connection stays open")

    def test_garbage(self):
        source = random.Random(2)
        with self.bounded():
            for number in range(400):
                with h2.Connection(gateway.port) as attacker:
                    if number % 2:
                        attacker.open()
                    attacker.send(source.randbytes(source.randrange(1, 4000)))
                    attacker.drop_input()

    def test_garbage_frames(self):
        source = random.Random(3)
        with self.bounded():
            for _ in range(400):
                with h2.Connection(gateway.port) as attacker:
                    attacker.open()
                    for _ in range(8):
                        attacker.send(h2.frame(source.randrange(12), source.randrange(256),
                                               source.randrange(6),
                                               source.randbytes(source.randrange(40))))
                    attacker.drop_input()

    def test_tls_on_the_plain_port(self):
        client_hello = bytes.fromhex("16030100c8010000c40303") + bytes(200)
        with self.bounded():
            for _ in range(100):
                attacker = self.connect()
                attacker.send(client_hello)
                self.assertTrue(attacker.closed_within(15))

    def test_http_1_on_the_http_2_port(self):
        with self.bounded():
            attacker = self.connect()
            attacker.send(b"GET / HTTP/1.1\r\nHost: test\r\n\r\n")
            self.assertTrue(attacker.closed_within(15))

    def test_many_connections(self):
        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        if most != resource.RLIM_INFINITY and most < IDLE_CONNECTIONS + 1000:
            self.skipTest(f"the limit of {most} open files is too low")
        resource.setrlimit(resource.RLIMIT_NOFILE, (IDLE_CONNECTIONS + 1000, most))
        # Pings would end connections that do not answer, so this one has the default times.
        with Gateway() as roomy, contextlib.ExitStack() as connections:
            before = roomy.rss_bytes()
            with Load(roomy.client) as load:
                for _ in range(IDLE_CONNECTIONS):
                    connections.enter_context(h2.Connection(roomy.port)).open()
                load.wait_for_calls(300)
                added = roomy.rss_bytes() - before
            self.assertEqual(load.failures[:3], [])
            self.assertTrue(roomy.alive())
            if not harness.sanitized():
                bound = IDLE_CONNECTIONS * MAX_IDLE_CONNECTION_BYTES + MAX_GROWTH_BYTES
                self.assertLess(added, bound, "bytes of memory added")
            connections.close()
            with roomy.client() as kv:
                self.assertFalse(kv.call("KeyValueBasicInterface.Get", key="k").found)


harness.main(__name__)
