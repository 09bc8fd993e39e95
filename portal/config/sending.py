"""How workers take messages: leases, slices and claims. Short times make kills visible sooner, in tests above all."""

from typing import ClassVar

from portal.config.group import Group, variable


class SendingGroup(Group):
    """The pace of one worker; seconds unless said otherwise."""

    name: ClassVar[str] = "sending"
    title: ClassVar[str] = "Sending"

    lease_seconds: int = variable("SENDING_LEASE_SECONDS", 120, "How long a claim holds.", ge=2, le=3600)
    slice_seconds: int = variable("SENDING_SLICE_SECONDS", 30, "How long one job works.", ge=1, le=60)
    claim_size: int = variable("SENDING_CLAIM_SIZE", 100, "Messages taken at once.", ge=1, le=500)

    def summary(self) -> str:
        return f"{self.claim_size} messages a claim, lease of {self.lease_seconds} s, slices of {self.slice_seconds} s"
