"""bench/subscriptions: what each added subscription costs those who send."""

import argparse
import sys
from statistics import median

from harness import events, report
from harness.candidates import CARAVAN, caravan
from harness.measure import measure

CONNECTIONS = 64


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/subscriptions", description=__doc__)
    parser.add_argument("--counts", type=int, nargs="+", default=[1, 9, 10, 100], help="9 and 10 show the tenth's cost")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=8)
    parser.add_argument("--warm-up", type=float, default=15)
    options = parser.parse_args()
    machine = report.machine()
    events.events_file()
    measured = [CARAVAN] + [
        caravan(f"subscriptions-{count}", f"{count} trivial routes, on every event", subscriptions=count)
        for count in options.counts
    ]
    results: dict[str, list[dict]] = {candidate.name: [] for candidate in measured}
    for number in range(options.rounds):
        for candidate in measured if number % 2 == 0 else reversed(measured):
            # Their work is not waited for: a hundred subscriptions have a hundred times as much of it as was sent.
            result = measure(candidate, options.warm_up, options.seconds, [CONNECTIONS], catch_up=False)
            results[candidate.name].append(result)
            print(f"round {number + 1}: {candidate.label}: {result}", file=sys.stderr)
    report.save("subscriptions", {"machine": machine, "options": vars(options), "results": results}, write(measured, results, machine))
    return 1 if any(result["problems"] for rounds in results.values() for result in rounds) else 0


def write(measured, results: dict, machine: dict) -> str:
    text = "# Added subscriptions\n\n" + report.machine_line(machine) + "\n"
    rows = []
    before = None
    for candidate in measured:
        found = [result["rows"][CONNECTIONS] for result in results[candidate.name]]
        rate = median(row["rate"] for row in found)
        rows.append([
            candidate.label,
            report.spread([row["rate"] for row in found]),
            f"{rate / before - 1:+.1%}" if before else "–",
            report.spread([row["p99"] for row in found], 2),
            report.spread([row["cpuMicros"] for row in found], 1),
            report.spread([row["memory"] / 1e6 for row in found]),
            report.spread([result["behind"] for result in results[candidate.name]]),
        ])  # fmt: skip
        before = rate
    head = ["", "202/s", "against the line above", "p99 ms", "CPU µs/202, routes too", "RSS MB", "furthest behind at the end"]
    return text + report.table(head, rows)


if __name__ == "__main__":
    sys.exit(main())
