# The smallest ASGI app, for uvicorn.
import os

FILE = os.path.join(os.environ["CSGI_BENCH_WWW"], "file")
CHUNK = b"x" * (64 * 1024)
BYTES = (b"content-type", b"application/octet-stream")
HELLO = {"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain"), (b"content-length", b"6")]}


async def start(send, length=None):
    headers = [BYTES] if length is None else [BYTES, (b"content-length", length)]
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def echo(scope, receive, send):
    await start(send, dict(scope["headers"])[b"content-length"])
    more = True
    while more:
        message = await receive()
        more = message.get("more_body", False)
        await send({"type": "http.response.body", "body": message.get("body", b""), "more_body": more})


async def send_file(send):
    with open(FILE, "rb") as file:
        await start(send, str(os.fstat(file.fileno()).st_size).encode())
        while part := file.read(64 * 1024):
            await send({"type": "http.response.body", "body": part, "more_body": True})
    await send({"type": "http.response.body"})


async def stream(send):
    await start(send)
    for _ in range(1600):
        await send({"type": "http.response.body", "body": CHUNK, "more_body": True})
    await send({"type": "http.response.body"})


async def send_messages_back(receive, send):
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": message["bytes"]})


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        return
    if scope["type"] == "websocket":
        await send_messages_back(receive, send)
    elif scope["path"] == "/echo":
        await echo(scope, receive, send)
    elif scope["path"] == "/file":
        await send_file(send)
    elif scope["path"] == "/stream":
        await stream(send)
    else:
        await send(HELLO)
        await send({"type": "http.response.body", "body": b"Hello\n"})
