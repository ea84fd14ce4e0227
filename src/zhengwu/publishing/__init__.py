"""From a ledger and a dialect to the published document: tables and narrative, then files."""
