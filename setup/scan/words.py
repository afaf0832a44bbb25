"""Words that nobody types, in every field of every target: what the scanners do not send and portals trip over.

The answers are judged by the door: none may be an error of the server, and none may lead to another site.
"""

import http.client
import urllib.parse

from door import PASSWORD

ODD = (
    b"\0", b"a\0b@x.example", b"\xff\xfe", b"a" * 9000, "\u202e\ufeff\U0010ffff".encode(), b"-262143-01-01",
    b"+262142-12-31", b"-9223372036854775808", b"1e999", b"..", b"%00", b"[]", b"{}", b"'\"\\<>",
)
WAYS_OUT = ("/\t/evil.example/", "//evil.example/", "/\\evil.example/", "https://evil.example/", "\t//evil.example/", "/..//evil.example/")
FORM = "application/x-www-form-urlencoded"


def tell_all(doors, targets):
    """Sends all of it; how many requests that were."""
    sent = 0
    for target in targets:
        for path, body in changed(target):
            # A post without script is led back to its form, whatever went wrong; a program is told.
            for accept in ("text/html", "*/*") if body else ("text/html",):
                ask(doors[target.person], path, body, accept)
                sent += 1
    for way in WAYS_OUT:
        fields = {"email": "sales@distributor.example", "password": PASSWORD, "next": way}
        ask(doors[None], "/api/log_in", urllib.parse.urlencode(fields), "text/html")
        sent += 1
    return sent


def changed(target):
    """A target once for each of its fields and each word; a field of an address also by itself, since others may leave
    nothing to look for."""
    path, _, query = target.path.partition("?")
    for word in ODD:
        if path.endswith("*"):
            yield path.rpartition("/")[0] + "/" + urllib.parse.quote(word, safe=""), target.body
        for place, text in ((0, query), (1, target.body)):
            fields = urllib.parse.parse_qsl(text, keep_blank_values=True)
            for number, (name, _) in enumerate(fields):
                mine = urllib.parse.urlencode([*fields[:number], (name, word), *fields[number + 1 :]])
                if place == 0:
                    yield path + "?" + mine, target.body
                    yield path + "?" + urllib.parse.urlencode({name: word}), target.body
                else:
                    yield target.path, mine


def ask(door, path, body, accept):
    """As from a page of another site. Nobody follows where it leads."""
    connection = http.client.HTTPConnection("127.0.0.1", door.server_address[1], timeout=60)
    headers = {"Accept": accept, "Referer": "https://evil.example/"}
    if body:
        headers["Content-Type"] = FORM
    connection.request("POST" if body or path.startswith("/api/") else "GET", path, body or None, headers)
    connection.getresponse().read()
    connection.close()
