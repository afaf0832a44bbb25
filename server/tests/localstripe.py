"""Runs localstripe on loopback for the tests of the gateway adapter: localstripe.py PORT

Its own command listens on every interface. It ends when standard input does, so it cannot outlive the test, and it
forgets everything with the process.
"""

import os
import sys
import threading

# This file has the module's name, and Python looks beside a script first.
sys.path.pop(0)

from aiohttp import web
from localstripe import resources
from localstripe.server import app


def end_with_the_test():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    threading.Thread(target=end_with_the_test, daemon=True).start()
    # Its store is a file that all its processes would share.
    resources.Store.dump_to_disk = lambda store: None
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), access_log=None, print=None)
