#!/usr/bin/python3
"""What callers are told when they ask for something wrong."""

import unittest

import grpc
import raw
from prism_server import NAMESPACES, Gateway, api, harness

GET = "/prism.keyvalue.v1.KeyValueBasicInterface/Get"
SET = "KeyValueBasicInterface.Set"
MAX_MESSAGE_BYTES = 16 << 20

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway()
    unittest.addModuleCleanup(gateway.stop)


class Errors(unittest.TestCase):
    def setUp(self):
        self.kv = gateway.client(max_send_message_length=-1)
        self.addCleanup(self.kv.channel.close)

    def tearDown(self):
        # Whatever was asked, the gateway and even this connection still serve.
        self.kv.call(SET, key="after", value=b"v")

    def send(self, path, payload, **options):
        """A unary call with bytes as they are."""
        call = self.kv.channel.unary_unary(path, lambda b: b, lambda b: b)
        return call(payload, timeout=10, metadata=[(api.NAMESPACE_KEY, NAMESPACES[0])], **options)

    def test_unknown_namespace_is_named(self):
        for name in ("nowhere", "100%25 wrong %zz"):
            with gateway.client(name) as lost:
                error = api.refusal(self, grpc.StatusCode.NOT_FOUND, lost.call, SET, key="k")
                self.assertIn(name, error.details())

    def test_no_namespace(self):
        with gateway.client(None) as lost:
            error = api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, lost.call, SET, key="k")
            self.assertIn(api.NAMESPACE_KEY, error.details())

    def test_unknown_methods_and_interfaces(self):
        for path in ("/prism.keyvalue.v1.KeyValueBasicInterface/Nothing",
                     "/prism.keyvalue.v1.NoSuchInterface/Get", "/nothing.Service/Method", "/x"):
            with self.subTest(path):
                api.refusal(self, grpc.StatusCode.UNIMPLEMENTED, self.send, path, b"")

    def test_undecodable_messages(self):
        not_utf8 = b"\x0a\x02\xff\xfe"
        for payload in (b"\xff", b"\x0a\x7fshort", not_utf8):
            with self.subTest(payload):
                api.refusal(self, grpc.StatusCode.INVALID_ARGUMENT, self.send, GET, payload)

    def test_too_large_message(self):
        error = api.refusal(self, grpc.StatusCode.RESOURCE_EXHAUSTED, self.kv.call, SET, key="k",
                            value=bytes(MAX_MESSAGE_BYTES + 1))
        self.assertIn(str(MAX_MESSAGE_BYTES), error.details())

    def test_expired_deadline(self):
        answer = raw.post(gateway.address, GET, raw.frame(b"\x0a\x01k"), grpc_timeout="1n",
                          prism_namespace=NAMESPACES[0])
        self.assertEqual(answer.grpc_status, grpc.StatusCode.DEADLINE_EXCEEDED.value[0])

    def test_malformed_timeouts_are_errors(self):
        for timeout in ("soon", "123456789S", "1", "-1S"):
            with self.subTest(timeout):
                answer = raw.post(gateway.address, GET, raw.frame(b"\x0a\x01k"),
                                  grpc_timeout=timeout, prism_namespace=NAMESPACES[0])
                self.assertNotEqual(answer.grpc_status, 0)

    def test_other_content_types(self):
        answer = raw.post(gateway.address, GET, b"{}", content_type="application/json")
        self.assertEqual(answer.fields[":status"], "415")

    def test_message_count_of_unary_calls(self):
        one = raw.frame(b"\x0a\x01k")
        for body in (b"", one + one, one[:4], one[:-1]):
            with self.subTest(body):
                answer = raw.post(gateway.address, GET, body, prism_namespace=NAMESPACES[0])
                self.assertNotEqual(answer.grpc_status, 0)


harness.main(__name__)
