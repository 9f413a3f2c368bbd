"""One hand-made gRPC request through nghttp, for what grpc's own clients refuse to send."""

import re
import subprocess
import tempfile


class Answer:
    def __init__(self, fields, body):
        self.fields = fields  # of the headers and the trailers together
        self.body = body

    @property
    def grpc_status(self):
        return int(self.fields["grpc-status"])


def frame(payload, compressed=0):
    """A gRPC length-prefixed message."""
    return bytes([compressed]) + len(payload).to_bytes(4, "big") + payload


def post(address, path, body, **fields):
    """Posts gRPC bytes as they are; underscores in `fields` stand for dashes."""
    headers = {"te": "trailers", "content-type": "application/grpc"}
    headers.update((name.replace("_", "-"), value) for name, value in fields.items())
    options = [part for item in headers.items() for part in ("-H", f"{item[0]}: {item[1]}")]
    with tempfile.NamedTemporaryFile() as data:
        data.write(body)
        data.flush()
        url = f"http://{address}{path}"
        verbose = subprocess.run(["nghttp", "-nv", "--no-dep", "-t", "10", *options, "-d",
                                  data.name, url], capture_output=True, check=True)
        plain = subprocess.run(["nghttp", "--no-dep", "-t", "10", *options, "-d", data.name, url],
                               capture_output=True, check=True)
    text = re.sub(r"\x1b\[[0-9;]*m", "", verbose.stdout.decode(errors="replace"))
    found = re.findall(r"recv \(stream_id=\d+(?:, sensitive)?\) (:?[^:]+): (.*)", text)
    return Answer(dict(found), plain.stdout)
