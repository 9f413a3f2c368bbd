"""Starts the gateway under test on free ports with a configuration of its own."""

import json
import os
import sys
import tempfile
import urllib.request

import grpc

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))

import api  # noqa: E402
import harness  # noqa: E402
import processes  # noqa: E402

NAMESPACES = ("orders", "carts")


class Gateway(processes.Process):
    """`prism serve` with two MemStore namespaces. `settings` replaces top-level keys of the
    configuration. A context manager; ready to answer once constructed."""

    def __init__(self, port=None, **settings):
        self._folder = tempfile.TemporaryDirectory(prefix="prism-e2e-")
        self.port = port or processes.free_port()
        self.admin_port = processes.free_port()
        self.config = {
            "listen": f"127.0.0.1:{self.port}",
            "admin": f"127.0.0.1:{self.admin_port}",
            "workers": 2,
            "backends": {"memory": {"driver": "memstore"}},
            "namespaces": [{"name": n, "backend": "memory"} for n in NAMESPACES],
            **settings,
        }
        self.write_config()
        super().__init__(harness.program("prism"), "serve", "--config", self.config_path)
        try:
            processes.wait_for_port(self.port, self)
            if self.config["admin"] == f"127.0.0.1:{self.admin_port}":
                processes.wait_for_port(self.admin_port, self)
        except AssertionError:
            self.stop()
            raise

    @property
    def config_path(self):
        return os.path.join(self._folder.name, "prism.yaml")

    def path(self, name):
        """A place for a file of the test's own, removed with the gateway."""
        return os.path.join(self._folder.name, name)

    def write_config(self, text=None):
        """Replaces the configuration file in one step. JSON is YAML too."""
        with open(self.path("next.yaml"), "w", encoding="utf-8") as file:
            file.write(text if text is not None else json.dumps(self.config, indent=1))
        os.replace(self.path("next.yaml"), self.config_path)

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def client(self, namespace=NAMESPACES[0], timeout=10, **options):
        """A client on a connection of its own; `options` are grpc.NAME channel arguments."""
        arguments = [("grpc.use_local_subchannel_pool", 1)]
        arguments += [(f"grpc.{name}", value) for name, value in options.items()]
        return api.Client(grpc.insecure_channel(self.address, options=arguments), namespace,
                          timeout)

    def admin(self, path):
        """(status, text) of a page of the admin port."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.admin_port}{path}",
                                        timeout=10) as page:
                return page.status, page.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    def stop(self):
        code = super().stop()
        self._folder.cleanup()
        return code
