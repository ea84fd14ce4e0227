"""Officers who compile at once: nothing is lost, every sum agrees at every moment, and how long a cell takes to save."""
