"""Broken and strange documents by the thousand through the whole way: refused in a sentence, or audited."""
