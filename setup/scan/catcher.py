"""What waits to be called: the scanners leave its address in every field, and nobody but them may know it.

wapiti asks an endpoint on the internet who called; here it asks this one, so that nothing leaves the machine. Whoever calls
it for anything else was talked into it.
"""

import http.server
import threading


class Catcher(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Calls)
        self.address = "http://127.0.0.1:%d/" % self.server_address[1]
        self.calls = []
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Calls(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        if not self.path.startswith("/get_"):
            self.server.calls.append("%s %s" % (self.command, self.path))
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_POST = do_HEAD = do_GET
