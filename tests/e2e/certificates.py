"""Makes certificates for the TLS tests with the openssl program."""

import os
import subprocess


class Authority:
    """A certificate authority in a folder; certificates are valid for one day."""

    def __init__(self, folder, name):
        self.folder = folder
        self.name = name
        self._run("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                  "-keyout", self.path("key"), "-out", self.path("pem"), "-days", "1", "-subj",
                  f"/CN={name}")

    def path(self, extension):
        return os.path.join(self.folder, f"{self.name}.{extension}")

    def issue(self, name):
        """Returns the paths of a new certificate for 127.0.0.1 and localhost, and of its key."""
        base = os.path.join(self.folder, name)
        with open(base + ".ext", "w", encoding="ascii") as extensions:
            extensions.write("subjectAltName=IP:127.0.0.1,DNS:localhost\n")
        self._run("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                  base + ".key", "-out", base + ".csr", "-subj", f"/CN={name}")
        self._run("x509", "-req", "-in", base + ".csr", "-CA", self.path("pem"), "-CAkey",
                  self.path("key"), "-CAcreateserial", "-days", "1", "-extfile", base + ".ext",
                  "-out", base + ".pem")
        return base + ".pem", base + ".key"

    @staticmethod
    def _run(*arguments):
        subprocess.run(["openssl", *arguments], check=True, capture_output=True)
