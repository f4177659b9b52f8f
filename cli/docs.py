"""The generated part of the documentation: `python -m cli.docs` writes it, a test compares it with the code."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.labels import EVENTS
from cli import rights
from cli.catalogue import every_metric
from cli.schemas import schemas
from streams.topics import SPECS, Topics, TopicSpec

ROOT = Path(__file__).parents[1]
MADE = "Made by `python -m cli.docs` from the code; do not edit."
OF_THE_RESTRICTED = """Nothing of the restricted lane shows on any metric. Its size can be inferred where all
feedback comes by HTTP: `langnghe_web_posts_total{kind="feedback", result="accepted"}` less
`langnghe_classified_total` comes near it. So Prometheus and Grafana are for those who may know that number."""
SCHEMA_FORMAT = "application/schema+json;version=draft-2020-12"
EXTERNAL, ADMIT, INTAKE, CASES = "other systems", "admit worker", "intake worker", "case worker"
PROJECTOR, WEB, LAG, CLI = "projector", "web", "lag exporter", "command line"


@dataclass(frozen=True, slots=True)
class Flow:
    """Who sends to a topic, who reads it, and the schemas of its messages."""

    senders: tuple[str, ...]
    readers: tuple[str, ...]
    messages: tuple[str, ...]


_EVENTS = tuple(f"feedback.{type_}" for type_ in EVENTS)
_INTAKE = (EXTERNAL, WEB, LAG, CLI)
FLOWS: Mapping[str, Flow] = {
    "dossier.intake": Flow(_INTAKE, (ADMIT,), ("dossier.status_changed", "dossier.status_changed.bare")),
    "dossier.events": Flow((ADMIT,), (CASES,), ("dossier.status_changed.clean",)),
    "dossier.states": Flow((CASES,), (PROJECTOR, CASES), ("dossier.state",)),
    "dossier.outcomes": Flow((CASES,), (PROJECTOR, EXTERNAL), ("dossier.outcome",)),
    "dossier.ticks": Flow((CASES,), (CASES,), ("tick",)),
    "feedback.intake": Flow(_INTAKE, (INTAKE,), ("feedback.received",)),
    "feedback.events": Flow((INTAKE, WEB, CASES, LAG), (CASES,), _EVENTS),
    "feedback.texts": Flow((INTAKE, WEB, LAG, PROJECTOR), (PROJECTOR,), ("text",)),
    "feedback.states": Flow((CASES,), (PROJECTOR, CASES), ("feedback.state",)),
    "feedback.outcomes": Flow((CASES,), (PROJECTOR, EXTERNAL), ("feedback.outcome",)),
    "feedback.ticks": Flow((CASES,), (CASES,), ("tick",)),
    "restricted.events": Flow((INTAKE, WEB, CASES), (CASES,), _EVENTS),
    "restricted.texts": Flow((INTAKE, WEB, LAG, PROJECTOR), (PROJECTOR,), ("text",)),
    "restricted.states": Flow((CASES,), (PROJECTOR, CASES), ("feedback.state",)),
    "restricted.outcomes": Flow((CASES,), (PROJECTOR,), ("feedback.outcome",)),
    "restricted.ticks": Flow((CASES,), (CASES,), ("tick",)),
    "dead.letters": Flow((ADMIT, INTAKE, CASES), (CLI,), ("dead-letter",)),
}


def generate() -> dict[str, str]:
    """Every generated file: its path from the root of the repository, and its content."""
    made = {f"docs/schemas/{name}.json": _json(schema) for name, schema in schemas().items()}
    pages = {"docs/topics.md": topics(), "docs/metrics.md": metrics(), "docs/acl.md": acl()}
    return made | pages | {"docs/asyncapi.json": _json(asyncapi())}


def asyncapi() -> dict[str, Any]:
    """The AsyncAPI 3.0.0 document of all topics, without prefix."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Lắng Nghe",
            "version": "1.0.0",
            "description": "Topics of Lắng Nghe. Partitions are chosen by murmur2 of the key. " + MADE,
        },
        "defaultContentType": "application/json",
        "channels": {spec.name: _channel(spec) for spec in SPECS},
        "operations": {key: operation for spec in SPECS for key, operation in _operations(spec.name)},
        "components": {"messages": {name: _message(name) for name in _message_names()}},
    }


def _channel(spec: TopicSpec) -> dict[str, Any]:
    messages = {name: {"$ref": f"#/components/messages/{name}"} for name in FLOWS[spec.name].messages}
    kafka = {
        "topic": spec.name,
        "partitions": Topics().partitions,
        "topicConfiguration": {name: _configured(name, value) for name, value in spec.config.items()},
        "bindingVersion": "0.5.0",
    }
    return {
        "address": spec.name,
        "description": f"{spec.value}; key: {spec.key}; kept: {kept(spec.config)}",
        "messages": messages,
        "bindings": {"kafka": kafka},
    }


def _configured(name: str, value: str) -> object:
    if name == "cleanup.policy":
        return [value]
    return int(value) if name.endswith((".ms", ".bytes")) else value


def _operations(topic: str) -> Iterable[tuple[str, dict[str, Any]]]:
    flow = FLOWS[topic]
    for action, verb, parties in (("send", "sends to", flow.senders), ("receive", "reads", flow.readers)):
        for party in parties:
            key = f"{action}.{topic}.{party.replace(' ', '_')}"
            channel = {"$ref": f"#/channels/{topic}"}
            yield key, {"action": action, "channel": channel, "summary": f"{party} {verb} {topic}"}


def _message_names() -> list[str]:
    return sorted({name for flow in FLOWS.values() for name in flow.messages})


def _message(name: str) -> dict[str, Any]:
    if name == "dead-letter":
        return {"name": name, "contentType": "application/octet-stream", "headers": _schema("dead-letter.headers")}
    headers = {"headers": _schema("text.headers")} if name == "text" else {}
    return {"name": name, "payload": _schema(name), **headers}


def _schema(name: str) -> dict[str, Any]:
    return {"schemaFormat": SCHEMA_FORMAT, "schema": {"$ref": f"./schemas/{name}.json"}}


def kept(config: Mapping[str, str]) -> str:
    """How long records stay, in words."""
    if config["cleanup.policy"] == "compact":
        return "compacted"
    days = int(config["retention.ms"]) // 86_400_000
    return "for ever" if days < 0 else f"{days} day{'s' if days > 1 else ''}"


def topics() -> str:
    """docs/topics.md."""
    rows = [
        (f"`{spec.name}`", spec.key, spec.value, kept(spec.config), ", ".join(FLOWS[spec.name].senders),
         ", ".join(FLOWS[spec.name].readers), _settings(spec.config))
        for spec in SPECS
    ]  # fmt: skip
    head = ("topic", "key", "value", "kept", "sent by", "read by", "settings")
    partitions = f"{Topics().partitions} partitions each unless set otherwise at creation"
    return _page("Topics", f"Keys are UTF-8, partitions by murmur2 of the key; {partitions}.", head, rows)


def _settings(config: Mapping[str, str]) -> str:
    return ", ".join(f"`{name}={value}`" for name, value in config.items())


def acl() -> str:
    """docs/acl.md."""
    rows = [
        (f"`{one.name}`", *map(_names, (one.writes, one.reads, one.asks, one.groups, one.sees)))
        for one in rights.principals(Topics(), FLOWS)
    ]
    head = ("principal", "Write", "Read", "Describe only", "Read its group", "Describe groups")
    return _page("Rights in Kafka", rights.INTRO, head, rows)


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names)) or "—"


def metrics() -> str:
    """docs/metrics.md."""
    rows = [(f"`{one.name}`", one.kind, ", ".join(one.labels), one.meaning, one.by) for one in every_metric()]
    return _page("Metrics", OF_THE_RESTRICTED, ("metric", "type", "labels", "meaning", "exported by"), rows)


def _page(title: str, intro: str, head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [f"# {title}", "", MADE, "", intro, "", _row(head), _row(["---"] * len(head)), *map(_row, rows)]
    return "\n".join(lines) + "\n"


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def write(files: Mapping[str, str], root: Path) -> None:
    """Each at its path under `root`."""
    for path, content in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")


def main(root: Path = ROOT) -> None:
    write(generate(), root)


if __name__ == "__main__":
    main()
