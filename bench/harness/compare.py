"""bench/run: Caravan and its peers, side by side in one run."""

import argparse
import sys
from statistics import median

from harness import events, load, report
from harness.candidates import ALL, Candidate, in_turn
from harness.measure import CAUGHT_UP_SECONDS, measure

CONNECTIONS = [64, 256]


def main() -> int:
    options = arguments()
    candidates = [candidate for candidate in ALL if not options.only or candidate.name in options.only]
    machine = report.machine()
    events.events_file()
    results: dict[str, list[dict]] = {candidate.name: [] for candidate in candidates}
    for number, candidate in in_turn(candidates, options.rounds):
        result = measure(candidate, options.warm_up, options.seconds, CONNECTIONS)
        results[candidate.name].append(result)
        rates = ", ".join(f"{row['rate']:,.0f}/s at {clients}" for clients, row in result["rows"].items())
        print(f"round {number}: {candidate.label}: {rates} {result['problems'] or ''}", file=sys.stderr)
    payload = events.mean_size()
    whole = {"machine": machine, "payloadBytes": payload, "options": vars(options), "results": results}
    markdown = write(candidates, results, machine, payload, options)
    report.save("run", whole, markdown, options.publish)
    return 1 if any(result["problems"] for rounds in results.values() for result in rounds) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="about four minutes instead of twenty")
    parser.add_argument("--rounds", type=int, help="how often each candidate is measured (3; quick 2)")
    parser.add_argument("--seconds", type=float, help="of load for each number of connections (8; quick 3)")
    parser.add_argument("--warm-up", type=float, help="seconds of load before that (15; quick 5)")
    parser.add_argument("--only", nargs="+", metavar="NAME", help=" ".join(candidate.name for candidate in ALL))
    parser.add_argument("--publish", action="store_true", help="also write bench/RESULTS.md, to be committed")
    options = parser.parse_args()
    for name, value in {"rounds": 2, "seconds": 3, "warm_up": 5}.items() if options.quick else {
        "rounds": 3, "seconds": 8, "warm_up": 15}.items():  # fmt: skip
        if getattr(options, name) is None:
            setattr(options, name, value)
    unknown = set(options.only or []) - {candidate.name for candidate in ALL}
    if unknown:
        parser.error(f"There is no candidate {', '.join(unknown)}")
    return options


def write(candidates: list[Candidate], results: dict, machine: dict, payload: float, options) -> str:
    text = "# Caravan and its peers\n\n" + report.machine_line(machine)
    text += (
        f"Push events of {payload:,.0f} bytes{load.guids()}; {options.rounds} rounds of {options.seconds:g} s after"
        f" {options.warm_up:g} s of warming up; median (least–most). What is compared with what: bench/README.md.\n"
    )
    for connections in CONNECTIONS:
        text += f"\n## {connections} connections\n\n" + rates(candidates, results, connections)
    text += "\n## Ratios of throughput\n\n" + ratios(candidates, results)
    text += "\n## On disk, and the routes\n\n" + kept(candidates, results, payload)
    return text + "\n## Checks\n\n" + checks(candidates, results)


def rates(candidates: list[Candidate], results: dict, connections: int) -> str:
    head = ["candidate", "requests/s", "p50 ms", "p99 ms", "CPU µs/request", "RSS MB"]
    lines = []
    for candidate in candidates:
        rows = [result["rows"][connections] for result in results[candidate.name]]
        lines.append([
            candidate.label,
            report.spread([row["rate"] for row in rows]),
            report.spread([row["p50"] for row in rows], 2),
            report.spread([row["p99"] for row in rows], 2),
            report.spread([row["cpuMicros"] for row in rows], 1),
            report.spread([row["memory"] / 1e6 for row in rows]),
        ])  # fmt: skip
    return report.table(head, lines)


def ratios(candidates: list[Candidate], results: dict) -> str:
    """Ratios of the medians of one run: what can be carried to another machine, more than any rate can."""

    def rate(name: str, connections: int) -> float:
        return median(result["rows"][connections]["rate"] for result in results[name])

    ours = [candidate for candidate in candidates if candidate.stores]
    lines = [
        [f"over {other.label}"]
        + [f"{rate(own.name, at) / rate(other.name, at):.2f}" for own in ours for at in CONNECTIONS]
        for other in candidates
        if not other.stores
    ]
    return report.table([""] + [f"{own.label}, {at}" for own in ours for at in CONNECTIONS], lines)


def kept(candidates: list[Candidate], results: dict, payload: float) -> str:
    head = ["candidate", "bytes/delivery", "of its JSON", "caught up after, s", f"behind after {CAUGHT_UP_SECONDS} s"]
    lines = []
    for candidate in candidates:
        if candidate.stores:
            sizes = [result["bytesPerDelivery"] for result in results[candidate.name]]
            rows = [row for result in results[candidate.name] for row in result["rows"].values()]
            times = [row["caughtUpSeconds"] for row in rows if row.get("caughtUpSeconds") is not None]
            left = [row["behindAfter5s"] for row in rows if "behindAfter5s" in row]
            lines.append([
                candidate.label,
                report.spread(sizes),
                f"{median(sizes) / payload:.1%}",
                report.spread(times, 1) if candidate.routes else "–",
                report.spread(left) if candidate.routes else "–",
            ])  # fmt: skip
    return report.table(head, lines)


def checks(candidates: list[Candidate], results: dict) -> str:
    lines = [
        f"* {candidate.label}, round {number}: {problem}"
        for candidate in candidates
        for number, result in enumerate(results[candidate.name], 1)
        for problem in result["problems"]
    ]
    good = (
        "Every answer was as expected, every forged delivery was refused, and every log holds the deliveries that were"
        " answered 202.\n"
    )
    return "\n".join(lines) + "\n" if lines else good


if __name__ == "__main__":
    sys.exit(main())
