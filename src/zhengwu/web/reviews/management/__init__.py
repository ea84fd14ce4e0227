"""Commands of the app reviews."""
