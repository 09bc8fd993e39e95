"""A real SMTP server on loopback whose answers a test can set, phase by phase."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

GREETING = "220 mail.example ESMTP"


@dataclass
class Conversation:
    """What the server answers and what it has received. An answer of None closes the connection at that point."""

    answers: dict[str, list[str | None]] = field(default_factory=dict)
    received: list[bytes] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    connections: int = 0
    port: int = 0

    def answer(self, phase: str, default: str) -> str | None:
        waiting = self.answers.get(phase)
        return waiting.pop(0) if waiting else default


async def read_body(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n.\r\n")).removesuffix(b".\r\n")


async def serve(talk: Conversation, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    talk.connections += 1
    line = talk.answer("greeting", GREETING)
    while line is not None:
        writer.write(line.encode() + b"\r\n")
        await writer.drain()
        raw = await reader.readline()
        if not raw or line.startswith("221"):
            break
        line = await respond(talk, raw.decode().strip(), reader, writer)
    writer.close()


async def respond(talk, command, reader, writer) -> str | None:
    talk.commands.append(command)
    verb = command.split()[0].lower()
    if verb == "data":
        opening = talk.answer("data", "354 go on")
        if opening is None or not opening.startswith("354"):
            return opening
        writer.write(opening.encode() + b"\r\n")
        talk.received.append(await read_body(reader))
        return talk.answer("dot", "250 2.0.0 taken")
    defaults = {"ehlo": "250 mail.example", "quit": "221 bye"}
    return talk.answer(verb, defaults.get(verb, "250 2.1.0 fine"))


@contextmanager
def speaking(**answers: list[str | None]) -> Iterator[Conversation]:
    """A running server with these answers, used up in order; then it answers normally."""
    talk = Conversation(answers=answers)
    loop = asyncio.new_event_loop()
    server = loop.run_until_complete(asyncio.start_server(lambda r, w: serve(talk, r, w), "127.0.0.1", 0))
    talk.port = server.sockets[0].getsockname()[1]
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield talk
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.01), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        for task in asyncio.all_tasks(loop):
            task.cancel()
        loop.run_until_complete(asyncio.sleep(0.01))
        loop.close()
