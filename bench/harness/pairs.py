"""bench/pairs: ratios of two things that are loaded in turn, in slices of seconds, while both are running."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

from harness import HOME, WORK, events, report
from harness.candidates import ALL, POST_ON, Candidate
from harness.load import Load, send_load
from harness.measure import await_start
from harness.processes import Server
from harness.receiver import Receiver

CANDIDATES = {one.name: one for one in ALL + POST_ON}
# By then a pause or a resume has had its effect.
SETTLED_SECONDS = 0.7


@dataclass(frozen=True)
class Side:
    """What is loaded: a candidate; with the name of a subscription, one that runs or is paused meanwhile."""

    candidate: str
    subscription: str = ""
    paused: bool = False

    def label(self) -> str:
        said = CANDIDATES[self.candidate].label
        return said + (", paused" if self.paused else ", running" if self.subscription else "")


COMPARISONS = {
    "http": (Side("caravan-http", "post-on"), Side("caravan-http", "post-on", paused=True)),
    "trivial": (Side("caravan-trivial", "trivial-1"), Side("caravan-trivial", "trivial-1", paused=True)),
    "octokit": (Side("caravan"), Side("octokit")),
    "ceiling": (Side("caravan"), Side("ceiling")),
    "same": (Side("caravan"), Side("caravan")),
}


@dataclass
class Slice:
    load: Load
    cpu_micros: float


def main() -> int:
    options = arguments()
    machine = report.machine()
    events.events_file()
    results: dict[str, list[tuple[Slice, Slice]]] = {}
    for name in options.only or COMPARISONS:
        results[name] = compare(name, options)
    markdown = write(results, machine, options)
    kept = {name: [[asdict(one) for one in pair] for pair in pairs] for name, pairs in results.items()}
    report.save("pairs", {"machine": machine, "options": vars(options), "results": kept}, markdown, options.publish)
    return 1 if any(one.load.errors for pairs in results.values() for pair in pairs for one in pair) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/pairs", description=__doc__)
    parser.add_argument("--pairs", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=4, help="of load for each half of a pair")
    parser.add_argument("--warm-up", type=float, default=40, help="seconds of load before, for each server")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=COMPARISONS, help=" ".join(COMPARISONS))
    parser.add_argument("--cores", metavar="LIST", help="pin the servers to these (taskset's --cpu-list); not wrk or nginx")
    parser.add_argument("--publish", action="store_true", help="also write bench/RESULTS-pairs.md, to be committed")
    return parser.parse_args()


def compare(name: str, options) -> list[tuple[Slice, Slice]]:
    directory = WORK / "run" / f"pairs-{name}"
    shutil.rmtree(directory, ignore_errors=True)
    receiver = Receiver(directory / "receiver")
    os.environ["RECEIVER"] = receiver.url
    sides = COMPARISONS[name]
    servers: dict[str, tuple[Server, int]] = {}
    try:
        for candidate in dict.fromkeys(side.candidate for side in sides):
            servers[candidate] = started(CANDIDATES[candidate], directory / candidate, options)
        pairs = []
        for number in range(options.pairs):
            # Each other pair the other way round, so that neither always comes first.
            turn = sides if number % 2 == 0 else sides[::-1]
            slices = [loaded(side, *servers[side.candidate], options) for side in turn]
            pair = (slices[0], slices[1]) if number % 2 == 0 else (slices[1], slices[0])
            pairs.append(pair)
            print(f"{name}, pair {number + 1}: {pair[0].load.rate:,.0f}/s, {pair[1].load.rate:,.0f}/s", file=sys.stderr)
        return pairs
    finally:
        for server, _ in servers.values():
            server.stop(patience=10)
        receiver.stop()
        shutil.rmtree(directory, ignore_errors=True)


def started(candidate: Candidate, directory: Path, options) -> tuple[Server, int]:
    server, port = candidate.start(directory, options.cores)
    await_start(candidate, server, port)
    send_load(port, options.connections, options.warm_up)
    return server, port


def loaded(side: Side, server: Server, port: int, options) -> Slice:
    if side.subscription:
        tell(server, "pause" if side.paused else "resume", side.subscription)
        time.sleep(SETTLED_SECONDS)
    before = server.cpu()
    load = send_load(port, options.connections, options.seconds)
    return Slice(load, (server.cpu() - before) * 1e6 / max(1, load.answers))


def tell(server: Server, what: str, subscription: str) -> None:
    """Pauses or resumes it, as a user would."""
    said = re.search(r"Health\s+http://[^:]+:(\d+)", server.output.read_text())
    if not said:
        raise RuntimeError(f"no management port in {server.output}")
    data = str(server.output.parent / "data")
    command = [str(HOME / "caravan"), "subscriptions", what, subscription, "--data", data, "--management-port", said[1]]
    subprocess.run(command, check=True, capture_output=True, text=True)


def write(results: dict[str, list[tuple[Slice, Slice]]], machine: dict, options) -> str:
    text = "# In turn\n\n" + report.machine_line(machine)
    text += (
        f"Push events of {events.mean_size():,.0f} bytes over {options.connections} connections; {options.pairs} pairs of twice"
        f" {options.seconds:g} s after {options.warm_up:g} s of warming up"
        f"{f', the servers on core {options.cores} only' if options.cores else ''}; median (least–most). How to read it:"
        " bench/README.md.\n\n"
    )
    head = ["", "requests/s", "p99 ms", "CPU µs/request", "ratio of a pair's rates", "of its CPU"]
    rows = []
    for name, pairs in results.items():
        ratios = [report.spread([of(*pair) for pair in pairs], 2) for of in (of_rates, of_cpu)]
        for at, side in enumerate(COMPARISONS[name]):
            mine = [pair[at] for pair in pairs]
            rows.append([
                side.label(),
                report.spread([one.load.rate for one in mine]),
                f"{median(one.load.p99 for one in mine):,.1f}",
                f"{median(one.cpu_micros for one in mine):,.0f}",
                *(ratios if at == 0 else ["", ""]),
            ])  # fmt: skip
    return text + report.table(head, rows)


def of_rates(one: Slice, other: Slice) -> float:
    return one.load.rate / other.load.rate


def of_cpu(one: Slice, other: Slice) -> float:
    return one.cpu_micros / other.cpu_micros


if __name__ == "__main__":
    sys.exit(main())
