"""Runs sqlmap and wapiti, each in a folder of its own, and reads what they say."""

import json
import os
import re
import subprocess
import time
import urllib.parse

SQLMAP = "sqlmap"
WAPITI = "wapiti"
# What fits both databases and a machine with two cores: every way but the slow ones through files and second pages.
HOW_HARD = ("--level=2", "--risk=2", "--technique=BEUST", "--time-sec=2")
MODULES = "sql,xss,permanentxss,crlf,redirect,file,exec,ssrf,xxe,csrf,http_headers,cookieflags,csp,backup,methods"
FOUND = re.compile(r"^(Parameter: .*|.*is vulnerable.*|.*identified the following injection point.*)$", re.M)


def run(command, folder, seconds):
    """What a tool prints; its home is the folder, so that it writes nowhere else. And whether it came to its end."""
    os.makedirs(folder, exist_ok=True)
    environment = dict(os.environ, HOME=folder, XDG_DATA_HOME=folder, XDG_CONFIG_HOME=folder, TMPDIR=folder)
    environment.pop("PYTHONPATH", None)
    tool = subprocess.Popen(
        command, cwd=folder, env=environment, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
    )
    try:
        return tool.communicate(timeout=seconds)[0], True
    except subprocess.TimeoutExpired:
        tool.kill()
        return tool.communicate()[0], False
    finally:
        tool.kill()


def sqlmap(address, body, options, database, folder, seconds):
    """The holes that sqlmap finds, and a word on how far it came."""
    command = [SQLMAP, "-u", address, "--batch", "--disable-coloring", "--output-dir=" + folder, "--flush-session"]
    command += ["--dbms=" + database, "--ignore-code=401,403,404,422", "--timeout=20", "--retries=1", "--skip-waf"]
    command += [*HOW_HARD, *options]
    if body:
        command += ["--data", body]
    names = [name for name, _ in urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query + "&" + body, True)]
    if any("token" in name for name in names) and "-p" not in options:
        # Unless they are named, sqlmap takes these for guards against forged requests and leaves them alone.
        command += ["-p", ",".join(names)]
    text, ended = run(command, folder, seconds)
    holes = sorted(set(FOUND.findall(text)))
    if holes:
        return holes, "found"
    if not ended:
        return [], "cut short"
    if re.search(r"\] (ignoring|skipping) ", text):
        return [], "failed: left something out: " + re.search(r"(ignoring|skipping) .*", text).group(0)
    if "do not appear to be injectable" in text or "does not seem to be injectable" in text:
        return [], "whole"
    return [], "failed: " + " | ".join(line for line in text.splitlines() if "[CRITICAL]" in line or "[ERROR]" in line)[:400]


def wapiti(address, starts, catcher, folder, crawl, each):
    """What wapiti tells, as (kind, what, request), and a word on how far it came. It looks for pages for `crawl` seconds,
    then each module attacks for at most `each`."""
    seconds = crawl + each * (MODULES.count(",") + 1) + 180
    report = os.path.join(folder, "report.json")
    command = [WAPITI, "-u", address + "/", "-m", MODULES, "-d", "4", "--flush-session", "--no-bugreport"]
    command += ["--max-links-per-page", "60", "--max-files-per-dir", "24", "--max-parameters", "20", "-t", "20", "-v", "0"]
    command += ["--max-scan-time", str(crawl), "--max-attack-time", str(each), "--endpoint", catcher]
    command += ["--store-session", folder, "--store-config", folder, "-f", "json", "-o", report]
    for start in starts:
        command += ["-s", address + start]
    began = time.time()
    text, ended = run(command, folder, seconds)
    if not os.path.exists(report):
        return [], "failed: " + text[-400:] if ended else "failed: no end after %d s" % (time.time() - began)
    with open(report, encoding="utf-8") as file:
        told = json.load(file)
    found = []
    for part in ("vulnerabilities", "anomalies"):
        for kind, each_one in told.get(part, {}).items():
            for one in each_one:
                found.append((kind, "%s %s: %s" % (one.get("method"), one.get("path"), one.get("info")), one.get("http_request")))
    cut = re.findall(r"Max attack time was reached for module (\w+)", text)
    return found, "whole" + (", but for the rest of " + ", ".join(cut) if cut else "")
