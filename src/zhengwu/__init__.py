"""zhengwu: read, audit, compile and publish the budgets and final accounts of government departments."""

__version__ = "0.1.0"
