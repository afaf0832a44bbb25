"""Attacks a running portal: scan.py control FOLDER | portal NAME PORT FOLDER | report FOLDER

`setup/security` starts what this needs. Each run leaves its figures and findings in FOLDER; `report` adds them up, prints
them and fails when anything was found that is not known, and when a control was not found.
"""

import glob
import json
import os
import re
import signal
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

import scanners
import targets
import words
from bait import Bait
from catcher import Catcher
from door import Door

HERE = os.path.dirname(os.path.abspath(__file__))
TABLE = os.path.join(HERE, "..", "..", "server", "tests", "http", "table.rs")
DATABASES = {"SQLite": "SQLite", "PostgreSQL": "PostgreSQL"}
SECONDS_PER_TARGET = 120
SECONDS_TO_CRAWL = 35
SECONDS_PER_MODULE = 14

# What a scanner tells that is no hole here: what it says, and why it is none. Each reason is proved, by this script or by
# a test.
KNOWN = [
    (
        "wapiti",
        r"Lack of anti CSRF token",
        "Posts are judged by Sec-Fetch-Site, else Origin, not by a token in the form: `posts_of_others` asks every one.",
    ),
    (
        "wapiti",
        r"X-XSS-Protection is not set",
        "The filter is gone from browsers and had holes of its own; the content policy stands in its place.",
    ),
    (
        "door",
        r"answered 500 to fields that are not of their type",
        "An id that is none, a missing field: the framework refuses them before any code of ours runs, with the status of an "
        "error of the server. Nothing happens, and nothing is told but that it failed (`UNREAD` in setup/scan/door.py).",
    ),
]


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(130))
    what, *rest = sys.argv[1:]
    {"control": control, "portal": portal, "report": report}[what](*rest)


def save(folder, name, told):
    with open(os.path.join(folder, name + ".told.json"), "w", encoding="utf-8") as file:
        json.dump(told, file)


def control(folder):
    """Sets the scanners on a server with holes, through the same door: what they do not find there says nothing about the
    portal."""
    catcher = Catcher()
    bait = Bait(catcher.address)
    plain, door = Door(bait.port, plain=True), Door(bait.port)
    missed = []
    asked = [("SQLite", "/rows?number=A-1", ""), ("SQLite", "/rows", "number=A-1")]
    if "TEST_DATABASE_PORTAL_URL" in os.environ:
        asked.append(("PostgreSQL", "/rows-of-postgres?number=A-1", ""))
    for number, (database, path, body) in enumerate(asked):
        mine = os.path.join(folder, "control-%s-%d" % (database, number))
        holes, word = scanners.sqlmap(plain.address + path, body, (), database, mine, 240)
        say("control: sqlmap on %s, %s: %s" % (database, "POST" if body else "GET", word))
        if not holes:
            missed.append("sqlmap does not find the hole of %s on %s (%s)" % (path, database, word))
    mine = os.path.join(folder, "control-wapiti")
    found, word = scanners.wapiti(door.address, [], catcher.address, mine, 60, 40)
    kinds = sorted({kind for kind, _, _ in found})
    say("control: wapiti: %s" % (", ".join(kinds) or word))
    for wanted in ("SQL Injection", "Cross Site Scripting", "Path Traversal", "Open Redirect", "Content Security Policy"):
        if not any(wanted.lower() in kind.lower() for kind in kinds):
            missed.append("wapiti does not find: %s" % wanted)
    if not catcher.calls:
        missed.append("nobody calls the catcher")
    save(folder, "control", {"requests": {}, "findings": [("control", what, "") for what in missed], "notes": []})


def portal(name, port, folder):
    """Everything on one portal."""
    began = time.time()
    port = int(port)
    told = {"requests": {}, "findings": [], "notes": []}
    with open(TABLE, encoding="utf-8") as file:
        table = file.read()
    told["findings"] += posts_of_others(port, table)
    doors = {person: Door(port, person, plain=True) for person in (None, targets.SELLER, targets.BUYER)}
    whole = {person: Door(port, person) for person in (None, targets.SELLER, targets.BUYER)}
    everything = targets.targets(table, things(whole))
    told["requests"]["words"] = words.tell_all(whole, everything)
    say("%s: odd words: %d requests" % (name, told["requests"]["words"]))
    for number, target in enumerate(everything):
        mine = os.path.join(folder, "%s-sqlmap-%d" % (name, number))
        door = doors[target.person]
        before, since = door.requests, time.time()
        holes, word = scanners.sqlmap(
            door.address + target.path, target.body, target.options, DATABASES[name], mine, SECONDS_PER_TARGET
        )
        say("%s: sqlmap: %s: %s, %d requests, %.0f s" % (name, target.name, word, door.requests - before, time.time() - since))
        for hole in holes:
            told["findings"].append(("sqlmap", hole, "%s: %s %s" % (target.name, target.path, target.body)))
        if word.startswith("failed"):
            told["findings"].append(("sqlmap", word, target.name))
        if word == "cut short":
            told["notes"].append("sqlmap was cut short after %d s: %s" % (SECONDS_PER_TARGET, target.name))
    told["requests"]["sqlmap"] = sum(door.requests for door in doors.values())
    looks = [*whole.values(), *doors.values()]
    for person in (targets.SELLER, targets.BUYER, targets.VIEWER):
        door, catcher, since = Door(port, person), Catcher(), time.time()
        mine = os.path.join(folder, "%s-wapiti-%s" % (name, person.split("@")[0]))
        starts = ["/invoices", "/account"] + (["/people", "/audit", "/mail", "/roles"] if person == targets.SELLER else [])
        found, word = scanners.wapiti(
            door.address, starts, catcher.address, mine, SECONDS_TO_CRAWL, SECONDS_PER_MODULE
        )
        say("%s: wapiti as %s: %s, %d requests, %.0f s" % (name, person, word, door.requests, time.time() - since))
        told["findings"] += [("wapiti", "%s: %s" % (kind, what), request or "") for kind, what, request in found]
        told["findings"] += [("wapiti", "the portal called %s" % call, "") for call in catcher.calls]
        if word.startswith("failed"):
            told["findings"].append(("wapiti", word, person))
        elif word != "whole":
            told["notes"].append("wapiti as %s: %s" % (person, word))
        told["requests"]["wapiti"] = told["requests"].get("wapiti", 0) + door.requests
        looks.append(door)
    statuses = {}
    for door in looks:
        told["findings"] += [("door", what, request) for what, request in door.findings.items()]
        for status, count in door.statuses.items():
            statuses[status] = statuses.get(status, 0) + count
    told["notes"].append("answers: " + ", ".join("%d × %d" % (count, status) for status, count in sorted(statuses.items())))
    told["notes"].append("it took %d s" % (time.time() - began))
    told["findings"] += failures(os.path.join(folder, name + ".log"))
    save(folder, name, told)


def failures(log):
    """What the portal says of requests that failed, also where the answer was a way back to the form."""
    found = []
    with open(log, encoding="utf-8") as file:
        for line in file:
            if not line.startswith("{"):
                continue
            fields = json.loads(line)["fields"]
            if re.search(r"request failed|panicked|an export|cannot look up", fields.get("message", "")):
                cause = re.search(r'code: "(\w+)", message: "([^"]*)|Busy|Timeout', str(fields.get("cause", fields.get("what"))))
                found.append(("log", "%s: %s" % (fields["message"], cause.group(0) if cause else fields.get("error")), ""))
    return found


def things(doors):
    """Ids of the demo data, as the pages show them."""
    found = {"none": targets.NONE, "token": targets.TOKEN}
    wanted = [
        ("invoice", targets.BUYER, "/invoices?side=to-pay&per_page=5", r"/invoices/([0-9a-f]{8}-[0-9a-f-]{27})"),
        ("cursor", targets.SELLER, "/invoices?side=issued&per_page=5&sort=-due", r"after=([\w-]+)"),
        ("person", targets.SELLER, "/people", r"/people/([0-9a-f]{8}-[0-9a-f-]{27})"),
        ("mail", targets.SELLER, "/mail", r"/mail/([0-9a-f]{8}-[0-9a-f-]{27})"),
        ("payment", targets.BUYER, "/invoices?side=to-pay&status=paid", r"/payments/([0-9a-f]{8}-[0-9a-f-]{27})"),
        ("tenant", targets.SELLER, "/audit", r'name="tenant"(?s:.*?)<option value="([0-9a-f]{8}-[0-9a-f-]{27})"'),
    ]
    for word, person, path, pattern in wanted:
        status, text = ask(doors[person].address + path)
        match = re.search(pattern, text)
        if status != 200:
            raise SystemExit("%s as %s answered %d" % (path, person, status))
        if match:
            found[word] = match.group(1)
    return found


def ask(address, body=None, headers=()):
    request = urllib.request.Request(address, data=body, headers=dict(headers))
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8", "replace")


def posts_of_others(port, table):
    """Every post of the table, as another site would cause it: each must be refused before anything looks at it."""
    findings = []
    posts = sorted({(address, body) for method, _, address, body, _ in targets.ROW.findall(table) if method == "POST"})
    for address, body in posts + [("/invoices/import/upload", "")]:
        for header in (("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example")):
            status, _ = ask("http://127.0.0.1:%d%s" % (port, address), body.encode(), [header])
            if status != 403:
                findings.append(("door", "a post of another site was answered %d" % status, "%s, %s: %s" % (address, *header)))
    return findings


def report(folder):
    """Adds up, prints, fails when something was found."""
    requests, findings, notes, known = {}, {}, [], {}
    for path in sorted(glob.glob(os.path.join(folder, "*.told.json"))):
        with open(path, encoding="utf-8") as file:
            told = json.load(file)
        name = os.path.basename(path).split(".")[0]
        for tool, count in told["requests"].items():
            requests[name, tool] = count
        notes += ["%s: %s" % (name, note) for note in told["notes"]]
        for tool, what, request in told["findings"]:
            reason = next((why for by, says, why in KNOWN if by == tool and re.search(says, what)), None)
            if reason is None:
                findings.setdefault("%s: %s" % (tool, what), []).append("%s: %s" % (name, " ".join(request.split())[:600]))
            else:
                known[reason] = known.get(reason, 0) + 1
    for (name, tool), count in sorted(requests.items()):
        print("  %-12s %-8s %8s requests" % (name, tool, format(count, ",")))
    for note in notes:
        print("  " + note)
    for reason, count in known.items():
        print("  told %d times and no hole: %s" % (count, reason))
    for finding, where in sorted(findings.items()):
        print("  FOUND %s, %d times; the first on %s" % (finding, len(where), where[0]))
    print("%s requests, %d findings" % (format(sum(requests.values()), ","), len(findings)))
    sys.exit(1 if findings or len(requests) != 3 * len(DATABASES) else 0)


def say(text):
    print("    " + text, file=sys.stderr, flush=True)


main()
