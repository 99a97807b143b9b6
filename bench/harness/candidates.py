"""Who is measured, and how each is started."""

import os
import shlex
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from harness import BENCH, HOME, HOOK, JAR, SECRET, WORK
from harness.processes import Server, free_port

TRIVIAL_ROUTE = """\
- route:
    id: {id}
    from:
      uri: "github-webhook:*"
      steps:
        - log: {{ message: "done", loggingLevel: "OFF" }}
"""


def in_turn(candidates: list, rounds: int) -> Iterator[tuple]:
    """Round by round, each in another order, so that none always follows the same one: the round's number from 1, and who is measured."""
    for number in range(rounds):
        turn = number % len(candidates)
        for candidate in candidates[turn:] + candidates[:turn]:
            yield number + 1, candidate


@dataclass(frozen=True)
class Candidate:
    """
    command: from the port and the server's own directory to what is run
    status: of a good answer
    stores: whether it has a delivery log; routes: whether something is subscribed to it
    """

    name: str
    label: str
    command: Callable[[int, Path], list[str]]
    status: int = 202
    stores: bool = False
    routes: bool = False
    java_options: str = ""

    def start(self, directory: Path, cores: str | None = None) -> tuple[Server, int]:
        """On all cores, or on those that taskset is to pin it to."""
        port = free_port()
        environment = {"GITHUB_WEBHOOK_SECRET": SECRET, "PORT": str(port), "REDIS_PORT": str(free_port())}
        if self.java_options:
            environment["CARAVAN_JAVA_OPTIONS"] = self.java_options
        directory.mkdir(parents=True, exist_ok=True)
        pinned = ["taskset", "--cpu-list", cores] if cores else []
        return Server(pinned + self.command(port, directory), directory, environment), port


def caravan(name: str, label: str, routes: Path | None = None, subscriptions: int = 0) -> Candidate:
    """As a user starts it, with default settings. Without a directory of routes, that many trivial ones."""

    def command(port: int, directory: Path) -> list[str]:
        own = directory / "routes"
        own.mkdir(exist_ok=True)
        for number in range(1, subscriptions + 1):
            (own / f"trivial-{number}.camel.yaml").write_text(TRIVIAL_ROUTE.format(id=f"trivial-{number}"))
        return [
            str(HOME / "caravan"), "run", "--port", str(port), "--management-port", "0",
            "--data", str(directory / "data"), "--routes", str(routes or own),
            "--set", "camel.server.host=127.0.0.1",
        ]  # fmt: skip

    has_routes = routes is not None or subscriptions > 0
    return Candidate(
        name, label, command, stores=True, routes=has_routes, java_options=os.environ.get("CARAVAN_JAVA_OPTIONS", "")
    )


def our_java(main: str) -> Callable[[int, Path], list[str]]:
    """Under the same Java options as Caravan's launcher."""
    classes = f"{WORK / 'classes'}:{JAR}"
    options = [
        "-Xms96m", "-Xmx256m", "-Xmn64m", "-XX:SurvivorRatio=6", "-XX:+UseSerialGC",
        "-XX:Tier4InvocationThreshold=15000", "-XX:Tier4MinInvocationThreshold=1800", "-XX:Tier4CompileThreshold=45000",
    ]  # fmt: skip
    return lambda port, _: ["java", *options, "-cp", classes, main, str(port)]


def node(script: str) -> Callable[[int, Path], list[str]]:
    # Node looks for packages beside the script, and those are in work/.
    def command(port: int, directory: Path) -> list[str]:
        copy = WORK / "peers" / script
        copy.write_text((BENCH / "peers" / script).read_text())
        return ["node", str(copy)]

    return command


def with_redis(fsync: str, *commands: list[str]) -> list[str]:
    return [str(BENCH / "peers" / "with-redis"), fsync, *(shlex.join(command) for command in commands)]


def bullmq(fsync: str, worker: bool = False) -> Callable[[int, Path], list[str]]:
    scripts = ["bullmq.mjs"] + (["bullmq-worker.mjs"] if worker else [])
    return lambda port, directory: with_redis(fsync, *(node(script)(port, directory) for script in scripts))


def celery(fsync: str) -> Callable[[int, Path], list[str]]:
    programs, peers = WORK / "celery" / "bin", str(BENCH / "peers")

    def command(port: int, _: Path) -> list[str]:
        view = [
            str(programs / "gunicorn"), "--workers", "3", "--bind", f"127.0.0.1:{port}", "--log-level", "error",
            "--chdir", peers, "celery_view:application",
        ]  # fmt: skip
        worker = [
            str(programs / "celery"), "--workdir", peers, "--app", "celery_tasks", "worker", "--loglevel", "error",
            "--concurrency", "4", "--without-gossip", "--without-mingle",
        ]  # fmt: skip
        return with_redis(fsync, view, worker)

    return command


def gunicorn(port: int, _: Path) -> list[str]:
    return [
        "/usr/bin/gunicorn", "--workers", "3", "--bind", f"127.0.0.1:{port}", "--log-level", "error",
        "--chdir", str(BENCH / "peers"), "django_view:application",
    ]  # fmt: skip


def webhook(port: int, _: Path) -> list[str]:
    return [
        "webhook", "-ip", "127.0.0.1", "-port", str(port), "-urlprefix", HOOK.split("/")[1],
        "-hooks", str(BENCH / "peers" / "hooks.json"), "-template",
    ]  # fmt: skip


CARAVAN = caravan("caravan", "Caravan, no route")
ALL = [
    CARAVAN,
    caravan("caravan-trivial", "Caravan, one trivial route", subscriptions=1),
    caravan("caravan-shipped", "Caravan, the shipped routes", routes=HOME / "routes"),
    Candidate("without-log", "Caravan's receiving route, nothing stored", our_java("WithoutLog")),
    Candidate("ceiling", "bare Vert.x: signature and JSON scan", our_java("Ceiling")),
    Candidate("octokit", "@octokit/webhooks", node("octokit.mjs"), status=200),
    Candidate("probot", "Probot", node("probot.mjs"), status=200),
    Candidate("django", "Django view, gunicorn with 3 workers", gunicorn),
    Candidate("webhook", "adnanh/webhook running /bin/true", webhook),
    Candidate("bullmq-always", "BullMQ, Redis that flushes always", bullmq("always")),
    Candidate("bullmq", "BullMQ, Redis that flushes every second", bullmq("everysec")),
]

# Those that post on what they have taken, to $RECEIVER: see forward.py.
POST_ON = [
    CARAVAN,
    caravan("caravan-http", "Caravan, one route that posts on by http:", routes=BENCH / "routes-on"),
    Candidate("bullmq-always", "BullMQ and a worker, Redis that flushes always", bullmq("always", worker=True)),
    Candidate("bullmq", "the same, Redis that flushes every second", bullmq("everysec", worker=True)),
    Candidate("celery-always", "Django, Celery, Redis that flushes always", celery("always")),
    Candidate("celery", "the same, Redis that flushes every second", celery("everysec")),
]
