# The smallest WSGI app, for gunicorn.
import os

FILE = os.path.join(os.environ["CSGI_BENCH_WWW"], "file")
CHUNK = b"x" * (64 * 1024)
BYTES = ("Content-Type", "application/octet-stream")


def app(environ, start_response):
    path = environ["PATH_INFO"]
    if path == "/echo":
        start_response("200 OK", [BYTES, ("Content-Length", environ["CONTENT_LENGTH"])])
        body = environ["wsgi.input"]
        return iter(lambda: body.read(64 * 1024), b"")
    if path == "/file":
        file = open(FILE, "rb")
        start_response("200 OK", [BYTES, ("Content-Length", str(os.fstat(file.fileno()).st_size))])
        return environ["wsgi.file_wrapper"](file)
    if path == "/stream":
        start_response("200 OK", [BYTES])
        return (CHUNK for _ in range(1600))
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "6")])
    return [b"Hello\n"]
