"""The body of a request, as far as it may be meant for the desk."""

from urllib.parse import parse_qsl

from starlette.requests import Request


class TooLarge(ValueError):
    """A body is larger than anything that is meant for the desk."""


async def body_of(request: Request, most: int) -> bytes:
    """Return the body of a request, of at most so many bytes.

    Raises:
        TooLarge: it is larger; the rest is not read.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise TooLarge(f"more than {most} bytes")
    return bytes(body)


async def form_of(request: Request, most: int) -> dict[str, str]:
    """Return the fields of a form without files; of several of one name the last.

    Raises:
        TooLarge: the body is larger than so many bytes.
    """
    body = await body_of(request, most)
    return dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=100))
