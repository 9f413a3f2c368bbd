#!/usr/bin/python3
"""The faults of faults.py, with a Redis."""

import unittest

from faults import FaultCases, read, request_of
from servers import Redis, find, harness, until

LIST = "prism.list.v1.ListBasicInterface."
BLOCKING = "prism.list.v1.ListBlockingInterface."


def setUpModule():
    find("redis-server")


class RedisKind:
    driver = "redis"
    waits_go_on = False
    impatient = {"response_timeout_ms": "1000"}
    garbage = (b"HTTP/1.1 400 Bad Request\r\n\r\n", b"$-7\r\n", b"*9999999999\r\n",
               b"\x00\xff" * 1000, b"$5\r\nhello world\r\n")

    @staticmethod
    def server():
        return Redis()

    @staticmethod
    def durable():
        return Redis("--save", "", "--appendonly", "yes", "--appendfsync", "always")

    @staticmethod
    def url(port):
        return f"redis://127.0.0.1:{port}"

    @staticmethod
    def append(client, item):
        client.call(LIST + "PushRight", list="items", values=[item.encode()])

    @staticmethod
    def items(client):
        """The elements of the list, page by page."""
        items, start, more = [], 0, True
        while more:
            page = read(client, "prism.list.v1.ListRangeInterface.GetRange", list="items",
                        start=start)
            items += [value.decode() for value in page.values]
            start, more = page.next_start, page.more
        return items

    @staticmethod
    def wait(client, server, count):
        """Calls that wait in the server, as functions that return their answers."""
        request = request_of("BlockingPop", "list", lists=["l"], timeout_ms=20000)
        pops = [client.start(BLOCKING + "BlockingPopLeft", request) for _ in range(count)]
        waiting = b"blocked_clients:%d\r" % count
        until(lambda: waiting in server.info("clients"), "they wait")
        return [pop.result for pop in pops]


class RedisFaults(FaultCases, unittest.TestCase):
    kind = RedisKind


if __name__ == "__main__":
    harness.main(__name__)
