"""What one table must satisfy in itself."""
