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

    def test_what_has_expired_is_swept(self):
        gateway = self.gateway(self.postgres, schema="swept")
        until(lambda: gateway.admin("/readyz")[0] == 200, "the gateway is ready")
        client = gateway.client()
        client.call("KeyValueBasicInterface.Set", key="brief", value=b"1")
        client.call("KeyValueTTLInterface.Expire", key="brief", ttl_ms=1)
        until(lambda: self.postgres.execute("SELECT count(*) FROM swept.kv") == "0", "it goes", 30)


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
