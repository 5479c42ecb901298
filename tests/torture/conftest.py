"""The long tests run when they are asked for by name (`make torture`), not with the suite."""

from __future__ import annotations

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    asked = any("torture" in argument for argument in config.invocation_params.args if isinstance(argument, str))
    return None if asked else True
