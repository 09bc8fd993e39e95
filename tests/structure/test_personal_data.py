"""Whatever is kept about a client can be handed out and erased: every such table belongs to a personal_data module."""

import inspect
from importlib import import_module

from portal.crypto.registry import sealed_columns
from portal.db import db

from tests.structure.sources import ROOT, layer, modules, named

# Sealed too, but about staff and about keys; no client can ask for them.
OTHERS = ("staff_", "crypto_")


def personal_data_modules():
    paths = [
        path for path in modules() if layer(path) == "personal_data" and path.stem in {"personal_data", "__init__"}
    ]
    return [
        import_module(named(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")) for path in paths
    ]


def tables_about_clients() -> set[str]:
    with_client = {table.name for table in db.metadata.sorted_tables if "client_id" in table.columns}
    return {name for name in with_client | {one.table for one in sealed_columns()} if not name.startswith(OTHERS)}


def test_every_table_about_clients_belongs_to_one_personal_data_module(app):
    # Name the table in TABLES of its feature's personal_data.py, and let export_for and erase_for deal with it.
    claimed = [table for module in personal_data_modules() for table in module.TABLES]
    assert tables_about_clients() - set(claimed) == set()
    assert sorted(set(claimed)) == sorted(claimed)
    assert set(claimed) <= set(db.metadata.tables)


def test_every_personal_data_module_hands_out_and_erases():
    for module in personal_data_modules():
        assert list(inspect.signature(module.export_for).parameters) == ["client_id"], module.__name__
        assert list(inspect.signature(module.erase_for).parameters) == ["client_id", "actor"], module.__name__


def test_the_modules_are_found():
    assert (ROOT / "portal" / "clients" / "personal_data.py").exists()
    assert "portal.clients.personal_data" in [module.__name__ for module in personal_data_modules()]
