"""Brings the pages up to date: ``python -m tools.docs`` runs their examples and writes what they show.

Fences in a page have a second word that says what they are:

- ``sh runnable``: run in a temporary folder, one after another, with ``twin`` and ``python`` on the path and in
  ``.venv/bin``;
- ``text output``: what the fence before it writes to stdout;
- ``yaml NAME.yaml``, ``csv NAME.csv``: a file that lies in that folder.

What stands between ``<!-- made: NAME -->`` and ``<!-- end -->`` is one of `SECTIONS`. ``--check`` writes nothing and
ends with exit code 1 if a page is out of date.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from twin.cli.figures import OTHER, THEMES
from twin.scenario.model_base import Model
from twin.scenario.schema import json_schema

ROOT = Path(__file__).resolve().parents[1]
FENCE = re.compile(r"^```(?P<kind>\w+)[ ]?(?P<what>[^\n]*)\n(?P<body>.*?)^```$", re.DOTALL | re.MULTILINE)
SECTION = re.compile(r"(<!-- made: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)
LONGEST_S = 300.0


def pages() -> list[Path]:
    """Every page that a person reads."""
    return [ROOT / "README.md", ROOT / "ARCHITECTURE.md", *sorted((ROOT / "docs").glob("*.md"))]


def renewed(page: Path) -> str:
    """The text of a page as it should be."""
    text = SECTION.sub(lambda found: f"{found[1]}{SECTIONS[found[2]]()}{found[3]}", page.read_text(encoding="utf-8"))
    with folder() as here:
        said = ""

        def fence(found: re.Match[str]) -> str:
            nonlocal said
            if (found["kind"], found["what"]) == ("sh", "runnable"):
                said = run(found["body"], here)
            elif (found["kind"], found["what"]) == ("text", "output"):
                return f"```text output\n{said}```"
            elif "." in found["what"]:
                (here / found["what"]).write_text(found["body"], encoding="utf-8")
            return found[0]

        return FENCE.sub(fence, text)


@contextmanager
def folder() -> Iterator[Path]:
    """A temporary folder with the commands ``twin`` and ``python`` where a reader has them."""
    with tempfile.TemporaryDirectory() as made:
        commands = Path(made) / ".venv" / "bin"
        commands.mkdir(parents=True)
        for name, words in (("twin", "-m twin "), ("python", "")):
            command = commands / name
            command.write_text(f'#!/bin/sh\nexec "{sys.executable}" {words}"$@"\n', encoding="utf-8")
            command.chmod(0o755)
        yield Path(made)


def run(words: str, here: Path) -> str:
    """What shell commands write to stdout; they must not fail."""
    path = f"{here / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    surroundings = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT), "TWIN_STORE": "runs", "COLUMNS": "100"}
    done = subprocess.run(  # noqa: S603 - our own pages
        ["/bin/sh", "-e", "-c", words],
        cwd=here, env=surroundings, capture_output=True, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"exit code {done.returncode} of:\n{words}\n{done.stdout}{done.stderr}")
    return done.stdout


# Sections -------------------------------------------------------------------------------------------------------------


def kpis() -> str:
    """Tables of all KPIs, theme by theme, from ``twin list kpis --json``."""
    with folder() as here:
        rows = json.loads(run("twin list kpis --json", here))["kpis"]
    known = {name for names in THEMES.values() for name in names}
    themes = {**THEMES, OTHER: tuple(row["id"] for row in rows if row["id"] not in known)}
    by_id = {row["id"]: row for row in rows}
    return "".join(_theme(theme, [by_id[name] for name in names]) for theme, names in themes.items() if names)


def _theme(theme: str, rows: list[dict[str, Any]]) -> str:
    head = f"\n## {theme}\n\n| ID | unit | better | what it is |\n|---|---|---|---|\n"
    return head + "".join(_kpi(row) for row in rows) + "\n"


def _kpi(row: Mapping[str, Any]) -> str:
    name = f"`{row['id']}[...]`" if row["index"] else f"`{row['id']}`"
    member = f" One entry for each {row['index']}." if row["index"] else ""
    return f"| {name} | {row['unit']} | {row['better']} | {row['definition']}{member} |\n"


def keys() -> str:
    """Tables of all keys of a scenario, from the JSON Schema that ``twin schema`` writes."""
    schema = json_schema()
    made = [_keys("Scenario", schema)]
    made += [_keys(name, schema["definitions"][name]) for name in _in_order(schema)]
    return "\n" + "\n".join(made) + "\n"


def _in_order(schema: Mapping[str, Any]) -> list[str]:
    """Names of all definitions as a reader meets them: breadth first."""
    order, queue = [], [schema]
    while queue:
        for name in re.findall(r'"#/definitions/(\w+)"', json.dumps(queue.pop(0))):
            if name not in order:
                order.append(name)
                queue.append(schema["definitions"][name])
    return order


def _keys(name: str, definition: Mapping[str, Any]) -> str:
    lines = [
        f"## {name}",
        "",
        definition["description"].replace("``", "`"),
        "",
        "| key | takes | default | what it is |",
        "|---|---|---|---|",
    ]
    fields = {info.alias or key: info for key, info in _models(Model)[name].model_fields.items()}
    for key, said in definition["properties"].items():
        default = "due" if fields[key].is_required() else _default(said)
        what = str(said.get("description", "")).replace("\n", " ").replace("|", "\\|").replace("``", "`")
        lines.append(f"| `{key}` | {_takes(said)} | {default} | {what} |")
    return "\n".join([*lines, ""])


def _models(base: type[Model]) -> dict[str, type[Model]]:
    """All models of a scenario by their names."""
    below = [found for model in base.__subclasses__() for found in _models(model).items()]
    return {base.__name__: base, **dict(below)}


def _default(said: Mapping[str, Any]) -> str:
    value = said.get("default")
    if value is None or value is False or value in ("", [], {}) or isinstance(value, dict):
        return ""
    return f"`{value}`" if "x-unit" in json.dumps(said) else f"`{json.dumps(value)}`"


def _takes(said: Mapping[str, Any]) -> str:
    """What a value may be, in a few words."""
    if "anyOf" in said and "x-unit" not in said:
        parts = [_takes(part) for part in said["anyOf"] if part.get("type") != "null"]
        return " or ".join(dict.fromkeys(part for part in parts if part))
    return next(word for test, word in _WORDS if test(said))(said)


def _link(said: Mapping[str, Any]) -> str:
    name = said["$ref"].rsplit("/", 1)[1] if "$ref" in said else ""
    return f"[{name}](#{name.lower()})"


def _map(said: Mapping[str, Any]) -> str:
    inner = [*said.get("patternProperties", {}).values(), said.get("additionalProperties", {})]
    takes = next((_takes(part) for part in inner if isinstance(part, dict) and part), "")
    return f"map by name of {takes}" if takes else "map"


def _words(said: Mapping[str, Any]) -> str:
    return ", ".join(f"`{word}`" for word in said["enum"])


def _array(said: Mapping[str, Any]) -> str:
    items = said.get("items", {})
    listed = said.get("prefixItems", items if isinstance(items, list) else [items])
    return f"list of {_takes(listed[0]) if listed and listed[0] else 'anything'}"


def _example(said: Mapping[str, Any]) -> str:
    return f"e.g. `{said['examples'][0]}`" if said.get("examples") else "text"


_KINDS = {"integer": "whole number", "boolean": "true or false"}
_WORDS: tuple[tuple[Callable[[Mapping[str, Any]], bool], Callable[[Mapping[str, Any]], str]], ...] = (
    (lambda said: "anyOf" in said, lambda said: f"distribution [{said['x-unit']}]"),
    (lambda said: "allOf" in said, lambda said: _takes(said["allOf"][0])),
    (lambda said: "$ref" in said, _link),
    (lambda said: "enum" in said, _words),
    (lambda said: "const" in said, lambda said: f"`{said['const']}`"),
    (lambda said: said.get("type") == "array", _array),
    (lambda said: said.get("type") == "object", _map),
    (lambda said: "string" in str(said.get("type")), _example),
    (lambda said: "type" in said, lambda said: _KINDS.get(said["type"], "number")),
    (lambda _: True, lambda _: ""),
)  # fmt: skip

SECTIONS: dict[str, Callable[[], str]] = {"kpis": kpis, "keys": keys}


def main() -> None:
    checking = "--check" in sys.argv[1:]
    stale = 0
    for page in pages():
        now, due = page.read_text(encoding="utf-8"), renewed(page)
        name = str(page.relative_to(ROOT))
        if now != due:
            stale += 1
            print(*difflib.unified_diff(now.splitlines(), due.splitlines(), name, "due", lineterm="", n=1), sep="\n")
        if now != due and not checking:
            page.write_text(due, encoding="utf-8")
    sys.exit(1 if checking and stale else 0)


if __name__ == "__main__":
    main()
