"""bench/cluster: a log in PostgreSQL beside the one in a file: accepting, taking over, working off."""

import argparse
import random
import shutil
import sys
import threading
import time
from dataclasses import dataclass
from statistics import median

from harness import HOME, SECRET, WORK, events, report
from harness.candidates import TRIVIAL_ROUTE
from harness.load import Load, answers_with, send_load
from harness.log_file import LogFile
from harness.postgres import Database
from harness.processes import Server, free_port, wait_until

CONNECTIONS = 64
START_SECONDS = 60
BACKLOG_ROUTE = """\
- route:
    id: {id}
    from:
      uri: "github-webhook:*"
      parameters: {{ startFrom: beginning, concurrency: 48 }}
      steps:
        - log: {{ message: "done", loggingLevel: "OFF" }}
"""


@dataclass(frozen=True)
class Setup:
    name: str
    label: str
    nodes: int = 1
    database: bool = True
    standby: bool = False


SETUPS = [
    Setup("file", "a log in a file", database=False),
    Setup("one", "PostgreSQL, one node"),
    Setup("two", "PostgreSQL, two nodes", nodes=2),
    Setup("standby", "PostgreSQL and a synchronous standby, one node", standby=True),
]


class Nodes:
    """Caravans on one log, with whatever they need."""

    def __init__(self, setup: Setup, routes: dict[str, str] | None = None):
        self.setup = setup
        self.directory = WORK / "run" / f"cluster-{setup.name}"
        shutil.rmtree(self.directory, ignore_errors=True)
        self.routes = routes or {}
        self.databases: list[Database] = []
        self.servers: list[Server] = []
        self.ports: list[int] = []
        if setup.database:
            self.databases.append(Database(self.directory / "primary"))
            if setup.standby:
                self.databases.append(Database(self.directory / "standby", of=self.databases[0]))

    def __enter__(self) -> "Nodes":
        return self

    def __exit__(self, *_) -> None:
        self.stop_nodes()
        for database in reversed(self.databases):
            database.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def database(self) -> Database:
        return self.databases[0]

    def start(self, count: int) -> None:
        for number in range(1, count + 1):
            self.start_one(f"node-{number}")
        for server, port in zip(self.servers, self.ports, strict=True):
            if not wait_until(lambda: answers_with(port, 202) or not server.alive(), START_SECONDS) or not server.alive():
                raise RuntimeError(f"A node did not start; see {server.output}")

    def start_one(self, name: str) -> None:
        own = self.directory / name
        (own / "routes").mkdir(parents=True, exist_ok=True)
        for route, text in self.routes.items():
            (own / "routes" / f"{route}.camel.yaml").write_text(text)
        port = free_port()
        settings = {"camel.server.host": "127.0.0.1"}
        if self.databases:
            settings |= {"caravan.log": self.database.url, "caravan.node": name}
        command = [
            str(HOME / "caravan"), "run", "--port", str(port), "--management-port", "0", "--data", str(own / "data"),
            "--routes", str(own / "routes"), *(part for key, value in settings.items() for part in ("--set", f"{key}={value}")),
        ]  # fmt: skip
        environment = {"GITHUB_WEBHOOK_SECRET": SECRET, "CARAVAN_MANAGEMENT_TOKEN": "of-a-measurement", "PORT": str(port)}
        self.servers.append(Server(command, own, environment))
        self.ports.append(port)

    def stop_nodes(self) -> None:
        for server in self.servers:
            server.stop()
        self.servers.clear()
        self.ports.clear()

    def cpu(self) -> tuple[float, float]:
        """Seconds of the nodes, and of the database with its standby."""
        return sum(server.cpu() for server in self.servers), sum(database.cpu() for database in self.databases)

    def deliveries(self) -> int:
        if self.databases:
            return self.database.number("SELECT count(*) FROM delivery")
        return LogFile(self.directory / "node-1" / "data").deliveries()

    def bytes(self) -> int:
        if self.databases:
            return self.database.number("SELECT pg_database_size('caravan')")
        return LogFile(self.directory / "node-1" / "data").bytes()

    def load(self, connections: int, seconds: float) -> Load:
        """The same connections, shared out among the nodes; what each of wrk says, put together."""
        loads: list[Load] = []
        threads = [
            threading.Thread(target=lambda port=port: loads.append(send_load(port, connections // len(self.ports), seconds)))
            for port in self.ports
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(loads) < len(threads):
            raise RuntimeError("wrk failed")
        return Load(
            answers=sum(load.answers for load in loads),
            issued=sum(load.issued for load in loads),
            seconds=max(load.seconds for load in loads),
            p50=max(load.p50 for load in loads),
            p99=max(load.p99 for load in loads),
            longest=max(load.longest for load in loads),
            errors={kind: count for load in loads for kind, count in load.errors.items()},
        )


def accept(setup: Setup, options) -> dict:
    """How fast deliveries are accepted, and what that costs."""
    with Nodes(setup) as nodes:
        nodes.start(setup.nodes)
        posted = nodes.deliveries()
        warm = nodes.load(CONNECTIONS, options.warm_up)
        before, began = nodes.cpu(), time.monotonic()
        load = nodes.load(CONNECTIONS, options.seconds)
        after, took = nodes.cpu(), time.monotonic() - began
        time.sleep(0.3)  # what the end of wrk has cut off is written now
        stored = nodes.deliveries()
        answers, issued = (posted + getattr(warm, kind) + getattr(load, kind) for kind in ("answers", "issued"))
        problems = [f"{each.errors}" for each in (warm, load) if each.errors]
        if not answers <= stored <= issued:
            problems.append(f"{stored} deliveries in the log; {answers} answers 202, {issued} requests")
        calls = nodes.database.number(CALLS) if nodes.databases else 0
        return {
            "rate": load.rate, "p50": load.p50, "p99": load.p99, "problems": problems, "seconds": took,
            "nodeMicros": (after[0] - before[0]) * 1e6 / max(1, load.answers),
            "databaseMicros": (after[1] - before[1]) * 1e6 / max(1, load.answers),
            "deliveriesPerTransaction": stored / calls if calls else None,
            "bytesPerDelivery": nodes.bytes() / stored,
        }  # fmt: skip


# Heartbeats and outcomes are among them: few beside those that append, under load.
CALLS = "SELECT xact_commit FROM pg_stat_database WHERE datname = 'caravan'"


def take_over(kills: int) -> list[float]:
    """Seconds from a kill until all that the killed node held is held by others."""
    held = "SELECT count(*) FROM cursor c JOIN node n ON n.id = c.owner WHERE n.name = 'node-{}' AND NOT n.given_up"
    times = []
    with Nodes(SETUPS[2], {"trivial": TRIVIAL_ROUTE.format(id="trivial")}) as nodes:
        nodes.start(2)
        for kill in range(kills):
            victim, name = kill % 2, kill % 2 + 1
            other = held.format(2 - kill % 2)
            if not wait_until(lambda: nodes.database.number(held.format(name)) == nodes.database.number(other) == 8, 30):
                raise RuntimeError("The nodes do not share")
            time.sleep(random.random())
            nodes.servers[victim].kill()
            killed = time.monotonic()
            if not wait_until(lambda: nodes.database.number(other) == 16, 30, step=0.02):
                raise RuntimeError("Nobody takes over")
            times.append(time.monotonic() - killed)
            del nodes.servers[victim], nodes.ports[victim]
            nodes.start_one(f"node-{name}")
            # Each keeps its place in the list, by which it is found.
            nodes.servers.insert(victim, nodes.servers.pop())
            nodes.ports.insert(victim, nodes.ports.pop())
    return times


def work_off(backlog: int, counts: list[int]) -> dict[int, dict]:
    """One backlog, worked off again and again: by a subscription of its own each time, and more and more nodes."""
    results = {}
    with Nodes(Setup("backlog", "")) as nodes:
        nodes.start(2)
        while nodes.deliveries() < backlog:
            nodes.load(CONNECTIONS, 5)
        nodes.stop_nodes()
        for count in counts:
            name = f"backlog-{count}"
            nodes.routes = {name: BACKLOG_ROUTE.format(id=name)}
            done = (
                "SELECT count(*) FROM attempt a JOIN subscription s ON s.id = a.subscription"
                f" WHERE s.name = '{name}' AND a.error IS NULL"
            )
            for number in range(1, count + 1):
                nodes.start_one(f"node-{number}")
            if not wait_until(lambda: nodes.database.number(done) > backlog // 20, START_SECONDS):
                raise RuntimeError("Nothing is worked off")
            first, began, before = nodes.database.number(done), time.monotonic(), nodes.cpu()
            goal = backlog * 19 // 20
            # Counting takes the database's time too, the more the larger the backlog.
            if not wait_until(lambda: nodes.database.number(done) >= goal, 600, step=max(0.1, backlog / 500_000)):
                raise RuntimeError("The backlog is not worked off")
            last, took, after = nodes.database.number(done), time.monotonic() - began, nodes.cpu()
            results[count] = {
                "rate": (last - first) / took,
                "nodeMicros": (after[0] - before[0]) * 1e6 / (last - first),
                "databaseMicros": (after[1] - before[1]) * 1e6 / (last - first),
            }
            nodes.stop_nodes()
    return results


def main() -> int:
    options = arguments()
    machine = report.machine()
    events.events_file()
    accepted: dict[str, list[dict]] = {setup.name: [] for setup in SETUPS}
    rounds = options.rounds if "accept" in options.only else 0
    for number in range(rounds):
        for setup in SETUPS if number % 2 == 0 else reversed(SETUPS):
            result = accept(setup, options)
            accepted[setup.name].append(result)
            print(f"round {number + 1}: {setup.label}: {result}", file=sys.stderr)
    times = take_over(options.kills) if "takeover" in options.only else []
    backlog = work_off(options.backlog, options.nodes) if "backlog" in options.only else {}
    whole = {
        "machine": machine, "options": vars(options), "accepted": accepted, "takeOverSeconds": times, "backlog": backlog,
    }  # fmt: skip
    report.save("cluster", whole, write(accepted, times, backlog, machine, options), options.publish)
    return 1 if any(result["problems"] for results in accepted.values() for result in results) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/cluster", description=__doc__)
    parts = ["accept", "takeover", "backlog"]
    parser.add_argument("--only", nargs="+", choices=parts, default=parts)
    parser.add_argument("--quick", action="store_true", help="two rounds of 5 s instead of four of 8 s")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--seconds", type=float)
    parser.add_argument("--warm-up", type=float)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--backlog", type=int, default=100_000, help="deliveries to work off, such as 1000000")
    parser.add_argument("--nodes", type=int, nargs="+", default=[1, 2, 3], help="that work it off")
    parser.add_argument("--publish", action="store_true", help="also write bench/RESULTS-cluster.md, to be committed")
    options = parser.parse_args()
    usual = {"rounds": 2, "seconds": 5, "warm_up": 6} if options.quick else {"rounds": 4, "seconds": 8, "warm_up": 12}
    for name, value in usual.items():
        if getattr(options, name) is None:
            setattr(options, name, value)
    return options


def write(accepted: dict, times: list[float], backlog: dict, machine: dict, options) -> str:
    text = "# A log in PostgreSQL\n\n" + report.machine_line(machine)
    if any(accepted.values()):
        text += (
            f"\n## Accepting\n\n{CONNECTIONS} connections, push events of {events.mean_size():,.0f} bytes; {options.rounds} rounds"
            f" of {options.seconds:g} s after {options.warm_up:g} s of warming up; everything, the load too, on this machine.\n\n"
        ) + rates(accepted)
    if times:
        text += (
            f"\n## Taking over\n\nFrom `kill -9` of one of two nodes until the other holds everything, {len(times)} times:"
            f" {report.spread(times, 1)} s.\n"
        )
    if backlog:
        head = ["nodes", "deliveries/s", "over one node", "CPU µs/delivery, nodes", "database"]
        first = next(iter(backlog.values()))["rate"]
        rows = [
            [str(count), f"{of['rate']:,.0f}", f"{of['rate'] / first:.2f}", f"{of['nodeMicros']:.0f}", f"{of['databaseMicros']:.0f}"]
            for count, of in backlog.items()
        ]
        text += f"\n## Working off\n\n{options.backlog:,} deliveries, a route that does nothing.\n\n" + report.table(head, rows)
    return text


def rates(accepted: dict) -> str:
    base = median(row["rate"] for row in accepted["file"])
    head = ["", "202/s", "over a file", "p50 ms", "p99 ms", "CPU µs/202, nodes", "database", "202 a commit", "bytes each"]
    rows = []
    for setup in SETUPS:
        found = accepted[setup.name]
        rows.append([
            setup.label,
            report.spread([row["rate"] for row in found]),
            f"{median(row['rate'] for row in found) / base:.2f}",
            report.spread([row["p50"] for row in found], 1),
            report.spread([row["p99"] for row in found], 1),
            report.spread([row["nodeMicros"] for row in found]),
            report.spread([row["databaseMicros"] for row in found]) if setup.database else "–",
            report.spread([row["deliveriesPerTransaction"] for row in found]) if setup.database else "–",
            f"{median(row['bytesPerDelivery'] for row in found):,.0f}",
        ])  # fmt: skip
    problems = [f"* {name}: {problem}" for name, found in accepted.items() for row in found for problem in row["problems"]]
    good = "\nEvery answer was 202, and every log holds what was answered so.\n"
    return report.table(head, rows) + ("\n" + "\n".join(problems) + "\n" if problems else good)


if __name__ == "__main__":
    sys.exit(main())
