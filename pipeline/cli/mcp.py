"""newsmill mcp: serves the records by the Model Context Protocol."""

from __future__ import annotations

from .app import ProjectDir, app


@app.command()
def mcp(project: ProjectDir = None) -> None:
    """Serve the records to an MCP client on stdin and stdout.

    Read-only tools: search, records, threads, reasons, topics, sources. Needs the extra `mcp`; the client starts it.

    Example: newsmill -C ~/my-news mcp
    """
    from ..project import find_project
    from ..query import mcp_server

    mcp_server.server(find_project(project)).run()
