"""From what is printed to what it means: tables, headings, facts and claims."""
