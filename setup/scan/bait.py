"""A server with holes, to prove that the scanners find what is there: each page has one, and says which.

It listens on loopback while the controls run and no longer. What it reads and asks is of its own: a table in memory, and
on PostgreSQL the throw-away server of `setup/postgres`.
"""

import html
import http.server
import os
import sqlite3
import subprocess
import threading
import urllib.parse
import urllib.request

ROWS = "CREATE TABLE bills (id INTEGER, number TEXT); INSERT INTO bills VALUES (1, 'A-1'), (2, 'A-2'), (3, 'B-1');"
PAGE = """<!DOCTYPE html><html><head><title>Bait</title></head><body>
<a href="/echo?word=hello">echo</a> <a href="/rows?number=A-1">rows</a> <a href="/read?name=motd">read</a>
<a href="/go?to=/">go</a> <a href="/fetch?from=http://127.0.0.1/">fetch</a> <a href="/kept">kept</a>
<form method="post" action="/kept"><input name="note" value="x"><input type="submit"></form></body></html>"""


class Bait(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, fetches_from):
        super().__init__(("127.0.0.1", 0), Pages)
        self.port = self.server_address[1]
        self.fetches_from = fetches_from
        self.lock = threading.Lock()
        self.kept = []
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.executescript(ROWS)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A scanner that hangs up is no news."""

    def rows(self, number):
        """The hole: text of the visitor becomes part of a statement."""
        with self.lock:
            found = self.database.execute("SELECT number FROM bills WHERE number = '%s'" % number)
            return [row[0] for row in found.fetchmany(50)]

    def rows_of_postgres(self, number):
        table = "(VALUES (1, 'A-1'), (2, 'A-2'), (3, 'B-1')) AS bills (id, number)"
        text = "SELECT number FROM %s WHERE number = '%s'" % (table, number)
        asked = subprocess.run(
            ["psql", "-qAtX", os.environ["TEST_DATABASE_PORTAL_URL"], "-c", text],
            capture_output=True, text=True, timeout=30, check=False,
        )
        if asked.returncode:
            raise sqlite3.Error(asked.stderr)
        return asked.stdout.split()


class Pages(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        parts = urllib.parse.urlsplit(self.path)
        self.page(parts.path, dict(urllib.parse.parse_qsl(parts.query, keep_blank_values=True)))

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length") or 0)).decode("utf-8", "replace")
        self.page(urllib.parse.urlsplit(self.path).path, dict(urllib.parse.parse_qsl(body, keep_blank_values=True)))

    def page(self, path, fields):
        if path == "/":
            self.say(200, PAGE)
        elif path == "/echo":
            self.say(200, "<p>You said %s</p>" % fields.get("word", ""))
        elif path in ("/rows", "/rows-of-postgres"):
            ask = self.server.rows if path == "/rows" else self.server.rows_of_postgres
            try:
                found = ask(fields.get("number", ""))
            except (sqlite3.Error, ValueError) as error:
                return self.say(500, "<p>sqlite3.%s: %s</p>" % (type(error).__name__, html.escape(str(error))))
            self.say(200, "<ul>%s</ul>" % "".join("<li>%s</li>" % html.escape(str(row)) for row in found))
        elif path == "/read":
            try:
                with open("/etc/" + fields.get("name", ""), encoding="utf-8") as file:
                    self.say(200, "<pre>%s</pre>" % html.escape(file.read(4096)))
            except (OSError, ValueError):
                self.say(404, "<p>No such file.</p>")
        elif path == "/fetch":
            if fields.get("from", "").startswith(self.server.fetches_from):
                urllib.request.urlopen(fields["from"], timeout=5).close()
            self.say(200, "<p>Fetched.</p>")
        elif path == "/go":
            self.send_response(302)
            self.send_header("Location", urllib.parse.quote(fields.get("to", "/"), safe=":/?&=%#"))
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif path == "/kept":
            if "note" in fields:
                self.server.kept.append(fields["note"])
            self.say(200, "<p>%s</p>" % "</p><p>".join(self.server.kept[-200:]))
        else:
            self.say(404, "<p>Nothing here.</p>")

    def say(self, status, text):
        content = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Set-Cookie", "bait=1")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)
