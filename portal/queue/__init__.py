"""
Wake-ups for the workers, and what the ticker runs; PostgreSQL holds the work itself.

Everything in Redis may be lost at any moment: a wake-up is only a hint that rows are waiting. Jobs take opaque ids,
and only functions listed in JobName run. Nothing here knows a feature.
"""

from portal.queue.connection import RedisState, redis_connection, redis_state
from portal.queue.names import JobName, QueueName
from portal.queue.periodic import PERIODIC, POLLERS, Periodic, Poller
from portal.queue.slices import HORSE_LOST, lease_owner, stop_requested
from portal.queue.wake import failed_wakes, wake

__all__ = [
    "HORSE_LOST",
    "PERIODIC",
    "POLLERS",
    "JobName",
    "Periodic",
    "Poller",
    "QueueName",
    "RedisState",
    "failed_wakes",
    "lease_owner",
    "redis_connection",
    "redis_state",
    "stop_requested",
    "wake",
]
