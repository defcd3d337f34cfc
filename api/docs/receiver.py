"""Takes pushes on a port of this machine, checks who sent them, shows what was decided.

SECRET=whsec_… python receiver.py
"""

import base64
import hashlib
import hmac
import json
import os
import time
from http.server import BaseHTTPRequestHandler, HTTPServer


class PushHandler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        known = self.is_theirs(body) and self.is_now()
        self.send_response(204 if known else 401)
        self.end_headers()
        if known:
            push = json.loads(body)
            self.log_message("%s %s", push["type"], json.dumps(push["data"]))

    def is_theirs(self, body: bytes) -> bool:
        key = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
        head = f"{self.headers['webhook-id']}.{self.headers['webhook-timestamp']}."
        code = hmac.new(key, head.encode() + body, hashlib.sha256).digest()
        expected = b"v1," + base64.b64encode(code)
        given = self.headers.get("webhook-signature", "").encode().split()
        return any(hmac.compare_digest(one, expected) for one in given)

    def is_now(self) -> bool:
        return abs(time.time() - int(self.headers["webhook-timestamp"])) < 300


if __name__ == "__main__":
    HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "9000"))), PushHandler).serve_forever()
