"""Rules between documents."""
