"""A slow line to the lab, which counts what it carries: all of it, websockets too.

A browser's own brake counts bytes as they are after unpacking, and lets websockets pass.
"""

import asyncio
import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

CHUNK = 4 * 1460  # bytes of the packets that come together


@dataclass
class Line:
    """A line with a speed, in bytes a second, and the time that one way takes, in seconds."""

    target: str
    bytes_per_second: float
    latency: float
    url: str = ""
    moved: int = 0
    free_at: float = 0.0

    async def carry(self, reader, writer, slow: bool) -> None:
        """Pass on what comes, each packet when the line has had the time for it."""
        loop = asyncio.get_running_loop()
        on_the_way: asyncio.Queue = asyncio.Queue(maxsize=64)

        async def arrive() -> None:
            while packet := await on_the_way.get():
                await asyncio.sleep(packet[0] - loop.time())
                writer.write(packet[1])
                await writer.drain()
            writer.close()

        arriving = asyncio.create_task(arrive())
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(CHUNK):
                self.moved += len(data)
                now = loop.time()
                if slow:
                    self.free_at = max(self.free_at, now) + len(data) / self.bytes_per_second
                    await asyncio.sleep(self.free_at - now)
                await on_the_way.put((loop.time() + self.latency, data))
        await on_the_way.put(None)
        with contextlib.suppress(ConnectionError):
            await arriving

    async def connect(self, reader, writer) -> None:
        """Carry a new connection to the lab and its answers back; the way back is the slow one."""
        parts = urlsplit(self.target)
        with contextlib.suppress(asyncio.CancelledError):
            from_lab, to_lab = await asyncio.open_connection(parts.hostname, parts.port)
            await asyncio.gather(
                self.carry(reader, to_lab, slow=False), self.carry(from_lab, writer, slow=True)
            )

    async def serve(self, opened: threading.Event) -> None:
        """Carry whatever connects, until `close` is called."""
        self.closed = asyncio.Event()
        self.loop = asyncio.get_running_loop()
        async with await asyncio.start_server(self.connect, "127.0.0.1", 0) as server:
            self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            opened.set()
            await self.closed.wait()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

    def close(self) -> None:
        """End it, from another thread."""
        self.loop.call_soon_threadsafe(self.closed.set)


@contextlib.contextmanager
def slow_line(target: str, bytes_per_second: float, latency: float) -> Iterator[Line]:
    """A line to the server at `target`; its own address is `line.url`."""
    line, opened = Line(target, bytes_per_second, latency), threading.Event()
    thread = threading.Thread(target=lambda: asyncio.run(line.serve(opened)))
    thread.start()
    opened.wait()
    try:
        yield line
    finally:
        line.close()
        thread.join()
