"""Small proxies on the loopback interface, for tests of what must go through one."""

import asyncio


class Proxy:
    """Pass connections on: HTTP, by CONNECT or with a whole address in the first line, or SOCKS5 without a password."""

    def __init__(self, kind):
        self._kind = kind
        self.used = 0

    async def __aenter__(self):
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"{self._kind}://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self._server.close()

    async def _serve(self, reader, writer):
        self.used += 1
        if self._kind == "http":
            request = await reader.readuntil(b"\r\n")
            method, address, _ = request.split()
            if method == b"CONNECT":
                await reader.readuntil(b"\r\n\r\n")
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                port, first = int(address.partition(b":")[2]), b""
            else:
                port = int(address.split(b"/")[2].partition(b":")[2])
                first = b"%s /%s HTTP/1.1\r\n" % (method, address.split(b"/", 3)[3])
        else:
            port, first = await _greeted(reader, writer), b""
        to_reader, to_writer = await asyncio.open_connection("127.0.0.1", port)
        to_writer.write(first)
        await asyncio.gather(_piped(reader, to_writer), _piped(to_reader, writer))


async def _greeted(reader, writer):
    """Say hello as SOCKS5 has it (RFC 1928); return the port that is asked for."""
    _, methods = await reader.readexactly(2)
    await reader.readexactly(methods)
    writer.write(b"\x05\x00")
    *_, kind = await reader.readexactly(4)
    await reader.readexactly(4 if kind == 1 else (await reader.readexactly(1))[0])
    port = int.from_bytes(await reader.readexactly(2))
    writer.write(b"\x05\x00\x00\x01" + bytes(6))
    return port


async def _piped(reader, writer):
    while block := await reader.read(65536):
        writer.write(block)
    writer.close()
