"""The arrows of docs/architecture.md hold."""

from __future__ import annotations

import ast
from pathlib import Path

import grimp
import pytest
from importlinter.cli import lint_imports

ENTRANCES = ("claims.views", "claims.api", "claims.management", "claims.admin", "claims.urls")


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("claims", "ocr_providers", cache_dir=None)


def is_under(module: str, packages: tuple[str, ...]) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def test_config_knows_claims_and_claims_knows_ocr_providers_never_back() -> None:
    assert lint_imports(no_cache=True) == 0


CORE = (
    "results",
    "exact_json",
    "vendor_schema",
    "exceptions",
    "base",
    "http",
    "fitting",
    "documents",
    "providers",
    "engine",
    "arithmetic",
)


def test_the_core_of_ocr_providers_never_touches_the_database() -> None:
    core = [Path("ocr_providers", name) for name in CORE]
    files = [file for path in core for file in (path.rglob("*.py") if path.is_dir() else [path.with_suffix(".py")])]
    imported = {(str(file), name) for file in files for name in imports_of(file) if name.startswith("django.db")}
    assert imported == set()


def imports_of(file: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
    return names


def test_models_import_no_verb_no_view_and_no_api(graph: grimp.ImportGraph) -> None:
    outside = {
        (module, imported)
        for module in graph.modules
        if is_under(module, ("claims.models",))
        for imported in graph.find_modules_directly_imported_by(module)
        if is_under(imported, ("claims",)) and not is_under(imported, ("claims.models",))
    }
    assert outside == set()


def test_verbs_import_no_view_no_api_and_no_command(graph: grimp.ImportGraph) -> None:
    backwards = {
        (module, imported)
        for module in graph.modules
        if is_under(module, ("claims",)) and not is_under(module, ENTRANCES)
        for imported in graph.find_modules_directly_imported_by(module)
        if is_under(imported, ENTRANCES)
    }
    assert backwards == set()


def test_only_the_reading_verb_calls_providers(graph: grimp.ImportGraph) -> None:
    callers = graph.find_modules_that_directly_import("ocr_providers.ledger")
    assert {caller for caller in callers if is_under(caller, ("claims",))} <= {"claims.processing.reading"}
