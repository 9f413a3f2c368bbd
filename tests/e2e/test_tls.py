#!/usr/bin/python3
"""TLS at the front door: versions, ALPN, client certificates, certificates changed on the fly."""

import os
import socket
import ssl
import tempfile
import time
import unittest

import grpc
from certificates import Authority
from prism_server import NAMESPACES, Gateway, api, harness


def read(path):
    with open(path, "rb") as file:
        return file.read()


class TlsTest(unittest.TestCase):
    """A gateway with a certificate of `self.authority`; `client_ca` makes it demand the same."""

    client_certificates = False

    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="prism-tls-")
        self.addCleanup(folder.cleanup)
        self.authority = Authority(folder.name, "authority")
        self.certificate, self.key = self.authority.issue("server")
        tls = {"certificate": self.certificate, "key": self.key}
        if self.client_certificates:
            tls["client_ca"] = self.authority.path("pem")
        self.gateway = Gateway(tls=tls)
        self.addCleanup(self.gateway.stop)

    def client(self, certificate=None, key=None):
        credentials = grpc.ssl_channel_credentials(
            read(self.authority.path("pem")), key and read(key), certificate and read(certificate))
        return api.Client(grpc.secure_channel(self.gateway.address, credentials), NAMESPACES[0])

    def handshake(self, version=None, alpn=("h2",), certificate=None):
        """Returns the finished TLS socket."""
        context = ssl.create_default_context(cafile=self.authority.path("pem"))
        if version:
            context.minimum_version = context.maximum_version = version
        if alpn:
            context.set_alpn_protocols(alpn)
        if certificate:
            context.load_cert_chain(*certificate)
        plain = socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10)
        try:
            wrapped = context.wrap_socket(plain, server_hostname="127.0.0.1")
        except OSError:
            plain.close()
            raise
        self.addCleanup(wrapped.close)
        return wrapped


class Tls(TlsTest):
    def test_calls(self):
        with self.client() as kv:
            kv.call("KeyValueBasicInterface.Set", key="k", value=bytes(1 << 20))
            answer = kv.call("KeyValueBasicInterface.Get", key="k")
            self.assertEqual(answer.value, bytes(1 << 20))

    def test_versions_and_alpn(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            with self.subTest(version):
                tls = self.handshake(version)
                self.assertEqual(tls.selected_alpn_protocol(), "h2")
                self.assertEqual(tls.version(), {772: "TLSv1.3", 771: "TLSv1.2"}[int(version)])

    def test_old_versions_and_other_protocols_are_refused(self):
        with self.assertRaises(OSError):
            self.handshake(ssl.TLSVersion.TLSv1_1)
        with self.assertRaises(OSError):
            # With TLS 1.3 a client may see the refusal only when it reads.
            tls = self.handshake(alpn=("http/1.1",))
            if not tls.recv(1):
                raise ConnectionResetError

    def test_plain_text_does_no_harm(self):
        with socket.create_connection(("127.0.0.1", self.gateway.port), timeout=10) as plain:
            plain.sendall(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
            try:
                while plain.recv(4096):
                    pass
            except ConnectionResetError:
                pass
        with self.client() as kv:
            kv.call("KeyValueBasicInterface.Get", key="k")

    def test_certificates_are_reloaded(self):
        with self.client() as kv:
            kv.call("KeyValueBasicInterface.Get", key="k")
            before = self.handshake().getpeercert(True)
            certificate, key = self.authority.issue("renewed")
            os.replace(key, self.key)
            os.replace(certificate, self.certificate)
            end = time.monotonic() + 15
            while self.handshake().getpeercert(True) == before:
                self.assertLess(time.monotonic(), end, self.gateway.log())
                time.sleep(0.05)
            kv.call("KeyValueBasicInterface.Get", key="k")


class ClientCertificates(TlsTest):
    client_certificates = True

    def test_known_client_is_served(self):
        certificate, key = self.authority.issue("client")
        with self.client(certificate, key) as kv:
            kv.call("KeyValueBasicInterface.Get", key="k")

    def test_others_are_refused(self):
        folder = tempfile.TemporaryDirectory(prefix="prism-tls-")
        self.addCleanup(folder.cleanup)
        stranger = Authority(folder.name, "stranger").issue("client")
        for certificate in (None, stranger):
            with self.subTest(certificate), self.assertRaises(OSError):
                tls = self.handshake(ssl.TLSVersion.TLSv1_3, certificate=certificate)
                tls.settimeout(10)
                if not tls.recv(1):
                    raise ConnectionResetError


harness.main(__name__)
