"""The review desk: documents, rounds, findings, decisions."""
