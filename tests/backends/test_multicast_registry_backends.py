#!/usr/bin/python3
"""The multicast registry with servers in its slots: the same clients and the same tests as on
MemStore alone."""

from servers import Redis, find, harness
import test_multicast_registry


def setUpModule():
    find("redis-server")


class OnRedis(test_multicast_registry.MulticastRegistry):
    """Identities and messages on Redis; what waits for the absent is kept by MemStore."""

    SLOTS = {"registry": "redis", "messaging": "redis", "durability": "memory"}

    @classmethod
    def backends(cls):
        redis = cls.enterClassContext(Redis())
        return {"redis": {"driver": "redis", "url": redis.url}, "memory": {"driver": "memstore"}}


if __name__ == "__main__":
    harness.main(__name__)
