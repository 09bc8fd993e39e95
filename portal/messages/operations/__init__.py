"""Every write to messages: queueing, claiming, checking, handing over, flushing outcomes, sweeping lost leases."""
