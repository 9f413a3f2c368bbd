"""Calls any rpc of proto/ through Debian's Python gRPC, an implementation independent of ours.

Messages come from descriptors that protoc makes when the tests start, so there is no generated
code, and packages named grpc.* do not hide the grpc module.
"""

import glob
import os
import subprocess
import sys
import tempfile

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import harness  # noqa: E402

KV = "prism.keyvalue.v1."
NAMESPACE_KEY = "prism-namespace"


def _load_pool():
    proto = os.path.join(harness.ROOT, "proto")
    files = glob.glob(proto + "/**/*.proto", recursive=True)
    with tempfile.NamedTemporaryFile(suffix=".pb") as out:
        subprocess.run(["protoc", f"-I{proto}", "--include_imports",
                        f"--descriptor_set_out={out.name}", *files], check=True)
        descriptors = descriptor_pb2.FileDescriptorSet.FromString(out.read())
    pool = descriptor_pool.DescriptorPool()
    for file in descriptors.file:
        pool.Add(file)
    return pool


_POOL = _load_pool()
_FACTORY = message_factory.MessageFactory(_POOL)


def message(name):
    """The class of a message by its full name."""
    return _FACTORY.GetPrototype(_POOL.FindMessageTypeByName(name))


class Client:
    """Calls to one channel and, if given, one namespace. A context manager that closes it."""

    def __init__(self, channel, namespace=None, timeout=10):
        self.channel = channel
        self.namespace = namespace
        self.timeout = timeout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.channel.close()

    def start(self, method, request, metadata=(), **options):
        """Starts "package.Service.Method" with a message, or an iterator of them if the rpc
        streams requests. Unary: returns the grpc future; else the iterator of responses."""
        rpc = _POOL.FindMethodByName(method)
        kind = ("stream" if rpc.client_streaming else "unary") + "_" + (
            "stream" if rpc.server_streaming else "unary")
        path = f"/{rpc.containing_service.full_name}/{rpc.name}"
        callable_ = getattr(self.channel, kind)(
            path, lambda m: m.SerializeToString(),
            _FACTORY.GetPrototype(rpc.output_type).FromString)
        if self.namespace is not None:
            metadata = ((NAMESPACE_KEY, self.namespace), *metadata)
        options.setdefault("timeout", self.timeout)
        start = callable_ if rpc.server_streaming else callable_.future
        return start(request, metadata=metadata, **options)

    def call(self, method, metadata=(), **fields):
        """Calls an rpc with one request of `fields`; returns its response, or for a streaming rpc
        the list of them. `method` is relative to prism.keyvalue.v1 unless it says otherwise."""
        full = method if method.startswith(("grpc.", "prism.")) else KV + method
        rpc = _POOL.FindMethodByName(full)
        request = _FACTORY.GetPrototype(rpc.input_type)(**fields)
        outcome = self.start(full, request, metadata)
        return list(outcome) if rpc.server_streaming else outcome.result()


def refusal(case, code, function, *args, **kwargs):
    """Asserts that the call fails with `code` and returns its grpc.RpcError."""
    with case.assertRaises(grpc.RpcError) as caught:
        function(*args, **kwargs)
    case.assertEqual(caught.exception.code(), code, caught.exception.details())
    return caught.exception
