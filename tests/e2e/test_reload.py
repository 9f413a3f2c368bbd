#!/usr/bin/python3
"""A changed configuration takes effect without a failed call; a bad one changes nothing."""

import signal
import time
import unittest

import grpc
from load import Load
from prism_server import Gateway, api, harness


class Reload(unittest.TestCase):
    def setUp(self):
        self.gateway = Gateway()
        self.addCleanup(self.gateway.stop)

    def serves(self, namespace):
        """Whether a call to the namespace is answered, rather than refused as unknown."""
        with self.gateway.client(namespace) as kv:
            try:
                kv.call("KeyValueBasicInterface.Get", key="k")
                return True
            except grpc.RpcError as error:
                if error.code() != grpc.StatusCode.NOT_FOUND:
                    raise
                return False

    def eventually(self, condition, text):
        end = time.monotonic() + 15
        while not condition():
            self.assertLess(time.monotonic(), end, f"{text}\n{self.gateway.log()}")
            time.sleep(0.02)

    def set_namespaces(self, *names):
        self.gateway.config["namespaces"] = [{"name": n, "backend": "memory"} for n in names]
        self.gateway.write_config()

    def test_no_call_fails_under_load(self):
        with Load(self.gateway.client) as load:
            for turn in range(10):
                added = f"added-{turn}"
                self.set_namespaces("orders", added)
                self.gateway.signal(signal.SIGHUP)
                self.eventually(lambda name=added: self.serves(name), f"no {added}")
                load.wait_for_calls(50)
        self.assertEqual(load.failures, [])
        self.assertFalse(self.serves("added-0"))

    def test_data_survives(self):
        with self.gateway.client() as kv:
            kv.call("KeyValueBasicInterface.Set", key="k", value=b"kept")
            self.set_namespaces("orders", "more")
            self.gateway.signal(signal.SIGHUP)
            self.eventually(lambda: self.serves("more"), "no reload")
            self.assertEqual(kv.call("KeyValueBasicInterface.Get", key="k").value, b"kept")

    def test_a_missing_certificate_changes_nothing(self):
        already = len(self.gateway.log())
        self.gateway.config["tls"] = {"certificate": "missing.pem", "key": "missing.key"}
        self.set_namespaces("other")
        self.gateway.signal(signal.SIGHUP)
        self.eventually(lambda: "the old one stays" in self.gateway.log()[already:], "no word")
        self.assertTrue(self.serves("orders"))
        self.assertFalse(self.serves("other"))

    def test_the_last_of_many_changes_counts(self):
        for number in range(20):
            self.set_namespaces("orders", f"turn-{number}")
            self.gateway.signal(signal.SIGHUP)
        self.eventually(lambda: self.serves("turn-19"), "the last change was lost")

    def test_file_change_is_noticed(self):
        self.set_namespaces("orders", "noticed")
        self.eventually(lambda: self.serves("noticed"), "the change was not noticed")

    def test_bad_files_are_refused(self):
        unknown_key = "listne: 127.0.0.1:1\n"
        for text in (unknown_key, "namespaces: [", "", "namespaces: 7\n"):
            with self.subTest(text):
                already = len(self.gateway.log())
                self.gateway.write_config(text)
                self.gateway.signal(signal.SIGHUP)
                self.eventually(lambda start=already: "prism.yaml" in self.gateway.log()[start:],
                                "no word about the bad file")
                self.assertTrue(self.serves("orders"))
        self.set_namespaces("orders", "repaired")
        self.gateway.signal(signal.SIGHUP)
        self.eventually(lambda: self.serves("repaired"), "no reload after the repair")

    def test_a_call_in_progress_keeps_its_namespace(self):
        with self.gateway.client(timeout=60) as kv:
            rows = [{"key": f"{n:05}", "value": bytes(4096)} for n in range(3000)]
            for first in range(0, len(rows), 1000):
                kv.call("KeyValueBatchInterface.BatchSet", entries=rows[first:first + 1000])
            request = api.message(api.KV + "ScanRequest")()
            pages = kv.start(api.KV + "KeyValueScanInterface.Scan", request)
            count = len(next(pages).entries)
            self.set_namespaces("carts")
            self.gateway.signal(signal.SIGHUP)
            self.eventually(lambda: not self.serves("orders"), "the namespace is still there")
            self.assertEqual(count + sum(len(page.entries) for page in pages), len(rows))


harness.main(__name__)
