#!/usr/bin/python3
"""The driver `postgres` against a real server: every contract that it claims, and its loss."""

import json
import os
import subprocess
import tempfile
import threading
import unittest

import grpc
from servers import Gateway, Postgres, harness, until


class PostgresTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.postgres = cls.enterClassContext(Postgres())

    def gateway(self, postgres, **settings):
        backends = {"store": {"driver": "postgres", "url": postgres.url, **settings}}
        return self.enterContext(
            Gateway(backends=backends, namespaces=[{"name": "orders", "backend": "store"}]))

    def test_conforms(self):
        folder = self.enterContext(tempfile.TemporaryDirectory(prefix="prism-postgres-test-"))
        path = os.path.join(folder, "prism.yaml")
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"backends": {"store": {"driver": "postgres", "url": self.postgres.url}},
                       "namespaces": [{"name": "orders", "backend": "store"},
                                      {"name": "carts", "backend": "store"}]}, file)
        done = subprocess.run(
            [harness.program("prism"), "conformance", "--config", path, "-n", "orders",
             "--other-namespace", "carts", "--output", "json"],
            capture_output=True, text=True, timeout=300, check=False)
        self.assertIn(done.returncode, (0, 1), done.stderr)
        report = json.loads(done.stdout)
        for interface in report["interfaces"]:
            for case in interface["cases"]:
                with self.subTest(interface=interface["interface"], case=case["name"]):
                    self.assertNotEqual(case["result"], "failed", case["failures"])
        self.assertGreater(sum(each["claimed"] for each in report["interfaces"]), 0)

    def test_many_gateways_make_the_schema_together(self):
        gateways = [self.gateway(self.postgres, schema="together") for _ in range(3)]
        for gateway in gateways:
            until(lambda g=gateway: g.admin("/readyz")[0] == 200, "the gateway is ready")
        applied = self.postgres.execute("SELECT version FROM together.migrations ORDER BY 1").split()
        self.assertEqual(applied, [str(i + 1) for i in range(len(applied))])

    def test_a_schema_of_a_later_release_is_refused(self):
        self.postgres.execute("CREATE SCHEMA later; CREATE TABLE later.migrations (version integer);"
                              "INSERT INTO later.migrations VALUES (1000)")
        gateway = self.gateway(self.postgres, schema="later")
        until(lambda: "later release" in gateway.admin("/readyz")[1], "the reason is told")

    def test_counts_on_while_the_server_dies(self):
        postgres = self.enterContext(Postgres("-c", "synchronous_commit=on"))
        gateway = self.gateway(postgres)
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client, done, acknowledged = gateway.client(), threading.Event(), []
        client.call("KeyValueBasicInterface.Set", key="count", value=b"0")
        counter = threading.Thread(target=count_up, args=(client, done, acknowledged))
        counter.start()
        for _ in range(2):
            before = len(acknowledged)
            until(lambda n=before: len(acknowledged) > n + 50, "it counts")
            postgres.kill()
            until(lambda: gateway.admin("/readyz")[0] == 503, "the loss is noticed")
            postgres.start()
        before = len(acknowledged)
        until(lambda: len(acknowledged) > before + 50, "it goes on counting")
        done.set()
        counter.join(30)
        value = int(client.call("KeyValueBasicInterface.Get", key="count").value)
        self.assertEqual(value, acknowledged[-1], "nothing was lost")
        self.assertEqual(acknowledged, sorted(set(acknowledged)), "nothing came twice")
        self.assertIn("fsync off", gateway.admin("/status")[1])

    def test_a_statement_that_nobody_waits_for_is_cancelled(self):
        gateway = self.gateway(self.postgres, schema="cancelled")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        client.call("KeyValueBasicInterface.Set", key="held", value=b"1")
        hold = "BEGIN; SELECT value FROM cancelled.kv FOR UPDATE; SELECT pg_sleep(6)"
        holder = threading.Thread(target=self.postgres.execute, args=(hold,))
        holder.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        sleeps = ("SELECT count(*) FROM pg_stat_activity "
                  "WHERE wait_event = 'PgSleep' AND query LIKE '%cancelled.kv%'")
        until(lambda: self.postgres.execute(sleeps) == "1", "the row is locked")
        client.timeout = 1
        with self.assertRaises(grpc.RpcError) as raised:
            client.call("KeyValueBasicInterface.Set", key="held", value=b"2")
        self.assertEqual(raised.exception.code(), grpc.StatusCode.DEADLINE_EXCEEDED)
        until(lambda: self.postgres.execute(waits) == "0", "the server has ended it", 3)
        client.timeout = 10
        holder.join(20)
        self.assertEqual(client.call("KeyValueBasicInterface.Get", key="held").value, b"1")

    def test_a_held_row_delays_others_no_longer_than_its_callers_deadline(self):
        gateway = self.gateway(self.postgres, schema="line", max_connections=1)
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client, impatient = gateway.client(), gateway.client()
        for key in ("held", "free"):
            client.call("KeyValueBasicInterface.Set", key=key, value=b"1")
        hold = "BEGIN; SELECT value FROM line.kv WHERE key = 'held' FOR UPDATE; SELECT pg_sleep(8)"
        holder = threading.Thread(target=self.postgres.execute, args=(hold,))
        holder.start()
        sleeps = ("SELECT count(*) FROM pg_stat_activity "
                  "WHERE wait_event = 'PgSleep' AND query LIKE '%line.kv%'")
        until(lambda: self.postgres.execute(sleeps) == "1", "the row is locked")
        impatient.timeout, done, cut = 0.05, threading.Event(), []
        cutter = threading.Thread(target=give_up_again_and_again, args=(impatient, done, cut))
        cutter.start()
        client.timeout, written = 5, 0
        while len(cut) < 20:
            answer = client.call("KeyValueCasInterface.SetIfAbsent", key=f"free{written}", value=b"1")
            self.assertTrue(answer.stored, "applied twice, or by somebody else")
            written += 1
        done.set()
        cutter.join(10)
        self.assertGreater(written, 20)
        self.assertEqual(set(cut), {grpc.StatusCode.DEADLINE_EXCEEDED})
        holder.join(20)

    def test_what_has_expired_is_swept(self):
        gateway = self.gateway(self.postgres, schema="swept")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        client.call("KeyValueBasicInterface.Set", key="brief", value=b"1")
        client.call("KeyValueTTLInterface.Expire", key="brief", ttl_ms=1)
        until(lambda: self.postgres.execute("SELECT count(*) FROM swept.kv") == "0", "it goes", 30)


def give_up_again_and_again(client, done, codes):
    """Writes a row that somebody else holds, each time until the client's deadline."""
    while not done.is_set():
        try:
            client.call("KeyValueBasicInterface.Set", key="held", value=b"2")
        except grpc.RpcError as error:
            codes.append(error.code())


def count_up(client, done, acknowledged):
    """Increments "count" by compare-and-swap until told to end. After a failure of unknown outcome
    it reads where it is."""
    value = 0
    while not done.is_set():
        try:
            answer = client.call("KeyValueCasInterface.CompareAndSwap", key="count",
                                 expected=str(value).encode(), value=str(value + 1).encode())
        except grpc.RpcError:
            continue
        if answer.swapped:
            value += 1
            acknowledged.append(value)
        else:
            value = int(answer.actual)


if __name__ == "__main__":
    harness.main(__name__)
