"""Looking at every part: servers, processes, disk, backup, chain, schema. Each answers with a report, never raises."""
