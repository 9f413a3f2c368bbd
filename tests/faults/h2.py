"""HTTP/2 frames made by hand, for connections that break the rules."""

import os
import socket
import struct
import time

PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, WINDOW_UPDATE, CONTINUATION = (
    0, 1, 3, 4, 6, 7, 8, 9)
END_STREAM, ACK, END_HEADERS = 1, 1, 4
INITIAL_WINDOW_SIZE = 4
CANCEL = 8


def frame(kind, flags=0, stream=0, payload=b""):
    return struct.pack(">I", len(payload))[1:] + struct.pack(">BBI", kind, flags, stream) + payload


def settings(**values):
    """A SETTINGS frame; values by lower-case name, of which only this one is needed."""
    numbers = {"initial_window_size": INITIAL_WINDOW_SIZE}
    return frame(SETTINGS, payload=b"".join(
        struct.pack(">HI", numbers[name], value) for name, value in values.items()))


def _hpack_length(size):
    """A string's length: 7 bits, then continued in groups of 7."""
    if size < 127:
        return bytes([size])
    size -= 127
    out = bytearray([127])
    while size >= 128:
        out.append(size % 128 | 128)
        size //= 128
    out.append(size)
    return bytes(out)


def hpack(name, value, indexed=False):
    """A literal header field, without Huffman coding; `indexed` adds it to the dynamic table."""
    name, value = name.encode(), value if isinstance(value, bytes) else value.encode()
    return (b"\x40" if indexed else b"\x00") + (
        _hpack_length(len(name)) + name + _hpack_length(len(value)) + value)


FIRST_DYNAMIC = b"\xbe"  # the indexed field 62: the newest entry of the dynamic table


def request_block(path, namespace):
    """The header block of a gRPC request."""
    fields = ((":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "test"),
              ("te", "trailers"), ("content-type", "application/grpc"),
              ("prism-namespace", namespace))
    return b"".join(hpack(*field) for field in fields)


def request(stream, block, message):
    """A whole gRPC request with one message."""
    body = b"\0" + len(message).to_bytes(4, "big") + message
    return (frame(HEADERS, END_HEADERS, stream, block)
            + frame(DATA, END_STREAM, stream, body))


class Connection:
    """A raw connection to 127.0.0.1. A context manager."""

    def __init__(self, port, receive_buffer=None):
        self.sock = socket.socket()
        if receive_buffer:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.sock.settimeout(10)
        self.sock.connect(("127.0.0.1", port))
        self.input = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.sock.close()

    def open(self, **values):
        """Sends the preface and SETTINGS, as a client that behaves does first."""
        self.send(PREFACE + settings(**values) + frame(SETTINGS, ACK))
        return self

    def send(self, data):
        """Sends all of it, unless the server has hung up: then returns False."""
        try:
            self.sock.sendall(data)
            return True
        except (BrokenPipeError, ConnectionResetError, socket.timeout):
            return False

    def drop_input(self):
        """Throws away what has arrived, without waiting."""
        self.sock.setblocking(False)
        try:
            while self.sock.recv(1 << 16):
                pass
        except OSError:
            pass
        self.sock.settimeout(10)

    def frames(self, timeout):
        """Yields (kind, stream, payload) of the server's frames, each awaited for `timeout` s."""
        self.sock.settimeout(timeout)
        while True:
            header = self._receive(9)
            size = int.from_bytes(header[:3], "big")
            stream = int.from_bytes(header[5:], "big")
            yield header[3], stream, self._receive(size)

    def _receive(self, size):
        while len(self.input) < size:
            more = self.sock.recv(1 << 16)
            if not more:
                raise ConnectionError("the server has hung up")
            self.input += more
        data, self.input = self.input[:size], self.input[size:]
        return data

    def closed_within(self, seconds):
        """Whether the server ends the connection in that time; input is thrown away."""
        end = time.monotonic() + seconds
        try:
            while (left := end - time.monotonic()) > 0:
                self.sock.settimeout(left)
                if not self.sock.recv(1 << 16):
                    return True
        except socket.timeout:
            return False
        except OSError:
            return True
        return False


def reset_peak(pid):
    """Makes peak_bytes count from now on."""
    with open(f"/proc/{pid}/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def peak_bytes(pid):
    """The most resident memory since reset_peak."""
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        for line in file:
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    raise OSError(f"no VmHWM in /proc/{pid}/status on {os.uname().release}")
