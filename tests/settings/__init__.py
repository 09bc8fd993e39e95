"""Settings: what may be entered, who wins, and how fast everybody knows."""
