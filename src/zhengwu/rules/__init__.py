"""What must hold in a published budget: one small file a rule, one engine for all."""
