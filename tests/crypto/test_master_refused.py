"""Master keys that are none are refused at the first start, each with its reason (scenario 6)."""

import pytest
from portal.config.load import load_config
from portal.config.problems import ConfigError

PLACEHOLDER = "your-encryption-key-here-change-in-production-min-32-chars"
GOOD = {"SECRET_KEY": "test-only-4mQ9vXr2Lk7TzBw8NcYd5HsJf3Ge6PaU", "DATABASE_URL": "postgresql+psycopg://app@/heedful"}


@pytest.mark.parametrize(
    ("master", "reason"),
    [(PLACEHOLDER, "placeholder"), ("Zk8wV3nQ7rT2yB5mX9cL4dF6gH1jS0a", "32"), ("a" * 40, "different")],
    ids=["placeholder", "31 characters", "40 times the same"],
)
def test_a_weak_master_is_refused_with_its_reason_and_not_shown(master, reason):
    with pytest.raises(ConfigError) as refused:
        load_config({**GOOD, "DB_ENCRYPTION_KEY": master}, None)
    assert "DB_ENCRYPTION_KEY" in str(refused.value)
    assert reason in str(refused.value)
    assert master not in str(refused.value)


def test_a_good_master_is_taken():
    load_config({**GOOD, "DB_ENCRYPTION_KEY": "test-only-Zk8wV3nQ7rT2yB5mX9cL4dF6gH1jS0aP"}, None)
