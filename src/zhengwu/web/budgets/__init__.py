"""The budget desk: units compile a year's budget, their head answers for it, the finance bureau approves."""
