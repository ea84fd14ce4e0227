"""The open book: what is published, for everybody."""
