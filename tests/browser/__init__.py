"""The platform as people meet it: a real server, a real browser. One worker of pytest runs all of it (conftest.py)."""
