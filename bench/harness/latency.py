"""bench/latency: how long an answer takes at a fixed rate, and how long after it a route begins."""

import argparse
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from harness import BENCH, JAR, WORK, events, report
from harness.candidates import ALL, CARAVAN, Candidate, caravan
from harness.load import answers_with, refuses_forgeries
from harness.log_file import LogFile
from harness.measure import START_SECONDS, finish_routes
from harness.processes import wait_until

OCTOKIT = next(candidate for candidate in ALL if candidate.name == "octokit")
MEASURED = [CARAVAN, caravan("route-start", "Caravan, a route that notes the time", routes=BENCH / "routes"), OCTOKIT]


def main() -> int:
    options = arguments()
    machine = report.machine()
    events.events_file()
    measured = [candidate for candidate in MEASURED if candidate is not OCTOKIT or options.peer]
    results: dict[str, dict[int, list[dict]]] = {one.name: {rate: [] for rate in options.rates} for one in measured}
    for number in range(options.rounds):
        for candidate in measured if number % 2 == 0 else reversed(measured):
            for rate in options.rates:
                result = measure(candidate, rate, options)
                results[candidate.name][rate].append(result)
                print(f"round {number + 1}: {candidate.label}, {rate}/s: {result}", file=sys.stderr)
    markdown = write(measured, results, machine, options)
    report.save("latency", {"machine": machine, "options": vars(options), "results": results}, markdown)
    everything = [result for rates in results.values() for rounds in rates.values() for result in rounds]
    return 1 if any(result["problems"] for result in everything) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/latency", description=__doc__)
    parser.add_argument("--rates", type=int, nargs="+", default=[500, 2000], help="events a second (500 2000)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=15, help="measured, after --warm-up seconds at the same rate")
    parser.add_argument("--warm-up", type=int, default=10)
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--peer", action="store_true", help="@octokit/webhooks too, as a yardstick")
    return parser.parse_args()


def measure(candidate: Candidate, rate: int, options) -> dict:
    directory = WORK / "run" / f"latency-{candidate.name}"
    shutil.rmtree(directory, ignore_errors=True)
    starts, answers = directory / "starts.txt", directory / "answers.txt"
    os.environ["ROUTE_STARTS"] = str(starts)
    server, port = candidate.start(directory)
    log = LogFile(directory / "data") if candidate.stores else None
    try:
        if not wait_until(lambda: answers_with(port, candidate.status), START_SECONDS) or not refuses_forgeries(port):
            raise RuntimeError(f"{candidate.name} does not answer as it should; see {server.output}")
        before = log.deliveries() if log else 0
        load = subprocess.run(
            [
                "java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", f"{WORK / 'classes'}:{JAR}", "OpenLoop", str(port),
                str(events.EVENTS), str(rate), str(options.warm_up), str(options.seconds), str(options.connections),
                str(candidate.status), str(answers),
            ],
            capture_output=True, text=True, check=True, timeout=options.warm_up + options.seconds + 90,
        )  # fmt: skip
        result = json.loads(load.stdout) | finish_routes(candidate, log, catch_up=True)
        problems = [f"{result['wrong']} wrong answers: {load.stderr}"] if result["wrong"] else []
        # Unlike wrk, this generator waits for every answer: the numbers are the same or something is wrong.
        if log and log.deliveries() != before + result["sent"]:
            problems.append(f"{log.deliveries() - before} deliveries in the log, {result['sent']} sent")
    finally:
        server.stop()
    if starts.exists():
        result |= from_answer_to_route(times(answers), times(starts))
    shutil.rmtree(directory, ignore_errors=True)
    return result | {"problems": problems}


def times(file: Path) -> dict[str, int]:
    return {guid: int(nanos) for guid, nanos in (line.split() for line in file.read_text().splitlines())}


def from_answer_to_route(answered: dict[str, int], started: dict[str, int]) -> dict:
    """In milliseconds. Below zero: the route began before the sender had read its answer."""
    lags = sorted((started[guid] - at) / 1e6 for guid, at in answered.items() if guid in started)
    if not lags:
        return {"routed": 0}
    pick = lambda part: round(lags[min(len(lags) - 1, int(len(lags) * part))], 3)  # noqa: E731
    return {"routed": len(lags), "routeP50": pick(0.5), "routeP99": pick(0.99), "routeP999": pick(0.999)}


def write(measured: list[Candidate], results: dict, machine: dict, options) -> str:
    head = ["candidate", "rate", "p50 ms", "p99 ms", "p99.9 ms", "longest ms"]
    rows, route_rows = [], []
    for candidate in measured:
        for rate in options.rates:
            found = results[candidate.name][rate]
            cells = [report.spread([one[key] for one in found], 2) for key in ("p50", "p99", "p999", "max")]
            rows.append([candidate.label, f"{rate}/s", *cells])
            if any("routeP50" in one for one in found):
                keys = ("routeP50", "routeP99", "routeP999")
                lags = [report.spread([one[key] for one in found if key in one], 2) for key in keys]
                route_rows.append([f"{rate}/s", *lags])
    text = "# Latency at a fixed rate\n\n" + report.machine_line(machine)
    text += f"\nFrom the intended moment of sending to the end of the answer; {options.rounds} rounds.\n\n"
    text += report.table(head, rows)
    text += "\n## From the answer at the sender to the start of the route\n\n"
    text += report.table(["rate", "p50 ms", "p99 ms", "p99.9 ms"], route_rows)
    return text


if __name__ == "__main__":
    sys.exit(main())
