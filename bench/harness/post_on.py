"""bench/post-on: how many deliveries a second arrive at a receiver behind each candidate, and how many are taken meanwhile."""

import argparse
import os
import shutil
import sys
import time

from harness import WORK, events, report
from harness.candidates import CARAVAN, POST_ON, Candidate, in_turn
from harness.load import refuses_forgeries, send_load
from harness.measure import await_start
from harness.processes import Server
from harness.receiver import Receiver

PATIENCE_SECONDS = 90


def main() -> int:
    options = arguments()
    candidates = [one for one in POST_ON if not options.only or one.name in options.only]
    machine = report.machine()
    events.events_file()
    results: dict[str, list[dict]] = {one.name: [] for one in candidates}
    for number, candidate in in_turn(candidates, options.rounds):
        result = measure(candidate, options)
        results[candidate.name].append(result)
        print(f"round {number}: {candidate.label}: {said(result)}", file=sys.stderr)
    markdown = write(candidates, results, machine, options)
    report.save("post-on", {"machine": machine, "options": vars(options), "results": results}, markdown, options.publish)
    return 1 if any(result["problems"] for rounds in results.values() for result in rounds) else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/post-on", description=__doc__)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=6, help="measured, after each time of --after")
    parser.add_argument("--after", type=float, nargs="+", default=[12, 40], help="seconds of load since the start (12 40)")
    parser.add_argument("--connections", type=int, default=64)
    parser.add_argument("--only", nargs="+", metavar="NAME", help=" ".join(one.name for one in POST_ON))
    parser.add_argument("--cores", metavar="LIST", help="pin the server to these (taskset's --cpu-list); not wrk or nginx")
    parser.add_argument("--publish", action="store_true", help="also write bench/RESULTS-post-on.md, to be committed")
    options = parser.parse_args()
    unknown = set(options.only or []) - {one.name for one in POST_ON}
    if unknown:
        parser.error(f"There is no candidate {', '.join(sorted(unknown))}")
    return options


def measure(candidate: Candidate, options) -> dict:
    """A row for each time of --after, under that time; and what is wrong."""
    directory = WORK / "run" / f"post-on-{candidate.name}"
    shutil.rmtree(directory, ignore_errors=True)
    receiver = Receiver(directory / "receiver")
    os.environ["RECEIVER"] = receiver.url
    server, port = candidate.start(directory, options.cores)
    problems: list[str] = []
    rows: dict[float, dict] = {}
    try:
        await_start(candidate, server, port)
        if not refuses_forgeries(port):
            problems.append("takes forged deliveries")
        spent, taken = 0.0, 1
        for after in options.after:
            load = send_load(port, options.connections, after - spent)
            taken += load.answers
            row, answers = under_load(server, port, receiver, taken, candidate is not CARAVAN, options)
            spent = after + options.seconds
            taken += answers
            rows[after] = row
            if row["errors"]:
                problems.append(f"{row['errors']}")
            if candidate is not CARAVAN and row["posted"] < taken:
                problems.append(f"{taken - row['posted']} of {taken} had not arrived {PATIENCE_SECONDS} s after the load")
        if not server.alive():
            problems.append("died under load")
    finally:
        server.stop(patience=10)
        receiver.stop()
    shutil.rmtree(directory, ignore_errors=True)
    return {"rows": rows, "problems": problems}


def under_load(server: Server, port: int, receiver: Receiver, taken: int, posts: bool, options) -> tuple[dict, int]:
    begin, posted, cpu = time.monotonic(), receiver.count(), server.cpu()
    load = send_load(port, options.connections, options.seconds)
    end, meanwhile = time.monotonic(), receiver.count()
    row = {"rate": load.rate, "p50": load.p50, "p99": load.p99, "longest": load.longest, "errors": load.errors}
    row["postedRate"] = (meanwhile - posted) / (end - begin)
    last, at = receiver.wait_until_quiet(taken + load.answers, PATIENCE_SECONDS) if posts else (meanwhile, end)
    row["posted"] = last
    row["endToEnd"] = (last - posted) / (max(at, end) - begin)
    row["caughtUpSeconds"] = max(0.0, at - end)
    # What a route does after the answers counts too. Of what was left from before, as much is in it as is left out of the rest.
    row["cpuMicros"] = (server.cpu() - cpu) * 1e6 / max(1, last - posted if posts else load.answers)
    return row, load.answers


def said(result: dict) -> str:
    rows = [
        f"after {after:g} s {row['rate']:,.0f}/s taken, p99 {row['p99']:.1f} ms, {row['postedRate']:,.0f}/s posted meanwhile,"
        f" {row['endToEnd']:,.0f}/s until all were ({row['caughtUpSeconds']:.1f} s), {row['cpuMicros']:.0f} µs"
        for after, row in result["rows"].items()
    ]
    return "; ".join(rows) + (f" {result['problems']}" if result["problems"] else "")


def write(candidates: list[Candidate], results: dict, machine: dict, options) -> str:
    text = "# Posted on to a receiver\n\n" + report.machine_line(machine)
    text += (
        f"Push events of {events.mean_size():,.0f} bytes over {options.connections} connections; {options.rounds} rounds of"
        f" {options.seconds:g} s{f', the server on core {options.cores} only' if options.cores else ''};"
        " median (least–most). What the columns mean: bench/README.md.\n"
    )
    for after in options.after:
        text += f"\n## After {after:g} s of load\n\n" + table(candidates, results, after)
    lines = [
        f"* {one.label}, round {number}: {problem}"
        for one in candidates
        for number, result in enumerate(results[one.name], 1)
        for problem in result["problems"]
    ]
    return text + ("\n## Problems\n\n" + "\n".join(lines) + "\n" if lines else "")


def table(candidates: list[Candidate], results: dict, after: float) -> str:
    head = ["candidate", "taken/s", "p99 ms", "end to end/s", "posted/s under load", "caught up after, s", "CPU µs/delivery"]
    lines = []
    for candidate in candidates:
        rows = [result["rows"][after] for result in results[candidate.name]]
        posts = candidate is not CARAVAN
        lines.append([
            candidate.label,
            report.spread([row["rate"] for row in rows]),
            report.spread([row["p99"] for row in rows], 1),
            report.spread([row["endToEnd"] for row in rows]) if posts else "–",
            report.spread([row["postedRate"] for row in rows]) if posts else "–",
            report.spread([row["caughtUpSeconds"] for row in rows], 1) if posts else "–",
            report.spread([row["cpuMicros"] for row in rows]),
        ])  # fmt: skip
    return report.table(head, lines)


if __name__ == "__main__":
    sys.exit(main())
