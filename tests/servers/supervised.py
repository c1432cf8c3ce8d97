"""A stand-in for the product: the real supervisor and servers over a page and a worker of a few lines.

Run as `python supervised.py HOME PORT [broken]`.
"""

import os
import sys
from pathlib import Path

from fupin.servers import place, postgres, valkey
from fupin.servers.child import Child
from fupin.servers.console import say
from fupin.servers.supervisor import Plan, Supervisor

WEB = """
import http.server, socket, sys
class Page(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200); self.end_headers(); self.wfile.write(b"ok")
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Page, bind_and_activate=False)
server.socket = socket.socket(fileno=int(sys.argv[1]))
server.serve_forever()
"""


def main() -> int:
    home, port = Path(sys.argv[1]), int(sys.argv[2])
    place.occupy(home)
    listener = place.listen("127.0.0.1", port)
    postgres.start(home / "postgres", durable=False)
    valkey.start(home / "valkey")
    descriptor = listener.detach()
    plan = Plan(home=str(home), port=port, listen_fd=descriptor, postgres=True, valkey=True, banner="READY")
    web = "raise SystemExit(3)" if "broken" in sys.argv else WEB
    environment = dict(os.environ)
    children = [
        Child("web", [sys.executable, "-c", web, str(descriptor)], (descriptor,), environment=environment),
        Child("worker", [sys.executable, "-c", "import time; time.sleep(600)"], environment=environment),
    ]
    say("开始", f"pid {os.getpid()}")
    return Supervisor(plan, children).run()


if __name__ == "__main__":
    raise SystemExit(main())
