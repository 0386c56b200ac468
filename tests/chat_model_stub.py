"""A chat model on loopback: the wire format of OpenAI chat completions, with scripted behaviour."""

import asyncio
from typing import Any, Self

from aiohttp import web


class ChatModelStub:
    """Say what it is told to; or obey the question, fail, stall, or send what is no completion."""

    def __init__(self) -> None:
        self.says = ""
        self.obeys = False  # say what the question dictates behind its first colon
        self.status = 200
        self.stalls = 0.0  # seconds
        self.garbage = ""  # sent in the place of a completion
        self.asked: list[dict[str, Any]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        app = web.Application()
        app.router.add_post("/v1/chat/completions", self._complete)
        self._runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/v1"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the port and every connection."""
        await self._runner.cleanup()

    async def _complete(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.asked.append(asked)
        await asyncio.sleep(self.stalls)
        if self.status != 200:
            return web.json_response({"error": {"message": "no", "type": "x"}}, status=self.status)
        if self.garbage:
            return web.Response(text=self.garbage, content_type="application/json")
        said = self.says
        if self.obeys:
            said = asked["messages"][-1]["content"].partition("<question>")[2].partition(": ")[2]
            said = said.partition("\n</question>")[0]
        return web.json_response(_completion(asked["model"], said))


def _completion(model: str, said: str) -> dict[str, Any]:
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": said}}],
        "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
    }
