"""The small frozen types that everything else speaks in: places, documents, numbers, facts, findings."""
