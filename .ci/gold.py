"""Put the gold sets through the real chain and hold the scores against what they must not fall below.

.ci/gold.py SHARED [SET...]    SHARED holds gold/, seeds/, score/; a line a set, exit 1 where one is too low
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent

# Figures of the scorers that a change must not push below these (measured, less a little room).
FLOORS = {
    "seeds": {"passed": 5},
    "scrapinghub": {"shingle_f1": 0.978},
    "fundus_ml": {"shingle_f1": 0.971, "title": 0.822, "author": 0.937, "date": 0.98},
    "aed": {"shingle_f1": 0.960, "title": 0.911, "author": 0.894},
    "wcxb_article_dev": {"shingle_f1": 0.955, "word_f1": 0.960, "title": 0.852, "author": 0.844, "date": 0.865},
    "trafilatura_eval": {"precision": 0.961, "recall": 0.947, "title": 0.88, "date": 0.87},
    "htmldate_default": {"precision": 0.942, "recall": 0.910},
    "htmldate_mediacloud": {"precision": 0.925, "recall": 0.845},
    "newswire_dev": {"F1": 0.97},
    "syndication_dev": {"F1": 0.93, "ari": 0.93},
    "wikinews_dev": {"p_at_1": 0.90, "strict": 0.77, "macro_f1": 0.74, "l2": 0.70},
}


def main() -> int:
    shared = pathlib.Path(sys.argv[1]).resolve()
    wanted = sys.argv[2:] or list(FLOORS)
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        for name in wanted:
            fill(shared, name, root / name / "raw")
            subprocess.run([sys.executable, "-m", "pipeline", "run", "-C", str(root / name), "--quiet"], check=True,
                           cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE)})  # fmt: skip
            said = score(shared, name, root / name / "clean")
            print(said, flush=True)
            figures = {k: float(v) for k, v in re.findall(r"(\w+)=([\d.]+)", said)}
            if passed := re.search(r"(\d+) passed", said):
                figures["passed"] = float(passed[1])
            low = {k: v for k, v in FLOORS[name].items() if figures.get(k, 0.0) < v}
            failed += bool(low)
            if low:
                print(f"TOO LOW: {name} must reach {low}", flush=True)
            if "KEEP" in os.environ:
                shutil.copytree(root / name, pathlib.Path(os.environ["KEEP"]) / name, dirs_exist_ok=True)
    print(f"{len(wanted) - failed} passed, {failed} failed")
    return 1 if failed else 0


def fill(shared: pathlib.Path, name: str, raw: pathlib.Path) -> None:
    """The gold set as raw/ of a project."""
    gold = shared / "gold"
    raw.mkdir(parents=True)
    if name == "seeds":
        (raw / "seeds").mkdir()
        for page in (shared / "seeds").glob("*.txt"):
            shutil.copy(page, raw / "seeds")
    elif (gold / "extract" / name).is_dir():
        (raw / name).mkdir()
        answers = json.loads((gold / "extract" / name / "gold.json").read_text())
        for page in (gold / "extract" / name / "html").iterdir():
            shutil.copy(page, raw / name)
            key = page.name.removesuffix(".gz").removesuffix(".html")
            if url := answers[key].get("url"):
                (raw / name / f"{page.name}.meta.json").write_text(json.dumps({"url": url}))
    elif name == "wikinews_dev":
        shutil.copy(gold / "topics/wikinews_dev.jsonl", raw / f"{name}.jsonl")
    else:
        shutil.copy(gold / "dedup" / f"{name}.jsonl.gz", raw / f"{name}.jsonl.gz")


def score(shared: pathlib.Path, name: str, clean: pathlib.Path) -> str:
    gold, tools, batch = shared / "gold", shared / "score", clean / name
    match name:
        case "seeds":
            command = ["score_seeds.py", batch / "articles.jsonl"]
        case "newswire_dev":
            command = ["score_dedup.py", "--pairs", gold / f"dedup/{name}.pairs.jsonl.gz", batch]
        case "syndication_dev":
            command = ["score_dedup.py", "--clusters", gold / f"dedup/{name}.clusters.jsonl.gz", batch]
        case "wikinews_dev":
            command = ["score_topics.py", gold / f"topics/{name}.jsonl", batch]
        case "trafilatura_eval":
            command = ["score_segments.py", gold / "extract" / name, batch / "articles.jsonl"]
        case "htmldate_default" | "htmldate_mediacloud":
            command = ["score_dates.py", gold / "extract" / name, batch / "articles.jsonl"]
        case _:
            command = ["score_extract.py", gold / "extract" / name, batch / "articles.jsonl"]
    return subprocess.run([sys.executable, tools / command[0], *map(str, command[1:])], capture_output=True,
                          text=True).stdout.strip()  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
