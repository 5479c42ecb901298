"""newsmill schema: JSON Schemas of the files under clean/."""

from __future__ import annotations

from typing import Annotated

import typer

from ..console import print_json, table
from . import complete
from .app import PROJECT, app


@app.command(group=PROJECT)
def schema(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="For example records.jsonl.", autocompletion=complete.schemas)
    ] = None,
) -> None:
    """Print the JSON Schema of a file under clean/.

    Draft 2020-12; of a .jsonl file it describes one line. Without FILE, lists the files that have a schema.

    Example: newsmill schema records.jsonl
    """
    from ..records import schema as schemas

    if file is None:
        table(("file", ""), [(known.name, known.about) for known in schemas.FILES])
    else:
        print_json(schemas.schema(schemas.named(file)))
