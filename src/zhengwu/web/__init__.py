"""The platform: review desk, open book, API. Django on PostgreSQL, or on SQLite with nothing to install."""
