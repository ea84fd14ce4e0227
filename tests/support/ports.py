"""Ports for servers that tests and benchmarks start: found here, taken by another program a little later."""

import contextlib
import random
import socket


def free_port() -> int:
    """A port that nobody has now, and that the system gives nobody by itself. Raises OSError."""
    for port in random.SystemRandom().sample(range(20_000, 30_000), 50):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise OSError("no port is free between 20000 and 30000")
