#!/usr/bin/python3
"""gRPC's own features on the gateway: compression, metadata, health, reflection, admin pages."""

import gzip
import unittest

import grpc
import raw
from google.protobuf import descriptor_pb2
from prism_server import NAMESPACES, Gateway, api, harness

BASIC = "prism.keyvalue.v1.KeyValueBasicInterface"
SCAN = "prism.keyvalue.v1.KeyValueScanInterface"
BIG = b"compressible " * 10_000

gateway = None


def setUpModule():
    global gateway
    gateway = Gateway()
    unittest.addModuleCleanup(gateway.stop)


class WireTest(unittest.TestCase):
    def setUp(self):
        self.kv = gateway.client()
        self.addCleanup(self.kv.channel.close)


class Compression(WireTest):
    def start(self, method, request_type, **fields):
        request = api.message("prism.keyvalue.v1." + request_type)(**fields)
        return self.kv.start("prism.keyvalue.v1." + method, request,
                             compression=grpc.Compression.Gzip)

    def test_unary_both_ways(self):
        self.start("KeyValueBasicInterface.Set", "SetRequest", key="z", value=BIG).result()
        self.assertEqual(self.kv.call("KeyValueBasicInterface.Get", key="z").value, BIG)
        answer = self.start("KeyValueBasicInterface.Get", "GetRequest", key="z").result()
        self.assertEqual(answer.value, BIG)

    def test_unary_answer_is_gzip_on_the_wire(self):
        self.kv.call("KeyValueBasicInterface.Set", key="z", value=BIG)
        request = raw.frame(gzip.compress(b"\x0a\x01z"), compressed=1)
        answer = raw.post(gateway.address, f"/{BASIC}/Get", request, grpc_encoding="gzip",
                          grpc_accept_encoding="gzip", prism_namespace=NAMESPACES[0])
        self.assertEqual((answer.grpc_status, answer.fields.get("grpc-encoding")), (0, "gzip"))
        self.assertEqual(answer.body[0], 1)
        self.assertLess(len(answer.body), len(BIG) // 10)
        got = api.message("prism.keyvalue.v1.GetResponse").FromString(
            gzip.decompress(answer.body[5:]))
        self.assertEqual(got.value, BIG)

    def test_not_for_callers_that_do_not_accept_it(self):
        self.kv.call("KeyValueBasicInterface.Set", key="z", value=BIG)
        request = raw.frame(gzip.compress(b"\x0a\x01z"), compressed=1)
        answer = raw.post(gateway.address, f"/{BASIC}/Get", request, grpc_encoding="gzip",
                          prism_namespace=NAMESPACES[0])
        self.assertEqual((answer.grpc_status, answer.body[0]), (0, 0))

    def test_streaming(self):
        for number in range(3):
            self.kv.call("KeyValueBasicInterface.Set", key=f"scan/{number}", value=BIG)
        pages = self.start("KeyValueScanInterface.Scan", "ScanRequest", prefix="scan/")
        self.assertEqual([e.value for page in pages for e in page.entries], [BIG] * 3)

    def test_unknown_encoding_is_refused(self):
        answer = raw.post(gateway.address, f"/{BASIC}/Get", raw.frame(b"\x0a\x01z", 1),
                          grpc_encoding="br", prism_namespace=NAMESPACES[0])
        self.assertEqual(answer.grpc_status, grpc.StatusCode.UNIMPLEMENTED.value[0])
        self.assertIn("gzip", answer.fields["grpc-accept-encoding"])

    def test_damaged_gzip(self):
        answer = raw.post(gateway.address, f"/{BASIC}/Get", raw.frame(b"not gzip", 1),
                          grpc_encoding="gzip", prism_namespace=NAMESPACES[0])
        self.assertNotEqual(answer.grpc_status, 0)

    def test_gzip_bomb_hits_the_message_limit(self):
        bomb = gzip.compress(bytes(256 << 20))
        answer = raw.post(gateway.address, f"/{BASIC}/Get", raw.frame(bomb, 1),
                          grpc_encoding="gzip", prism_namespace=NAMESPACES[0])
        self.assertEqual(answer.grpc_status, grpc.StatusCode.RESOURCE_EXHAUSTED.value[0])


class Metadata(WireTest):
    def test_binary_and_repeated_metadata_are_accepted(self):
        self.kv.call("KeyValueBasicInterface.Set", key="m", value=b"v",
                     metadata=(("any-bin", b"\0\xff\x80"), ("twice", "a"), ("twice", "b")))

    def test_malformed_binary_metadata_does_no_harm(self):
        answer = raw.post(gateway.address, f"/{BASIC}/Get", raw.frame(b"\x0a\x01m"),
                          odd_bin="!not base64!", prism_namespace=NAMESPACES[0])
        self.assertIn("grpc-status", answer.fields)


class Health(WireTest):
    def test_check_and_watch(self):
        check = self.kv.call("grpc.health.v1.Health.Check")
        self.assertEqual(check.status, 1)
        request = api.message("grpc.health.v1.HealthCheckRequest")()
        watch = self.kv.start("grpc.health.v1.Health.Watch", request)
        self.assertEqual(next(watch).status, 1)
        watch.cancel()

    def test_unknown_service(self):
        api.refusal(self, grpc.StatusCode.NOT_FOUND, self.kv.call, "grpc.health.v1.Health.Check",
                    service="no.such.Service")


class Reflection(WireTest):
    def ask(self, version, compression=None, **question):
        request = api.message(f"grpc.reflection.{version}.ServerReflectionRequest")(**question)
        answers = self.kv.start(
            f"grpc.reflection.{version}.ServerReflection.ServerReflectionInfo", iter([request]),
            compression=compression)
        return list(answers)[0]

    def each_version(self):
        for version in ("v1", "v1alpha"):
            with self.subTest(version):
                yield version

    def test_list_services(self):
        for version in self.each_version():
            answer = self.ask(version, list_services="")
            names = [s.name for s in answer.list_services_response.service]
            for name in (BASIC, SCAN, "grpc.health.v1.Health"):
                self.assertIn(name, names)

    def test_descriptors_of_a_symbol(self):
        for version in self.each_version():
            answer = self.ask(version, grpc.Compression.Gzip, file_containing_symbol=BASIC)
            files = [descriptor_pb2.FileDescriptorProto.FromString(f)
                     for f in answer.file_descriptor_response.file_descriptor_proto]
            self.assertIn("KeyValueBasicInterface", [s.name for f in files for s in f.service])

    def test_unknown_symbol(self):
        for version in self.each_version():
            answer = self.ask(version, file_containing_symbol="no.such.Thing")
            self.assertEqual(answer.error_response.error_code, 5)


class Admin(WireTest):
    def test_health_pages(self):
        for page in ("/healthz", "/readyz"):
            self.assertEqual(gateway.admin(page)[0], 200)
        self.assertEqual(gateway.admin("/nothing")[0], 404)

    def test_metrics_count_calls(self):
        self.kv.call("KeyValueBasicInterface.Set", key="m", value=b"v")
        status, text = gateway.admin("/metrics")
        self.assertEqual(status, 200)
        self.assertRegex(text, r"(?m)^prism_\w*requests\w*\{.*\} [1-9]")
        self.assertRegex(text, r"(?m)^# TYPE prism_\w+ histogram")


harness.main(__name__)
