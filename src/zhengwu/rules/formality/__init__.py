"""What the rules of form ask."""
