"""Every setting of config.toml, its default, its bounds, and what it means."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    def deciding(self) -> dict[str, Any]:
        """The settings that decide what a stage writes; the others are marked with `ADVICE`."""
        advice = {name for name, field in type(self).model_fields.items() if field.json_schema_extra == ADVICE}
        return self.model_dump(mode="json", exclude=advice)


ADVICE: dict[str, Any] = {"decides": False}  # of a setting that only warns or tests: another value redoes nothing


def _listed(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _seconds(value: object) -> object:
    """ "15m" -> 900."""
    if isinstance(value, str) and (parts := re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*([smhd]?)\s*", value)):
        return float(parts[1]) * {"": 1, "s": 1, "m": 60, "h": 3600, "d": 86400}[parts[2]]
    return value


Texts = Annotated[tuple[str, ...], BeforeValidator(_listed)]
Seconds = Annotated[float, Field(ge=0), BeforeValidator(_seconds)]


class ProjectConfig(Section):
    """Where things lie, seen from the folder config.toml is in."""

    raw: str = Field("raw", min_length=1, description="folder of pages as they were scraped; only ever added to")
    clean: str = Field("clean", min_length=1, description="folder of what the stages write")
    workers: int = Field(0, ge=0, le=256, description="processes that extract; 0: one for each processor")


class ExtractConfig(Section):
    """Boilerplate off, metadata on."""

    max_text_chars: int = Field(
        1_000_000, ge=1000, description="characters of an article's text; what is beyond is cut off, which a flag tells"
    )
    min_words: int = Field(25, ge=0, description="an article with fewer words goes to the ledger as too-short")
    languages: tuple[str, ...] = Field((), description="keep only these (ISO 639-1); empty: all")
    live_blogs: bool = Field(True, description='keep live blogs, marked with genre "live"; false: to the ledger')
    page_seconds: float = Field(10.0, gt=0, description="CPU seconds one page may take")
    page_memory_mb: int = Field(1024, ge=128, description="memory one worker may take")
    max_bytes: int = Field(20_000_000, gt=0, description="a larger page goes to the ledger as too-large")


class DedupConfig(Section):
    """What counts as a copy."""

    threshold: float = Field(
        0.57, gt=0, le=1, description="shared part of the shorter text from which two are one story"
    )
    near_jaccard: float = Field(0.5, gt=0, le=1, description='from here on a copy is "near", below it is "part"')
    window_days: float = Field(30, gt=0, description="articles further apart in time are not compared")
    permutations: int = Field(128, ge=16, le=1024, description="length of a MinHash signature")
    bands: int = Field(64, ge=1, description="bands of the signature; must divide permutations")
    shingle: int = Field(5, ge=1, le=20, description="words in a shingle of the signature")
    warn_cluster: int = Field(
        50, ge=2, json_schema_extra=ADVICE, description="a cluster with more articles than this is named in a warning"
    )


class TopicRule(Section):
    """One of the user's own tags: [[topics.rule]]."""

    tag: str = Field(min_length=1, description="a medtop code, or any word of your own")
    any: tuple[str, ...] = Field((), description="words or phrases, at least one of which must occur")
    all: tuple[str, ...] = Field((), description="words or phrases that must all occur")
    none: tuple[str, ...] = Field((), description="words or phrases that must not occur")
    regex: str | None = Field(None, description="a regular expression that must match")
    names: tuple[str, ...] = Field((), description="people or organisations, one of which the article must name")
    places: tuple[str, ...] = Field((), description="places by code or name, one of which must be in it")
    watch: tuple[str, ...] = Field((), description="watch lists by name, one of which must match")
    fields: tuple[Literal["title", "lead", "text", "section", "url"], ...] = Field(
        ("title", "text"), description="where to look"
    )
    min_hits: int = Field(1, ge=1, description="so many occurrences are needed")
    language: str | None = Field(None, description="only articles in this language")
    source: str | None = Field(None, description="only articles of this source")
    action: Literal["add", "remove", "only"] = Field("add", description="add the tag, remove it, or keep it alone")
    name: str | None = Field(None, min_length=1, description="shown as the tag's origin; without it, rule N")


class TopicsConfig(Section):
    """Which tags an article gets."""

    max: int = Field(5, ge=0, le=50, description="at most so many tags an article, best first")
    min_confidence: float = Field(0.3, ge=0, le=1, description="the model says nothing below this")
    model: bool = Field(True, description="false: only your own rules")
    rule: tuple[TopicRule, ...] = ()


class WatchList(Section):
    """Somebody or something to keep an eye on: [[watch]]. Articles that name it get a tag."""

    name: str = Field(min_length=1, description="a person, firm, place, matter; found in any script and inflected")
    aliases: Texts = Field((), description="other names and spellings: a surname alone, an acronym, another script")


class ThreadsConfig(Section):
    """Which articles are one story: the same event in other words, over days and outlets."""

    likeness: float = Field(
        0.22, gt=0, le=1, description="cosine from which an article belongs to a thread; large threads ask for more"
    )
    window_days: float = Field(3, gt=0, description="a thread that nothing has joined for so long is closed")


class SiteRule(Section):
    """What you know better about one site: [[site]]."""

    host: str = Field(min_length=1, description="host name; subdomains are meant too")
    keep: tuple[str, ...] = Field((), description="CSS selectors: the story is in here and nowhere else")
    drop: tuple[str, ...] = Field((), description="CSS selectors: never part of the story")
    drop_lines: tuple[str, ...] = Field((), description="regular expressions: a line that matches is not the story")
    date_format: str | None = Field(None, description="strptime format of the date the page shows")
    test: str | None = Field(
        None, json_schema_extra=ADVICE, description="a saved page that `newsmill config --test` extracts"
    )
    expect: tuple[str, ...] = Field((), json_schema_extra=ADVICE, description="words its article must contain")
    reject: tuple[str, ...] = Field((), json_schema_extra=ADVICE, description="words its article must not contain")


class RecordsConfig(Section):
    """What becomes a record."""

    copies: bool = Field(False, description="true: copies become records too, with their relation")


class FetchConfig(Section):
    """How `newsmill fetch` behaves towards other people's servers."""

    contact: str = Field(
        "", description="mail address or page where site owners can reach you; goes out with each request"
    )
    delay: float = Field(
        1.0, ge=0, le=3600, description="seconds between two requests to one host, unless it asks for more"
    )
    connections: int = Field(32, ge=1, le=512, description="hosts asked at the same time, one connection each")
    seconds: float = Field(60.0, gt=0, le=3600, description="all the time one response may take")
    max_bytes: int = Field(20_000_000, ge=1000, description="a larger response is given up")
    redirects: int = Field(5, ge=0, le=20, description="so many are followed")
    run_seconds: float = Field(1800.0, gt=0, description="a run ends after this; the next one goes on from there")
    robots_hours: float = Field(24.0, ge=0, description="a robots.txt is asked for again after this")
    revisits: int = Field(3, ge=0, description="a page whose feed says it was changed is asked for again so often")
    retries: int = Field(5, ge=0, description="a page that cannot be fetched is tried again in so many later runs")
    respect_tdm: bool = Field(
        False,
        description="leave out pages whose site reserves text and data mining (TDMRep)",
    )
    ca_file: str | None = Field(None, description="authorities for certificates, beside the system's own (PEM)")


class SourceConfig(Section):
    """Where pages come from: [[source]]."""

    name: str = Field(min_length=1, description="the outlet; it becomes the source of its articles")
    feed: Texts = Field((), description="RSS, Atom or JSON Feed: an address, or a list of them")
    sitemap: Texts = Field((), description="sitemap, news sitemap or index; a robots.txt stands for those it names")
    homepage: Texts = Field((), description="pages whose links that look like articles are fetched")
    urls: Texts = Field((), description="articles: addresses, or files in the project with one address a line")
    country: str | None = Field(None, description="ISO 3166-1 code, kept with each page")
    language: str | None = Field(None, description="ISO 639-1 code, kept with each page")
    include: tuple[str, ...] = Field((), description="regular expressions: an address must match one of them")
    exclude: tuple[str, ...] = Field((), description="regular expressions: an address must match none of them")
    max_per_run: int = Field(0, ge=0, description="at most so many pages a run, the newest first; 0: all")
    max_age_days: float = Field(0, ge=0, description="items said to be older are left alone; 0: all")
    every: Seconds = Field(0, description='not polled more often: "15m", "6h", "1d"; 0: at each run')
    delay: float | None = Field(None, ge=0, le=3600, description="seconds between two requests, instead of fetch.delay")
    internal: bool | Texts = Field(
        False, description="true: its own hosts may lie on a private network; or a list of such hosts and ranges, "
        '["10.1.0.0/16"]; without it private addresses are refused'
    )  # fmt: skip


class Config(Section):
    project: ProjectConfig = ProjectConfig()
    extract: ExtractConfig = ExtractConfig()
    dedup: DedupConfig = DedupConfig()
    topics: TopicsConfig = TopicsConfig()
    watch: tuple[WatchList, ...] = ()
    threads: ThreadsConfig = ThreadsConfig()
    records: RecordsConfig = RecordsConfig()
    site: tuple[SiteRule, ...] = ()
    fetch: FetchConfig = FetchConfig()
    source: tuple[SourceConfig, ...] = ()
