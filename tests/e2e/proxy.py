"""TCP proxies between the nodes, so that a test can partition them without root: no privileges, no packet filters.

Each ordered pair (who dials, who is dialled) has a link of its own. A link passes everything on, holds everything back
(a silent network: connections stay open, bytes wait), or cuts (connections end, new ones are refused).
"""

import asyncio
import threading

CHUNK = 65536


class Link:
    """One listening port that leads to one target."""

    def __init__(self, target):
        self.target = target
        self.port = 0
        self.open = asyncio.Event()
        self.open.set()
        self.cut = False
        self.writers = set()

    async def serve(self, reader, writer):
        if self.cut:
            writer.close()
            return
        await self.open.wait()
        try:
            far_reader, far_writer = await asyncio.open_connection(*self.target)
        except OSError:
            writer.close()
            return
        ends = (writer, far_writer)
        self.writers.update(ends)
        await asyncio.gather(self.pump(reader, far_writer), self.pump(far_reader, writer))
        self.writers.difference_update(ends)

    async def pump(self, reader, writer):
        try:
            while chunk := await reader.read(CHUNK):
                await self.open.wait()
                writer.write(chunk)
                await writer.drain()
        except OSError:
            pass
        finally:
            writer.close()


class Mesh:
    """Links between all nodes of a network, entered into their configurations before they start."""

    def __init__(self, nodes):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._links = {}
        listens = {node.config["peer"]["listen"]: node for node in nodes if "peer" in node.config}
        for node in nodes:
            for peer in node.config.get("peers", ()):
                target = listens[peer["address"]]
                link = Link(target.address("peer"))
                self._run(self._listen(link))
                self._links[node.name, target.name] = link
                node.edit(f'address = "{peer["address"]}"', f'address = "127.0.0.1:{link.port}"')

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    @staticmethod
    async def _listen(link):
        server = await asyncio.start_server(link.serve, "127.0.0.1", 0)
        link.port = server.sockets[0].getsockname()[1]

    def _between(self, left, right):
        names = ({node.name for node in left}, {node.name for node in right})
        return [link for (source, target), link in self._links.items()
                if (source in names[0] and target in names[1]) or (source in names[1] and target in names[0])]

    def silence(self, left, right):
        """Nothing passes between the two sides any more; no connection ends."""
        async def work():
            for link in self._between(left, right):
                link.open.clear()
        self._run(work())

    def cut(self, left, right):
        """Connections between the two sides end, new ones are refused."""
        async def work():
            for link in self._between(left, right):
                link.cut = True
                for writer in link.writers:
                    writer.transport.abort()
        self._run(work())

    def heal(self):
        """Everything passes; what was held back is delivered."""
        async def work():
            for link in self._links.values():
                link.cut = False
                link.open.set()
        self._run(work())
