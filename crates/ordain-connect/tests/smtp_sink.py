"""An SMTP server that keeps every message it takes as an .eml file and fails by a seeded plan.

Prints its port on stdout and runs until its stdin is closed. Each message falls under exactly one fate, drawn
from the seed in the order of arrival: fail (451), refuse (550), hang (no answer), reset (connection cut before
the answer), or taken; every fate but the last is a line in `faults.log`. The plan counts messages, so the same seed and the same order give the same fates.
"""
import argparse
import asyncio
import pathlib
import random
import sys

from aiosmtpd.smtp import SMTP

options = argparse.ArgumentParser(description=__doc__)
options.add_argument("folder", type=pathlib.Path)
options.add_argument("--port", type=int, default=0)
options.add_argument("--fail-permille", type=int, default=0)
options.add_argument("--refuse-permille", type=int, default=0)
options.add_argument("--hang-permille", type=int, default=0)
options.add_argument("--reset-permille", type=int, default=0)
options.add_argument("--seed", type=int, default=1)
args = options.parse_args()


class Sink:
    def __init__(self):
        self.random = random.Random(args.seed)
        self.taken = 0

    def fate(self):
        drawn = self.random.randrange(1000)
        for name in ("fail", "refuse", "hang", "reset"):
            drawn -= getattr(args, f"{name}_permille")
            if drawn < 0:
                return name
        return "take"

    async def handle_DATA(self, server, session, envelope):
        fate = self.fate()
        if fate != "take":
            with (args.folder / "faults.log").open("a") as log:
                log.write(fate + "\n")
        if fate == "fail":
            return "451 4.3.0 try again later"
        if fate == "refuse":
            return "550 5.7.1 refused"
        if fate == "hang":
            await asyncio.sleep(3600)
        # Kept before the cut: a sender that never hears the answer must send again, which is the copy that the
        # Message-ID makes known.
        self.taken += 1
        part = args.folder / f"{self.taken:06}.part"
        part.write_bytes(envelope.original_content)
        part.rename(args.folder / f"{self.taken:06}.eml")
        if fate == "reset":
            server.transport.abort()
        return "250 2.0.0 taken"


async def main():
    loop = asyncio.get_running_loop()
    sink = Sink()
    server = await loop.create_server(lambda: SMTP(sink, enable_SMTPUTF8=True), "127.0.0.1", args.port)
    print(server.sockets[0].getsockname()[1], flush=True)
    closed = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(closed), sys.stdin)
    await closed.read()


args.folder.mkdir(parents=True, exist_ok=True)
asyncio.run(main())
