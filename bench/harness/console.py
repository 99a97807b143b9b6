"""bench/console: what ten people who watch the live list cost those who send."""

import argparse
import http.client
import json
import re
import shutil
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlencode

from harness import JAR, WORK, events, report
from harness.candidates import caravan
from harness.load import answers_with, send_load
from harness.measure import START_SECONDS
from harness.processes import Server, wait_until

MOST_FALL = 0.05
CARAVAN = caravan("console", "Caravan, one trivial route", subscriptions=1)


class Watcher(threading.Thread):
    """A browser's live list, as far as the server sees one: logged in, reading what is sent."""

    def __init__(self, port: int, cookie: str):
        super().__init__(daemon=True)
        self.connection = http.client.HTTPConnection("localhost", port)
        self.connection.request("GET", "/live", headers={"Cookie": cookie})
        self.answer = self.connection.getresponse()
        if self.answer.status != 200:
            raise RuntimeError(f"/live answers {self.answer.status}")
        self.received = 0

    def run(self) -> None:
        try:
            while some := self.answer.read1(65536):
                self.received += len(some)
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            pass  # closed under it, which http.client calls by several names

    def close(self) -> None:
        self.connection.close()


class Console:
    """The management port of a server that was started."""

    def __init__(self, server: Server, directory: Path):
        health = re.compile(r"http://localhost:(\d+)/observe")  # said a moment after the first 202
        if not wait_until(lambda: health.search(server.output.read_text()), START_SECONDS):
            raise RuntimeError(f"Caravan does not say where its management port is; see {server.output}")
        self.port = int(health.search(server.output.read_text()).group(1))
        self.token = (directory / "data" / "management-token").read_text().strip()

    def cookie(self) -> str:
        origin = f"http://localhost:{self.port}"
        headers = {"Origin": origin, "Content-Type": "application/x-www-form-urlencoded"}
        answer = self._post("/login", headers, urlencode({"token": self.token}))
        return answer.getheader("Set-Cookie").partition(";")[0]

    def link(self) -> str:
        answer = self._post("/api/console-links", {"Authorization": f"Bearer {self.token}"}, "")
        return f"http://localhost:{self.port}{json.load(answer)['path']}"

    def _post(self, path: str, headers: dict[str, str], body: str) -> http.client.HTTPResponse:
        connection = http.client.HTTPConnection("localhost", self.port, timeout=10)
        connection.request("POST", path, body, headers)
        return connection.getresponse()


def main() -> int:
    options = arguments()
    machine = report.machine()
    events.events_file()
    results: dict[str, list[dict]] = {"nobody": [], "watched": []}
    for number in range(options.rounds):
        for who in sorted(results, reverse=number % 2 == 1):
            results[who].append(measure(who == "watched", options))
            print(f"round {number + 1}, {who}: {results[who][-1]}", file=sys.stderr)
    fall = 1 - median(results["watched"], "rate") / median(results["nobody"], "rate")
    report.save(
        "console",
        {"machine": machine, "options": vars(options), "results": results, "fall": fall},
        write(results, machine, options, fall),
    )
    wrong = sum(one["wrong"] for rounds in results.values() for one in rounds)
    return 1 if fall > MOST_FALL or wrong else 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench/console", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--watchers", type=int, default=10, help="live lists; one more is a real browser's, if there is one")
    parser.add_argument("--rate", type=int, default=2000, help="deliveries a second, for latency and cost")
    parser.add_argument("--seconds", type=int, default=10, help="of each of the two loads")
    return parser.parse_args()


def measure(watched: bool, options) -> dict:
    directory = WORK / "run" / "console"
    shutil.rmtree(directory, ignore_errors=True)
    server, port = CARAVAN.start(directory)
    watchers: list[Watcher] = []
    browser = None
    try:
        if not wait_until(lambda: answers_with(port, 202), START_SECONDS):
            raise RuntimeError(f"Caravan does not answer; see {server.output}")
        if watched:
            console = Console(server, directory)
            cookie = console.cookie()
            watchers = [Watcher(console.port, cookie) for _ in range(options.watchers)]
            for watcher in watchers:
                watcher.start()
            browser = open_browser(console.link(), directory / "browser")
        send_load(port, 64, 3)  # to warm up
        before = server.cpu()
        steady = open_loop(port, options, directory / "answers.txt")
        cpu = (server.cpu() - before) / steady["sent"] * 1e6
        load = send_load(port, 64, options.seconds)
        return {
            "rate": steady["rate"],
            "fullRate": load.rate,
            "wrong": steady["wrong"] + sum(load.errors.values()),
            "p50": steady["p50"],
            "p99": steady["p99"],
            "cpuMicros": cpu,
            "received": min((watcher.received for watcher in watchers), default=0),
        }
    finally:
        for watcher in watchers:
            watcher.close()
        if browser:
            browser.stop(5)
        server.stop()
        shutil.rmtree(directory, ignore_errors=True)


def open_loop(port: int, options, answers: Path) -> dict:
    load = subprocess.run(
        [
            "java", "-Xmx1g", "-XX:+UseSerialGC", "-cp", f"{WORK / 'classes'}:{JAR}", "OpenLoop", str(port),
            str(events.EVENTS), str(options.rate), "2", str(options.seconds), "64", "202", str(answers),
        ],
        capture_output=True, text=True, check=True, timeout=options.seconds + 90,
    )  # fmt: skip
    return json.loads(load.stdout) | {"rate": accepted(answers)}


def accepted(answers: Path) -> float:
    """A second, from the first answer after the warm-up to the last."""
    times = sorted(int(line.split()[1]) for line in answers.read_text().splitlines())
    return (len(times) - 1) / (times[-1] - times[0]) * 1e9


def open_browser(link: str, directory: Path) -> Server | None:
    chromium = shutil.which("chromium")
    if chromium is None:
        print("No chromium here: only what a browser asks for is measured, not a browser", file=sys.stderr)
        return None
    command = [
        chromium, "--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        f"--user-data-dir={directory / 'profile'}", "--remote-debugging-port=0", link,
    ]  # fmt: skip
    browser = Server(command, directory, {})
    time.sleep(2)  # its own start is not measured
    return browser


def median(rounds: list[dict], key: str) -> float:
    return sorted(one[key] for one in rounds)[len(rounds) // 2]


def write(results: dict[str, list[dict]], machine: dict, options, fall: float) -> str:
    rows = [
        [
            label,
            report.spread([one["rate"] for one in results[who]]),
            report.spread([one["fullRate"] for one in results[who]]),
            report.spread([one["p50"] for one in results[who]], 2),
            report.spread([one["p99"] for one in results[who]], 2),
            report.spread([one["cpuMicros"] for one in results[who]]),
        ]
        for who, label in (("nobody", "nobody"), ("watched", f"{options.watchers} live lists and a browser"))
    ]
    text = "# Watched by ten\n\n" + report.machine_line(machine)
    text += f"\nOf {options.rate} deliveries a second, the accept rate falls by {fall:.1%}; up to {MOST_FALL:.0%} is allowed. {options.rounds} rounds.\n\n"
    sent = f"at {options.rate}/s"
    head = ["who watches", f"accepted/s {sent}", "accepted/s at full load", f"p50 ms {sent}", f"p99 ms {sent}", f"CPU µs each {sent}"]
    return text + report.table(head, rows)


if __name__ == "__main__":
    sys.exit(main())
