"""Every write has its audit row: each operation reaches record(), or is written out below with its reason."""

import ast

from tests.structure.sources import PORTAL, Function, functions, layer, modules, named, public_functions, tree

# note() of the staff feature writes the row and the log of sign-ins together.
RECORDERS = {"record", "record_read", "note"}
WRITING_CALLS = {"add", "add_all", "delete", "execute", "merge", "bulk_save_objects"}

# Operations that write and need no row of their own, each with the reason.
EXEMPT: dict[str, str] = {
    "portal/clients/operations/bulk.py:change_clients": "write_chunk of imports has one row for all of its chunk",
    "portal/imports/operations/check.py:check_chunk": "a check changes nobody; its end has a row with its figures",
    "portal/imports/operations/check.py:forget_seen": "a check changes nobody; its end has a row with its figures",
    "portal/clients/operations/erasure.py:empty_client": "its callers say erased or merged_away",
    "portal/clients/operations/points.py:hold_addresses": "takes locks, writes nothing",
    "portal/clients/operations/points.py:require_free": "takes locks, writes nothing",
    "portal/messages/operations/claim.py:claim": "a lease is no act; the slice has one row with its figures",
    "portal/messages/operations/claim.py:give_back": "a lease is no act; the slice has one row with its figures",
    "portal/messages/operations/claim.py:extend": "a lease is no act; the slice has one row with its figures",
    "portal/messages/operations/check.py:check_and_mark": "each answer of the gate has a row of its own",
    "portal/messages/operations/check.py:hand_overs_in_turn": "takes locks and reads, writes nothing",
    "portal/messages/operations/flush.py:write": "the attempt is the record; the slice has one row with its figures",
    "portal/consent/operations/held.py:hold_ledger": "takes a lock, writes nothing",
    "portal/consent/operations/held.py:hold_ledgers": "takes locks, writes nothing",
    "portal/preferences/operations/tries.py:is_over": "counts in Redis how often bad links were tried, writes no row",
    "portal/consent/operations/store.py:move": "append has the row for the events that move it",
    "portal/health/operations.py:observe": "what the machine shows by itself is no act of anybody",
    "portal/staff/operations/accounts.py:issue_link": "its callers say member_created or member_reset",
    "portal/staff/operations/second_factor.py:spend_code": "prove says how the proof ended",
    "portal/staff/operations/sessions.py:start_session": "its callers say sign_in or password_proved",
    "portal/staff/operations/sign_in.py:claim_proof": "the try is settled, and said, by prove",
    "portal/staff/operations/sign_in.py:claim_sign_in": "the try is settled, and said, once the password was checked",
    "portal/staff/operations/sign_in.py:lock_account": "takes a lock, writes nothing",
    "portal/staff/operations/sign_in.py:withdraw": "the accepted twin of the try has the row",
    "portal/staff/operations/sign_in.py:write_attempt": "the try is settled, and said, once it was checked",
}


def called_names(node: ast.AST) -> set[str]:
    calls = (n.func for n in ast.walk(node) if isinstance(n, ast.Call))
    return {c.attr if isinstance(c, ast.Attribute) else getattr(c, "id", "") for c in calls}


def reachable(node: Function, local: dict[str, Function]) -> set[str]:
    """Names called by a function or by the functions of its own module that it calls."""
    seen: set[str] = set()
    waiting = [node]
    while waiting:
        for name in called_names(waiting.pop()) - seen:
            seen.add(name)
            if name in local:
                waiting.append(local[name])
    return seen


def operations() -> list[tuple[str, set[str]]]:
    rows = []
    for path in modules():
        if layer(path) != "operations" or path.relative_to(PORTAL).parts[0] == "audit":
            continue
        local = {node.name: node for node in functions(path)}
        rows += [(f"{named(path)}:{node.name}", reachable(node, local)) for node in public_functions(path)]
    return rows


def test_every_operation_that_writes_leaves_an_audit_row():
    silent = [
        name for name, calls in operations() if calls & WRITING_CALLS and not calls & RECORDERS and name not in EXEMPT
    ]
    assert silent == []


def test_no_exemption_outlives_its_operation():
    assert set(EXEMPT) - {name for name, _ in operations()} == set()


def test_operations_never_commit():
    committing = [
        named(path)
        for path in modules()
        if layer(path) in {"operations", "queries", "rules", "models"}
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"commit", "rollback"}
    ]
    assert committing == []
