"""The platform: people, trail, operations."""
