"""What an authenticator app shows, worked out without the library that checks it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
import time


def code_now(secret: str) -> str:
    """RFC 6238."""
    counter = struct.pack(">Q", int(time.time()) // 30)
    digest = hmac.new(base64.b32decode(secret), counter, hashlib.sha1).digest()
    at = digest[-1] & 0xF
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"
