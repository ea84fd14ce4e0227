"""The ledger: every figure of a department's budget, typed once."""
