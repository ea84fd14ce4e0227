"""The platform under load: see bench.platform.report."""
