"""All tables of the centre. One module a feature; importing this package makes ``metadata`` whole."""

import importlib
import pkgutil

from orchestrator.storage.schema.base import metadata

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["metadata"]
