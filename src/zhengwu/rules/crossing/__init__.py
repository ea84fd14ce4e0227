"""What tables and text must satisfy among each other."""
