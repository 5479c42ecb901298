"""`newsmill mcp`, asked by the SDK's own client over stdio: the tools, their answers, their errors."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from .conftest import ROOT, newsmill_env, run_newsmill, tree

mcp = pytest.importorskip("mcp", reason="the MCP SDK is not installed: pip install 'newsmill[mcp]'")


def session(folder: Path, talk: Callable[[Any], Awaitable[Any]]) -> Any:
    """Start `newsmill mcp` as a client does, talk to it, and end it."""
    from mcp import Client, StdioServerParameters

    parameters = StdioServerParameters(
        command=sys.executable, args=["-m", "pipeline", "-C", str(folder), "mcp"], env=newsmill_env()
    )

    async def run() -> Any:
        async with asyncio.timeout(120):
            async with Client(mcp.stdio_client(parameters)) as client:
                return await talk(client)

    return asyncio.run(run())


def call(folder: Path, tool: str, **arguments: Any) -> Any:
    async def talk(client: Any) -> Any:
        return await client.call_tool(tool, arguments)

    answer = session(folder, talk)
    assert not answer.is_error, answer.content
    found = answer.structured_content
    return found["result"] if set(found) == {"result"} else found


@pytest.fixture(scope="module")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The samples, run with threads that take in almost anything: the stories are too different for one otherwise."""
    root = tmp_path_factory.mktemp("mcp") / "news"
    root.mkdir()
    (root / "raw").symlink_to(ROOT / "raw")
    (root / "config.toml").write_text("[threads]\nlikeness = 0.02\nwindow_days = 30\n")
    assert run_newsmill("run", "-q", "-C", root).returncode == 0
    return root


def test_the_tools_are_listed_and_all_only_read(news: Path) -> None:
    async def talk(client: Any) -> Any:
        return await client.list_tools()

    found = {tool.name: tool for tool in session(news, talk).tools}
    assert set(found) == {
        "search_records", "get_record", "list_threads", "get_thread", "explain_record", "list_topics", "list_sources",
    }  # fmt: skip
    assert all(tool.annotations.read_only_hint and tool.description for tool in found.values())


def test_search_then_get_then_explain(news: Path) -> None:
    before = tree(news / "clean")
    hits = call(news, "search_records", words="bridge toll", most=5)
    assert hits and "bridge" in hits[0]["context"].casefold() and hits[0]["topics"]
    assert call(news, "search_records", words="bridge toll", topic=hits[0]["topics"][:1], most=5) == hits
    record = call(news, "get_record", id=hits[0]["id"])
    assert record["title"] == hits[0]["title"] and record["topics"] and "text_cut_at" not in record
    cut = call(news, "get_record", id=record["url"], characters=50)
    assert len(cut["text"]) == 50 and cut["text_characters"] == len(record["text"])
    assert call(news, "explain_record", id=record["id"])["topics"]
    assert tree(news / "clean") == before


@pytest.mark.slow
def test_threads_topics_and_sources(news: Path) -> None:
    listed = call(news, "list_threads", closed=True)
    assert listed and len(call(news, "get_thread", id=listed[0]["id"])) >= listed[0]["articles"]
    sources = {row["label"]: row["records"] for row in call(news, "list_sources")}
    exported = [json.loads(line) for line in run_newsmill("export", "-C", news, "--all-revisions").stdout.splitlines()]
    assert sum(sources.values()) == len([row for row in exported if row["source"]])
    assert any(row["id"].startswith("medtop:") for row in call(news, "list_topics"))


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        pytest.param("get_record", {"id": "ffffffff"}, "no article has this id", id="no such article"),
        pytest.param("search_records", {"words": ""}, "nothing to search for", id="no words"),
        pytest.param("search_records", {"words": "x", "topic": ["politcs"]}, "did you mean", id="no such topic"),
        pytest.param("search_records", {"words": "x", "since": "soon"}, "not a date", id="no date"),
        pytest.param("search_records", {"words": "x", "most": 0}, "greater than or equal to 1", id="out of bounds"),
        pytest.param("get_thread", {"id": "ffffffff"}, "no thread", id="no such thread"),
    ],
)
def test_a_mistake_is_answered_with_what_to_do(news: Path, tool: str, arguments: dict[str, Any], message: str) -> None:
    async def talk(client: Any) -> Any:
        return await client.call_tool(tool, arguments)

    answer = session(news, talk)
    assert answer.is_error and message in answer.content[0].text
    assert "Traceback" not in answer.content[0].text


def test_without_a_project_it_says_so(tmp_path: Path) -> None:
    done = run_newsmill("-C", tmp_path, "mcp")
    assert done.returncode == 2 and "no newsmill project here" in done.stderr and not done.stdout
