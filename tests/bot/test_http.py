import asyncio
import socket

from bot.http import listening_at
from bot.settings import Settings


async def test_an_answer_in_two_packets_does_not_wait_for_the_second(tmp_path):
    listening = listening_at(Settings(home=tmp_path, http_port=0, _env_file=None))
    accepted = asyncio.get_running_loop().create_future()

    async def serve(_, writer):
        own = writer.get_extra_info("socket")
        accepted.set_result(own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    async with await asyncio.start_server(serve, sock=listening):
        _, writer = await asyncio.open_connection(*listening.getsockname()[:2])
        assert await accepted
        writer.close()
