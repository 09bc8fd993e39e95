"""Wake-ups for the workers: job names, the Redis connection, enqueueing; holds ids only."""
