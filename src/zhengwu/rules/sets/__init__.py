"""What documents that belong together must satisfy: a department and its units, two years, budget and accounts."""
