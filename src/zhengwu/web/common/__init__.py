"""People, roles, audit trail, errors, looks."""
