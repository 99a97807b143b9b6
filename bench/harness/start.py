"""bench/start: from the command to the first 202, on a warm disk; and what Caravan has in memory when idle."""

import argparse
import shutil
import sys
import time
from dataclasses import replace
from pathlib import Path

from harness import HOME, JAR, WORK, events, report
from harness.candidates import CARAVAN, Candidate, caravan
from harness.load import answers_with, listens
from harness.processes import wait_until

SETTLED_SECONDS = 5


def bare_java(port: int, directory: Path) -> list[str]:
    """Without the class-data archive that the launcher makes: how README.md runs the jar on a server."""
    launched = CARAVAN.command(port, directory)
    return ["java", "-Xmx256m", "-XX:+UseSerialGC", "-jar", str(JAR), *launched[1:]]


MEASURED = [
    replace(CARAVAN, name="archive", label="./caravan run, no route"),
    caravan("archive-shipped", "./caravan run, the shipped routes", routes=HOME / "routes"),
    replace(CARAVAN, name="no-archive", label="java -jar caravan.jar, no route", command=bare_java),
]


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/start", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    machine = report.machine()
    events.events_file()
    results: dict[str, list[dict]] = {candidate.name: [] for candidate in MEASURED}
    for candidate in MEASURED:
        measure(candidate, settle=0)  # so that the files are in the page cache
    for _ in range(options.rounds):
        for candidate in MEASURED:
            results[candidate.name].append(measure(candidate, SETTLED_SECONDS))
    rows = [
        [
            candidate.label,
            report.spread([one["millis"] for one in results[candidate.name]]),
            report.spread([one["cpuMillis"] for one in results[candidate.name]]),
            report.spread([one["idle"] / 1e6 for one in results[candidate.name]]),
        ]
        for candidate in MEASURED
    ]
    text = "# Start\n\n" + report.machine_line(machine) + "\n"
    text += report.table(["", "to the first 202, ms", "CPU until then, ms", "RSS idle, MB"], rows)
    report.save("start", {"machine": machine, "options": vars(options), "results": results}, text)
    return 0


def measure(candidate: Candidate, settle: float) -> dict:
    directory = WORK / "run" / f"start-{candidate.name}"
    shutil.rmtree(directory, ignore_errors=True)
    begin = time.monotonic()
    server, port = candidate.start(directory)
    try:
        if not wait_until(lambda: listens(port) and answers_with(port, 202), 60, step=0.005):
            raise RuntimeError(f"{candidate.label} did not start; see {server.output}")
        taken, cpu = time.monotonic() - begin, server.cpu()
        time.sleep(settle)
        return {"millis": taken * 1000, "cpuMillis": cpu * 1000, "idle": server.memory(server.processes())}
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
