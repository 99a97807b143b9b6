"""A receiver that deliveries are posted on to: nginx, which costs little and needs no warming up, and counts."""

import http.client
import re
import time
from pathlib import Path

from harness.processes import Server, free_port, wait_until

CONFIGURATION = """\
daemon off;
worker_processes 1;
pid nginx.pid;
error_log stderr crit;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  client_max_body_size 100m;
  client_body_temp_path bodies;
  keepalive_requests 1000000000;
  server {{
    listen 127.0.0.1:{port};
    location / {{ return 200 "ok"; }}
    location = /count {{ stub_status; }}
  }}
}}
"""


class Receiver:
    def __init__(self, directory: Path):
        self.port = free_port()
        self.asked = 0
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "nginx.conf").write_text(CONFIGURATION.format(port=self.port))
        self.server = Server(
            ["/usr/sbin/nginx", "-p", str(directory), "-c", "nginx.conf", "-e", "stderr"], directory, {}
        )
        if not wait_until(self._listens, 10):
            raise RuntimeError(f"nginx does not listen; see {self.server.output}")

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def count(self) -> int:
        """Requests so far, without those that ask for it."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", "/count")
            text = connection.getresponse().read().decode()
        finally:
            connection.close()
        self.asked += 1
        return int(re.search(r"^ \d+ \d+ (\d+)", text, re.MULTILINE).group(1)) - self.asked

    def wait_until_quiet(self, expected: int, seconds: float) -> tuple[int, float]:
        """Waits for that many; returns how many came, and when the last was seen, in monotonic seconds."""
        deadline = time.monotonic() + seconds
        last, at = self.count(), time.monotonic()
        while last < expected and time.monotonic() < deadline:
            time.sleep(0.1)
            now = self.count()
            if now > last:
                last, at = now, time.monotonic()
            elif time.monotonic() - at > 3:
                break  # nothing more comes
        return last, at

    def stop(self) -> None:
        self.server.stop()

    def _listens(self) -> bool:
        try:
            return self.count() >= 0
        except OSError:
            return False
