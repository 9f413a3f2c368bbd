#!/usr/bin/python3
"""SIGTERM: calls that have begun are answered, and no call fails while a successor takes over."""

import signal
import unittest

from load import Load
from prism_server import Gateway, api, harness


class SharedLoad(Load):
    """Load on two gateways in turn, which do not share their memory: only a wrong value counts."""

    @staticmethod
    def wrong(answer, value):
        return answer.found and answer.value != value


class Drain(unittest.TestCase):
    def start(self, **settings):
        gateway = Gateway(**settings)
        self.addCleanup(gateway.stop)
        return gateway

    def test_no_call_fails_under_load(self):
        old = self.start()
        with SharedLoad(old.client) as load:
            # The successor listens on the same address, as in a rolling restart.
            self.start(port=old.port)
            old.signal(signal.SIGTERM)
            self.assertEqual(old.wait(), 0, old.log())
            load.wait_for_calls(500)
        self.assertEqual(load.failures, [])

    def test_a_stream_that_has_begun_is_finished(self):
        gateway = self.start()
        with gateway.client(timeout=60) as kv:
            rows = [{"key": f"{n:05}", "value": bytes(4096)} for n in range(3000)]
            for first in range(0, len(rows), 1000):
                kv.call("KeyValueBatchInterface.BatchSet", entries=rows[first:first + 1000])
            request = api.message(api.KV + "ScanRequest")()
            pages = kv.start(api.KV + "KeyValueScanInterface.Scan", request)
            count = len(next(pages).entries)
            gateway.signal(signal.SIGTERM)
            count += sum(len(page.entries) for page in pages)
        self.assertEqual(count, len(rows))
        self.assertEqual(gateway.wait(), 0, gateway.log())

    def test_calls_that_do_not_end_are_cut_off_and_told(self):
        gateway = self.start(drain_timeout="200ms")
        with gateway.client(timeout=60) as client:
            request = api.message("prism.pubsub.v1.SubscribeRequest")(topic="t")
            events = client.start("prism.pubsub.v1.PubSubBasicInterface.Subscribe", request)
            self.assertTrue(next(events).HasField("subscribed"))
            # A subscription does not end by itself.
            gateway.signal(signal.SIGTERM)
            self.assertEqual(gateway.wait(), 3, gateway.log())
        self.assertIn("drain_timeout has passed", gateway.log())

    def test_idle_gateway_ends_at_once(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            gateway = self.start()
            with gateway.client() as kv:
                kv.call("KeyValueBasicInterface.Get", key="k")
                gateway.signal(number)
                self.assertEqual(gateway.wait(5), 0, gateway.log())


harness.main(__name__)
