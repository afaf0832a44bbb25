"""What sqlmap is let loose on: every endpoint of `server/tests/http/table.rs` that takes anything from outside.

The table is read, not repeated, so a new endpoint is scanned from the day that it stands there. Where the table says too
little to reach the statements behind an endpoint, `RICHER` says more.
"""

import base64
import dataclasses
import re
import urllib.parse

SELLER, BUYER, VIEWER = "admin@distributor.example", "payer@partner.example", "viewer@customer.example"
NONE = "018f0000-0000-7000-8000-000000000000"
TOKEN = "0123456789abcdef" * 4
ROW = re.compile(r'Endpoint\(\s*"(\w+)",\s*"([^"]*)",\s*"([^"]*)",\s*"([^"]*)",\s*([\w:]+)')
BUYERS = ("BUYERS", "PAYERS", "RECEIVERS")

GRID = (
    "number=IN&customer=a&order=1&source=import&status=open&due_from=2020-01-01&due_to=2030-01-01"
    "&issued_from=2020-01-01&issued_to=2030-01-01&currency=USD&total_from=1&total_to=100000&sort=-due&per_page=5"
    "&count=exact&columns=number,due&page=last&after={cursor}&before={cursor}"
)
AUDIT = (
    "document=IN&about={invoice}&person={person}&tenant={tenant}&from=2020-01-01&to=2030-01-01&page=last"
    "&after={cursor}&before={cursor}"
)
MAIL = "page=last&after={cursor}&before={cursor}"


def inside(text):
    """A query string as one field."""
    return urllib.parse.quote(text, safe="{}")


# Endpoint and who asks: the query string of its address, and its body.
RICHER = {
    ("GET /invoices", SELLER): ("side=issued&" + GRID, ""),
    ("GET /invoices", BUYER): ("side=to-pay&" + GRID, ""),
    ("GET /invoices/export.csv", SELLER): ("side=issued&" + GRID, ""),
    ("POST /invoices/export.csv", SELLER): ("side=issued&columns=number,due", "invoices[]={invoice}"),
    ("GET /mail", SELLER): ("side=issued&" + MAIL, ""),
    ("GET /audit", SELLER): (AUDIT, ""),
    ("GET /payments/new", BUYER): ("invoice={invoice}&draft={none}&typed={token}&total=10.00", ""),
    ("GET /login", None): ("next=/invoices&typed={token}&done=password", ""),
    ("GET /password", None): ("typed={token}&done=asked", ""),
    ("POST /api/list_invoices", SELLER): ("", "side=seller&query=" + inside("number=IN&customer=a&order=1&sort=due")),
    ("POST /api/list_invoices", BUYER): ("", "side=buyer&query=" + inside("number=IN&customer=a&order=1&sort=due")),
    ("POST /api/select_invoices", BUYER): ("", "query=" + inside("customer=a")),
    ("POST /api/list_audit", SELLER): ("", "query=" + inside("document=IN")),
    ("POST /api/typed", None): ("", "id={token}"),
    ("POST /api/log_in", None): ("", "email=finance%40distributor.example&password=wrong&next=%2Finvoices"),
    ("POST /api/ask_for_password", None): ("", "email=nobody%40nowhere.example"),
    ("POST /api/map_import", SELLER): (
        "",
        "id={import}&columns[number]=A&date_order=ymd&decimal_mark=point&signs=as_written"
        "&negative_documents=credit_notes&default_currency=USD&save_as=x&tax_codes=S=20",
    ),
    ("POST /api/pay", BUYER): (
        "",
        "form[key]={none}&form[card]=new&form[token]=x&form[lines][0][invoice]={invoice}&form[lines][0][apply]=1"
        "&form[lines][0][amount]=1.00&form[lines][0][seen]=100&form[lines][0][currency]=USD&from=x&others=x",
    ),
    ("POST /api/invite_person", SELLER): ("", "name=Sam&email=sam%40distributor.example&seller_role=sales"),
    ("POST /api/change_roles", SELLER): ("", "id={person}&seller_role=sales"),
    ("POST /api/change_role", SELLER): ("", "side=seller&code=sales&may[]=view_issued_invoices"),
    ("POST /api/create_role", SELLER): ("", "name=Clerk&like=issued+sales"),
    ("POST /api/delete_role", SELLER): ("", "side=seller&code=none"),
}


@dataclasses.dataclass(frozen=True)
class Target:
    """One call of sqlmap: `person` asks `path`, with `body` if it is a post."""

    name: str
    person: str
    path: str
    body: str = ""
    options: tuple = ()


def targets(table, ids):
    """All of them. `ids` are things of the demo data by their word in the table."""
    found = []
    for method, pattern, address, body, who in ROW.findall(table):
        person = asks(who, pattern)
        # No session opens what is for programs.
        if pattern.startswith("/api/v1"):
            continue
        query = ""
        name = "%s %s" % (method, pattern)
        if pattern == "/api/list_invoices" and "side=seller" in body:
            person = SELLER
        if "{" in pattern:
            address += "*"
        if (name, person) in RICHER:
            query, body = RICHER[name, person]
        if not query and not body and "*" not in address:
            continue
        path = fill(address, ids) + ("?" + fill(query, ids) if query else "")
        found.append(Target("%s as %s" % (name, person or "nobody"), person, path, fill(body, ids)))
    buyer = ("GET /invoices", BUYER)
    path = "/invoices?" + fill(RICHER[buyer][0], ids)
    found.append(Target("GET /invoices as %s" % BUYER, BUYER, path))
    # What is not a field, but comes from outside as well and is kept.
    found.append(Target("the session cookie", None, "/invoices", "", ("--cookie", "__Host-session=%s*" % TOKEN)))
    # A cursor is one word with the sort key inside: here sqlmap opens it and closes it again.
    cursor = base64.urlsafe_b64encode(b"a" * 16 + b"IN-1").decode().rstrip("=")
    within = ("--base64", "after", "--base64-safe", "-p", "after")
    path = "/invoices?side=issued&sort=number&per_page=5&after=" + cursor
    found.append(Target("the sort key in a cursor", SELLER, path, "", within))
    signing_in = "email=sales%40distributor.example&password=correct+horse+battery"
    found.append(Target("the browser's name at sign-in", None, "/api/log_in", signing_in, ("--user-agent", "Browser*")))
    return found


def asks(who, pattern):
    """Who calls an endpoint: somebody who may, so that what is sent gets as far as it can."""
    if who == "Who::Anyone":
        return None
    if who in BUYERS or "/payments" in pattern:
        return BUYER
    return SELLER


def fill(text, ids):
    for word in re.findall(r"\{(\w+)\}", text):
        text = text.replace("{%s}" % word, ids.get(word, NONE))
    return text
