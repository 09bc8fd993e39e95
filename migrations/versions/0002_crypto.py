"""The key ring and the guard of sealed columns."""

from alembic import op

revision = "0002_crypto"
down_revision = "0001_base"
branch_labels = None
depends_on = None

TABLES = """
CREATE SEQUENCE crypto_key_id_seq AS bigint MAXVALUE 4294967295;

CREATE TABLE crypto_key (
    id bigint NOT NULL,
    purpose text NOT NULL,
    state text NOT NULL,
    wrapped bytea NOT NULL,
    kek_fp bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    activated_at timestamptz,
    drained_at timestamptz,
    retired_at timestamptz,
    destroy_after timestamptz,
    destroyed_at timestamptz,
    CONSTRAINT pk_crypto_key PRIMARY KEY (id),
    CONSTRAINT ck_crypto_key_id CHECK (id BETWEEN 1 AND 4294967295),
    CONSTRAINT ck_crypto_key_kek_fp CHECK (octet_length(kek_fp) = 8),
    CONSTRAINT ck_crypto_key_state CHECK (
        state IN ('pending', 'active', 'draining', 'drained', 'retired', 'destroyed')
    )
);
CREATE UNIQUE INDEX uq_crypto_key_active ON crypto_key (purpose) WHERE state = 'active';

CREATE TABLE crypto_ring (
    id smallint NOT NULL DEFAULT 1,
    generation bigint NOT NULL DEFAULT 0,
    kdf_salt bytea NOT NULL,
    purposes text[] NOT NULL,
    CONSTRAINT pk_crypto_ring PRIMARY KEY (id),
    CONSTRAINT ck_crypto_ring_id CHECK (id = 1),
    CONSTRAINT ck_crypto_ring_kdf_salt CHECK (octet_length(kdf_salt) = 16)
);

CREATE TABLE crypto_ring_ack (
    process text NOT NULL,
    generation bigint NOT NULL,
    seen_at timestamptz NOT NULL,
    CONSTRAINT pk_crypto_ring_ack PRIMARY KEY (process)
);
"""

# By the database, so that a change by hand reaches the running processes too.
GENERATION = """
CREATE FUNCTION heedful_next_generation() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE public.crypto_ring SET generation = generation + 1;
    RETURN NULL;
END $$;
CREATE TRIGGER next_generation AFTER INSERT OR UPDATE OR DELETE ON crypto_key
    FOR EACH STATEMENT EXECUTE FUNCTION heedful_next_generation();
"""

# Arguments are the query that takes the cells out of the new and the old row, then column:purpose pairs; guard_sealed
# writes both. The query is text because plpgsql cannot name a column at run time otherwise; making it here for each row
# would double the cost. The shared lock is what retiring a key waits for: a writer that saw the key as writable has
# committed, or has not begun, when the cells are counted. Under a snapshot older than the retirement the state would be
# stale, so there the key's row is locked instead, which fails when it has changed since.
GUARD = """
CREATE FUNCTION heedful_guard_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    cells bytea[];
    before bytea[];
    cell bytea;
    place text;
    wanted text;
    key bigint;
    seen bigint;
    found record;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        EXECUTE TG_ARGV[0] INTO cells, before USING NEW, OLD;
    ELSE
        EXECUTE TG_ARGV[0] INTO cells USING NEW, NEW;
    END IF;
    FOR i IN 1 .. TG_NARGS - 1 LOOP
        cell := cells[i];
        CONTINUE WHEN cell IS NULL OR cell = before[i];
        place := TG_TABLE_NAME || '.' || split_part(TG_ARGV[i], ':', 1);
        wanted := split_part(TG_ARGV[i], ':', 2);
        IF octet_length(cell) < 34 OR get_byte(cell, 0) <> 193 THEN
            RAISE EXCEPTION '% takes sealed cells only', place USING ERRCODE = '22H01';
        END IF;
        IF get_byte(cell, 1) <> 1 THEN
            RAISE EXCEPTION '% takes no cell of this algorithm', place USING ERRCODE = '22H02';
        END IF;
        IF octet_length(before[i]) >= 34 AND get_byte(before[i], 0) = 193 AND get_byte(before[i], 1) > 1 THEN
            RAISE EXCEPTION '% holds a cell of a newer release', place USING ERRCODE = '22H02';
        END IF;
        key := get_byte(cell, 2)::bigint * 16777216
            + get_byte(cell, 3) * 65536 + get_byte(cell, 4) * 256 + get_byte(cell, 5);
        IF key IS DISTINCT FROM seen THEN
            PERFORM pg_advisory_xact_lock_shared(7203332, (key - 2147483648)::int);
            SELECT k.purpose, k.state INTO found FROM public.crypto_key k WHERE k.id = key;
            IF current_setting('transaction_isolation') <> 'read committed' THEN
                PERFORM FROM public.crypto_key k WHERE k.id = key FOR SHARE;
            END IF;
            seen := key;
        END IF;
        IF found.purpose IS DISTINCT FROM wanted THEN
            RAISE EXCEPTION '% takes no cell under key %', place, key USING ERRCODE = '22H03';
        END IF;
        IF found.state NOT IN ('active', 'draining') THEN
            RAISE EXCEPTION 'key % is % and may not be written to %', key, found.state, place USING ERRCODE = '22H04';
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""

COMMENTS = {
    "COLUMN crypto_key.id": "internal: Key id that cells name.",
    "COLUMN crypto_key.purpose": "internal: What the key is for.",
    "COLUMN crypto_key.state": "internal: Where the key stands in its life.",
    "COLUMN crypto_key.wrapped": "secret: The key, wrapped by a master key.",
    "COLUMN crypto_key.kek_fp": "internal: Fingerprint of the master key that wraps it.",
    "COLUMN crypto_key.created_at": "internal: When it was made.",
    "COLUMN crypto_key.activated_at": "internal: Since when new cells use it.",
    "COLUMN crypto_key.drained_at": "internal: When no cell used it any more.",
    "COLUMN crypto_key.retired_at": "internal: When it was retired.",
    "COLUMN crypto_key.destroy_after": "internal: Until when backups still need it.",
    "COLUMN crypto_key.destroyed_at": "internal: When the wrapped key was overwritten.",
    "COLUMN crypto_ring.id": "internal: Always 1.",
    "COLUMN crypto_ring.generation": "internal: Grows with every change of a key.",
    "COLUMN crypto_ring.kdf_salt": "internal: Salt that stretches a master key given as a passphrase.",
    "COLUMN crypto_ring.purposes": "internal: Purposes that were given a key at least once.",
    "COLUMN crypto_ring_ack.process": "internal: Host and process id.",
    "COLUMN crypto_ring_ack.generation": "internal: The generation it has loaded.",
    "COLUMN crypto_ring_ack.seen_at": "internal: When it last said so.",
    "FUNCTION heedful_guard_sealed()": "Refuses anything but cells under a writable key of the right purpose",
    "FUNCTION heedful_next_generation()": "Tells running processes that a key has changed",
}


def upgrade() -> None:
    for statements in (TABLES, GENERATION, GUARD):
        op.execute(statements)
    for thing, comment in COMMENTS.items():
        op.execute(f"COMMENT ON {thing} IS '{comment}'")


def downgrade() -> None:
    op.execute("DROP TABLE crypto_ring_ack, crypto_ring, crypto_key")
    op.execute("DROP FUNCTION heedful_guard_sealed()")
    op.execute("DROP FUNCTION heedful_next_generation()")
    op.execute("DROP SEQUENCE crypto_key_id_seq")
