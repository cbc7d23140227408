// Node's own HTTP server, which listens at the socket that it is given.
'use strict';
const fs = require('fs');
const http = require('http');

const file = process.argv[2];
const length = fs.statSync(file).size;
const chunk = Buffer.alloc(64 * 1024, 'x');

function stream(response) {
  let left = 1600;
  const goOn = () => {
    while (left > 0) {
      left -= 1;
      if (!response.write(chunk)) return response.once('drain', goOn);
    }
    response.end();
  };
  goOn();
}

const server = http.createServer((request, response) => {
  if (request.method === 'POST') {
    response.writeHead(200, {'Content-Type': 'application/octet-stream', 'Content-Length': request.headers['content-length']});
    request.pipe(response);
  } else if (request.url === '/file') {
    response.writeHead(200, {'Content-Type': 'application/octet-stream', 'Content-Length': length});
    fs.createReadStream(file).pipe(response);
  } else if (request.url === '/stream') {
    response.writeHead(200, {'Content-Type': 'application/octet-stream'});
    stream(response);
  } else {
    response.writeHead(200, {'Content-Type': 'text/plain', 'Content-Length': 6});
    response.end('Hello\n');
  }
});
server.keepAliveTimeout = 60_000;
server.listen({fd: 3});
