"""Findings and documents, shown: terminal, JSON."""
