"""bench/large: bodies of 25 MiB, GitHub's largest."""

import argparse
import json
import shutil
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from harness import WORK, events, report
from harness.candidates import CARAVAN
from harness.load import answers_with, post
from harness.log_file import LogFile
from harness.measure import START_SECONDS, Memory
from harness.processes import wait_until

SIZE = 25 << 20


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench/large", description=__doc__)
    parser.add_argument("--count", type=int, default=20, help="bodies for each number of senders")
    parser.add_argument("--senders", type=int, nargs="+", default=[1, 4])
    options = parser.parse_args()
    machine = report.machine()
    body = large_body()
    results = measure(body, options)
    rows = [
        [
            str(senders),
            f"{result['rate']:.2f}",
            report.spread(result["millis"]),
            f"{result['cpuMillis']:,.0f}",
            f"{result['memory'] / 1e6:,.0f}",
        ]
        for senders, result in results["senders"].items()
    ]
    text = "# Bodies of 25 MiB\n\n" + report.machine_line(machine) + "\n"
    text += report.table(["senders", "bodies/s", "ms each", "CPU ms each", "RSS MB"], rows)
    text += f"\n{results['bytesPerDelivery'] / SIZE:.1%} of their size on disk. "
    text += "; ".join(results["problems"]) or "Every answer was 202, and the log holds all of them."
    report.save("large", {"machine": machine, "options": vars(options), "results": results}, text + "\n")
    return 1 if results["problems"] else 0


def large_body() -> bytes:
    """One push of very many commits, filled up to the last byte."""
    pushes = events.variants(200)
    commits = [json.loads(push)["head_commit"] for push in pushes]
    event = json.loads(pushes[0])
    size = len(json.dumps(commits, separators=(",", ":"), ensure_ascii=False).encode())
    event["commits"] = commits * (SIZE // size - 1)
    event["filler"] = ""
    missing = SIZE - len(encoded(event))
    event["filler"] = (" ".join(events.WORDS) * (missing // 50))[:missing]
    return encoded(event)


def encoded(event: dict) -> bytes:
    return json.dumps(event, separators=(",", ":"), ensure_ascii=False).encode()


def measure(body: bytes, options) -> dict:
    directory = WORK / "run" / "large"
    shutil.rmtree(directory, ignore_errors=True)
    server, port = CARAVAN.start(directory)
    log = LogFile(directory / "data")
    signed = events.signature(body)
    result: dict = {"senders": {}, "problems": []}
    try:
        if not wait_until(lambda: answers_with(port, 202), START_SECONDS):
            raise RuntimeError(f"Caravan did not start; see {server.output}")

        def send(_: int) -> tuple[float, int]:
            begin = time.monotonic()
            status = post(port, body, signed, timeout=60)
            return (time.monotonic() - begin) * 1000, status

        for _ in range(3):
            send(0)  # warm up
        sent = log.deliveries()
        for senders in options.senders:
            cpu, begin = server.cpu(), time.monotonic()
            with Memory(server) as memory, ThreadPoolExecutor(senders) as pool:
                answers = list(pool.map(send, range(options.count)))
            took = time.monotonic() - begin
            wrong = [status for _, status in answers if status != 202]
            if wrong:
                result["problems"].append(f"with {senders} senders, {len(wrong)} answers were not 202: {sorted(set(wrong))}")
            sent += len(answers) - len(wrong)
            result["senders"][senders] = {
                "rate": len(answers) / took,
                "millis": [millis for millis, _ in answers],
                "cpuMillis": (server.cpu() - cpu) * 1000 / len(answers),
                "memory": memory.most,
            }
        if log.deliveries() != sent:
            result["problems"].append(f"{log.deliveries()} deliveries in the log, {sent} answers 202")
    finally:
        server.stop()
    result["bytesPerDelivery"] = log.bytes() / log.deliveries()
    shutil.rmtree(directory, ignore_errors=True)
    return result


if __name__ == "__main__":
    sys.exit(main())
