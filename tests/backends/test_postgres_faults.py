#!/usr/bin/python3
"""The faults of faults.py, with a Postgres, and what else may go wrong with one."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest

import grpc
from servers import POSTGRES_PROGRAMS, Gateway, Postgres, harness, until
from certificates import Authority
from faults import DEADLINE_S, GRACE_S, KV, FaultCases, found, read, request_of, subscribed

SCAN = "KeyValueScanInterface."
CAS = "KeyValueCasInterface."
STREAM = "prism.stream.v1.Stream"
FEW_CONNECTIONS = ("-c", "max_connections=8", "-c", "superuser_reserved_connections=0")
OF_GATEWAY = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'prism'"


class PostgresKind:
    driver = "postgres"
    waits_go_on = True  # if what they wait on is lost and back at once
    impatient = {"response_timeout_ms": "1000", "statement_timeout_ms": "900"}
    # Nothing that it might say; a type that it has, with a length that is none, or that never
    # comes; an error without fields; an answer that nobody has asked for.
    garbage = (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x00\xff" * 1000, b"D\x00\x00\x00\x01",
               b"D\x7f\xff\xff\xff", b"E\x00\x00\x00\x05\x00", b"W\x00\x00\x00\x04",
               b"x\x00\x00\x00\x04")

    @staticmethod
    def server():
        return Postgres()

    @staticmethod
    def durable():
        return Postgres("-c", "fsync=on", "-c", "synchronous_commit=on")

    @staticmethod
    def url(port):
        return f"postgres://prism@127.0.0.1:{port}/prism"

    @staticmethod
    def append(client, item):
        """What was not there can be made once: who is told that it was there is told wrongly."""
        answer = client.call(CAS + "CompareAndSwap", key="item-" + item, value=b"1")
        return None if answer.swapped else f"{item} came twice"

    @staticmethod
    def items(client):
        pages = read(client, SCAN + "ScanKeys", prefix="item-")
        return [key.removeprefix("item-") for page in pages for key in page.keys]

    @staticmethod
    def wait(client, _server, count):
        """Calls that wait for what others write, as functions that return their answers."""
        client.call(STREAM + "BasicInterface.Append", stream="s", payload=b"first")
        client.call(STREAM + "ConsumerGroupsInterface.CreateConsumerGroup", stream="s", group="g",
                    start="NEXT")
        follow = request_of("Read", "stream", stream="s", follow=True)
        waiting = []
        for number in range(count // 2):
            join = request_of("JoinConsumerGroup", "stream", stream="s", group="g",
                              member=str(number))
            for method, request in (("BasicInterface.Read", follow),
                                    ("ConsumerGroupsInterface.JoinConsumerGroup", join)):
                stream = client.start(STREAM + method, request)
                next(stream)
                waiting.append(stream.__next__)
        return waiting

    @staticmethod
    def write(client):
        """Whether what every other one of them waits for was written."""
        try:
            client.call(STREAM + "BasicInterface.Append", stream="s", payload=b"again")
            return True
        except grpc.RpcError:
            return False


class PostgresFaults(FaultCases, unittest.TestCase):
    kind = PostgresKind

    def started(self, server, **settings):
        gateway = self.enterContext(self.gateway_on(server.port, **settings))
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        return gateway

    def test_what_no_standby_has_is_not_acknowledged(self):
        """A server that gives up to wait for its standbys warns, and answers with success."""
        with Postgres() as server:
            client = self.started(server).client(timeout=20)
            server.execute("ALTER SYSTEM SET synchronous_standby_names = 'nobody'")
            server.execute("SELECT pg_reload_conf()")
            time.sleep(0.5)
            call = client.start("prism.keyvalue.v1." + KV + "Set",
                                request_of("Set", "keyvalue", key="k", value=b"v"))
            cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            until(lambda: server.execute(cancel) is None or call.done(), "it is answered")
            with self.assertRaises(grpc.RpcError) as told:
                call.result()
            self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)
            self.assertIn("may have been applied", told.exception.details())
            self.assertEqual(read(client, KV + "Get", key="k").value, b"v")

    def test_a_silent_host_is_not_the_last_one(self):
        with Postgres() as server, socket.create_server(("127.0.0.1", 0)) as silent:
            hosts = f"127.0.0.1:{silent.getsockname()[1]},localhost:{server.port}"
            backends = {"store": {"driver": "postgres", "connect_timeout_ms": "2000",
                                  "url": f"postgres://prism@{hosts}/prism"}}
            gateway = self.enterContext(
                Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))
            until(lambda: gateway.admin("/readyz")[0] == 200, "the other one is found")

    def test_no_connection_is_left(self):
        with Postgres(*FEW_CONNECTIONS) as server:
            with occupied(server, 8), self.gateway_on(server.port) as gateway:
                client = gateway.client(timeout=DEADLINE_S)
                with self.assertRaises(grpc.RpcError) as refused:
                    client.call(KV + "Get", key="k")
                self.assertEqual(refused.exception.code(), grpc.StatusCode.UNAVAILABLE)
                self.assertIn("too many clients", refused.exception.details())
                self.assertIn("max_connections", all_told(refused.exception))
                server.free()
                until(lambda: found(client, "k") is False, "it gets a connection")

    def test_no_further_connection_is_left(self):
        with Postgres(*FEW_CONNECTIONS) as server:
            gateway = self.started(server, max_connections="8")
            client = gateway.client(timeout=20)
            for n in range(2):
                client.call(KV + "Set", key=f"k{n}", value=b"1")
            with occupied(server, 8 - int(server.execute(OF_GATEWAY))):
                sets = [client.start("prism.keyvalue.v1." + KV + "Set", set_of(str(n)))
                        for n in range(2000)]
                for each in sets:
                    each.result()
                self.assertEqual(gateway.admin("/readyz")[0], 200)

    def test_all_connections_are_busy(self):
        with Postgres() as server:
            gateway = self.started(server, max_connections="1")
            client = gateway.client(timeout=None)
            client.call(KV + "Set", key="k", value=b"0")
            with locked(server, "prism.kv"):
                begun = time.monotonic()
                calls = [client.start("prism.keyvalue.v1." + KV + "Set", set_of("k"),
                                      metadata=(("grpc-timeout", "1500m"),)) for _ in range(700)]
                refusals = [call.exception() for call in calls]
                self.assertLess(time.monotonic() - begun, 1.5 + GRACE_S)
            busy = [each for each in refusals if each.code() == grpc.StatusCode.RESOURCE_EXHAUSTED]
            late = [each for each in refusals if each.code() == grpc.StatusCode.DEADLINE_EXCEEDED]
            self.assertEqual(len(busy) + len(late), 700)
            self.assertGreater(len(busy), 100, late[0].details())
            self.assertIn("max_connections", all_told(busy[0]))
            until(lambda: found(client, "k"), "it goes on")

    def test_whoever_hangs_up_ends_the_statement(self):
        with Postgres() as server:
            client = self.started(server).client(timeout=30)
            client.call(KV + "Set", key="k", value=b"0")
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            with locked(server, "prism.kv"):
                call = client.start("prism.keyvalue.v1." + KV + "Set", set_of("k"))
                until(lambda: server.execute(waiting) == "1", "the statement waits")
                call.cancel()
                until(lambda: server.execute(waiting) == "0", "the server has ended it", 5)
            self.assertEqual(client.call(KV + "Get", key="k").value, b"0")

    def test_a_silent_server_is_noticed_by_itself(self):
        with Postgres() as server:
            store = {"driver": "postgres", "url": server.url, "connect_timeout_ms": "1000"}
            gateway = self.enterContext(Gateway(
                backends={"store": store}, namespaces=[{"name": "orders", "backend": "store"}]))
            until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
            client = gateway.client(timeout=30)
            subscription = subscribed(client)
            with server.paused():
                until(lambda: gateway.admin("/readyz")[0] == 503, "the silence is noticed", 10)
                with self.assertRaises(grpc.RpcError) as told:
                    next(subscription)
                self.assertEqual(told.exception.code(), grpc.StatusCode.UNAVAILABLE)
            until(lambda: gateway.admin("/readyz")[0] == 200, "it is found again")


class PostgresOverTls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="prism-postgres-tls-"))
        os.chmod(cls.folder, 0o755)
        cls.authority, cls.other = Authority(cls.folder, "ca"), Authority(cls.folder, "other")
        certificate, key = cls.authority.issue("server")
        if os.geteuid() == 0:
            shutil.chown(key, "postgres")
        os.chmod(key, 0o600)
        cls.server = cls.enterClassContext(Postgres(
            "-c", "ssl=on", "-c", f"ssl_cert_file={certificate}", "-c", f"ssl_key_file={key}"))

    def gateway_with(self, host, authority):
        url = (f"postgres://prism@{host}:{self.server.port}/prism?hostaddr=127.0.0.1"
               f"&sslmode=verify-full&sslrootcert={authority.path('pem')}")
        return self.enterContext(Gateway(backends={"store": {"driver": "postgres", "url": url}},
                                         namespaces=[{"name": "orders", "backend": "store"}]))

    def test_the_right_one_is_trusted(self):
        gateway = self.gateway_with("localhost", self.authority)
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        self.assertIsNotNone(subscribed(gateway.client()))
        clear = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) " \
                "WHERE application_name = 'prism' AND NOT ssl"
        self.assertEqual(self.server.execute(clear), "0")

    def test_another_authority_is_refused(self):
        gateway = self.gateway_with("localhost", self.other)
        until(lambda: "certificate verify failed" in gateway.admin("/readyz")[1],
              "the reason is told")
        self.assertEqual(refusal_of(gateway).code(), grpc.StatusCode.UNAVAILABLE)

    def test_another_name_is_refused(self):
        gateway = self.gateway_with("another.example", self.authority)
        until(lambda: "another.example" in gateway.admin("/readyz")[1], "the reason is told")
        self.assertIn('does not match host name "another.example"',
                      refusal_of(gateway).details())


def refusal_of(gateway):
    """The error of a call that fails."""
    try:
        gateway.client(timeout=DEADLINE_S).call(KV + "Get", key="k")
    except grpc.RpcError as error:
        return error
    raise AssertionError("the call is answered")


def all_told(error):
    """The texts of an error, with its details."""
    trailers = (value for _, value in error.trailing_metadata())
    return " ".join(v.decode(errors="replace") if isinstance(v, bytes) else v for v in trailers)


def set_of(key):
    return request_of("Set", "keyvalue", key=key, value=b"1")


def psql(server, sql):
    """A session of its own that runs `sql`."""
    return subprocess.Popen(
        [f"{POSTGRES_PROGRAMS}/psql", "-q", "-c", sql, server.url],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def occupied(server, count):
    """Sessions that are there until the end, or until somebody ends them with `free`."""
    sessions = [psql(server, "SELECT pg_sleep(60)") for _ in range(count)]

    def free():
        for session in sessions:
            session.send_signal(signal.SIGINT)  # which ends the statement, too
            session.wait()

    server.free = free
    try:
        time.sleep(0.5)
        yield
    finally:
        free()


@contextlib.contextmanager
def locked(server, table):
    """A table that nobody else can read or write."""
    session = psql(server, f"BEGIN; LOCK TABLE {table}; SELECT pg_sleep(60)")
    sleeps = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    try:
        until(lambda: server.execute(sleeps) == "1", "it is locked")
        yield
    finally:
        server.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                       "WHERE wait_event = 'PgSleep'")
        session.wait()


if __name__ == "__main__":
    harness.main(__name__)
