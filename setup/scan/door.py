"""A door before a portal: the scanners knock here, and what they send is counted and looked at on its way.

It does four things that the scanners cannot. It signs in, and again when a session ended. It says that a request comes
from the portal's own pages, as a browser would, or every post would be refused unread. It comes from another loopback
address each time, or the brake on guessing would keep most of what is sent away from the database. And it looks at every
answer for what no scanner tells: errors of the server, weak cookies, ways to other sites, missing headers.
"""

import http.client
import http.server
import random
import re
import threading
import urllib.parse

PASSWORD = "correct horse battery"
WANTED_HEADERS = {
    "content-security-policy": "frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "",
    "strict-transport-security": "max-age=",
    "cache-control": "",
}
# `AppError::Failed` without an id, as it travels: the fields of a post could not be read.
UNREAD = b"\x07\x00"
ROWS = re.compile(rb"<tbody.*?</tbody>", re.S)
MAIN = re.compile(rb"<main.*?</main>", re.S)
TAGS = re.compile(rb"<[^>]*>")


class Door(http.server.ThreadingHTTPServer):
    """Stands on a port of its own. `plain` leaves the words of a page's rows, or else of its main part: what a statement
    brought is in there, and sqlmap compares answers letter by letter."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, portal, person=None, plain=False):
        super().__init__(("127.0.0.1", 0), Passage)
        self.portal = portal
        self.person = person
        self.plain = plain
        self.token = None
        self.lock = threading.Lock()
        self.requests = 0
        self.statuses = {}
        self.findings = {}
        self.address = "http://127.0.0.1:%d" % self.server_address[1]
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """A scanner that hangs up is no news."""

    def find(self, what, request):
        with self.lock:
            self.findings.setdefault(what, request)

    def sign_in(self, stale):
        """A session for the person; a new one unless somebody fetched it meanwhile."""
        with self.lock:
            if self.token != stale:
                return self.token
            body = urllib.parse.urlencode({"email": self.person, "password": PASSWORD})
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
            answer, _ = self.ask("POST", "/api/log_in", headers, body.encode())
            cookie = re.search(r"(?:__Host-)?session=([0-9a-f]{64})", answer.getheader("set-cookie") or "")
            if not cookie:
                raise RuntimeError("%s cannot sign in: %d" % (self.person, answer.status))
            self.token = cookie.group(0)
            return self.token

    def ask(self, method, path, headers, body):
        source = "127.%d.%d.%d" % (random.randint(1, 254), random.randint(0, 255), random.randint(1, 254))
        connection = http.client.HTTPConnection("127.0.0.1", self.portal, timeout=60, source_address=(source, 0))
        try:
            connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
            for name, value in headers.items():
                connection.putheader(name, value)
            if "host" not in {name.lower() for name in headers}:
                connection.putheader("Host", "127.0.0.1:%d" % self.portal)
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def shown(self, page):
        """A page as the scanner gets it. Letters beyond ASCII become references, which mean the same: wapiti guesses the
        encoding of every page that has any, for seconds."""
        if self.plain:
            part = ROWS.search(page) or MAIN.search(page)
            return TAGS.sub(b" ", part.group(0) if part else page)
        return page.decode("utf-8", "replace").encode("ascii", "xmlcharrefreplace")

    def count(self, status):
        with self.lock:
            self.requests += 1
            self.statuses[status] = self.statuses.get(status, 0) + 1

    def look_at(self, request, answer, content, referer):
        """What no answer of the portal may have."""
        if answer.status == 500 and content == UNREAD:
            self.find("answered 500 to fields that are not of their type", request)
        elif answer.status >= 500:
            self.find("answered %d" % answer.status, request)
        for cookie in answer.headers.get_all("set-cookie") or []:
            name = cookie.split("=", 1)[0]
            missing = [word for word in ("; Secure", "; HttpOnly", "; SameSite=", "; Path=/") if word not in cookie]
            if not name.startswith("__Host-"):
                missing.append("__Host-")
            if missing:
                self.find("cookie %s lacks %s" % (name, ", ".join(word.strip("; ") for word in missing)), request)
        to = answer.getheader("location")
        # Browsers drop tabs and line ends, and take a backslash for a slash.
        if to is not None and leaves(re.sub(r"[\t\r\n]", "", to).replace("\\", "/"), self.address):
            asked = referer and to.startswith(referer)
            self.find("leads to whatever the Referer says" if asked else "leads away to %r" % to[:60], request)
        for name, part in WANTED_HEADERS.items():
            if part not in (answer.getheader(name) or ("" if part else "\0")) or answer.getheader(name) is None:
                self.find("answer without %s" % name, request)


def leaves(to, here):
    """Whether an address is of another site than `here`."""
    return not to.startswith(here + "/") and (not to.startswith("/") or to.startswith("//"))


class Passage(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def version_string(self):
        return ""

    def pass_on(self):
        door = self.server
        length = self.headers.get("content-length")
        body = self.rfile.read(int(length)) if length else None
        sent = {
            name: value
            for name, value in self.headers.items()
            if name.lower() not in ("connection", "content-length", "accept-encoding", "host", "keep-alive")
        }
        sent.setdefault("Sec-Fetch-Site", "same-origin")
        request = "%s %s %s" % (self.command, self.path, (body or b"").decode("utf-8", "replace"))
        request = "%s: %s" % (door.person or "nobody", request[:600])
        try:
            answer, content = self.signed_in(sent, body)
        except (OSError, ValueError, http.client.HTTPException) as error:
            # A path that no program could send, or a portal that is gone.
            self.answer(502, {"Content-Type": "text/plain"}, str(error).encode())
            if isinstance(error, OSError):
                door.find("the portal does not answer: %s" % error, request)
            return
        door.count(answer.status)
        door.look_at(request, answer, content, self.headers.get("referer"))
        if (answer.getheader("content-type") or "").startswith("text/html"):
            content = door.shown(content)
        kept = [
            (name, value)
            for name, value in answer.getheaders()
            if name.lower() not in ("transfer-encoding", "content-length", "connection")
        ]
        self.answer(answer.status, kept, content)

    def signed_in(self, sent, body):
        door = self.server
        if door.person is None:
            return door.ask(self.command, self.path, sent, body)
        mine = {name: value for name, value in sent.items() if name.lower() != "cookie"}
        answer = content = None
        for _ in range(2):
            token = door.token or door.sign_in(None)
            mine["Cookie"] = token
            answer, content = door.ask(self.command, self.path, mine, body)
            to = answer.getheader("location") or ""
            if answer.status != 401 and not (to == "/login" or to.startswith("/login?next")):
                break
            door.sign_in(token)
        return answer, content

    def answer(self, status, headers, content):
        self.send_response_only(status)
        for name, value in headers.items() if isinstance(headers, dict) else headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = do_PUT = do_DELETE = do_OPTIONS = do_PATCH = do_TRACE = pass_on
