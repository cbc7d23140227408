// all_subjects.cpp - the servers that are compared; see subject.hpp for what stands in braces.
#include "subject.hpp"

namespace csgi::bench {

namespace {

const std::vector<workload> bodies{workload::echo, workload::file, workload::stream};

subject csgi(std::string name, const std::string& server, const std::string& plugin, std::vector<workload> serves,
             const std::vector<std::string>& options = {}) {
  subject made{.name = std::move(name),
               .command = {"{bin}/csgi", "serve", plugin, "--server", server, "--port", "0", "--no-access-log"},
               .serves = std::move(serves),
               .quick = true};
  made.command.insert(made.command.end(), options.begin(), options.end());
  return made;
}

void add_floors(std::vector<subject>& to) {
  to.push_back({.name = floor_name, .command = {"{bench}/floor"}, .serves = {workload::hello}, .quick = true});
  to.push_back({.name = floor_name, .command = {"{bench}/body_floor", "{here}/www/file"}, .serves = bodies, .quick = true});
  to.push_back({.name = floor_name, .command = {"{bench}/frame_echo_floor"}, .serves = {workload::messages}, .quick = true});
  to.push_back({.name = floor_name, .command = {"{bench}/queue_floor"}, .serves = {workload::waiting}, .quick = true});
}

void add_ours(std::vector<subject>& to) {
  for (const std::string server : {"threaded", "evented"})
    for (const std::string kind : {"blocking", "async"}) {
      const std::string name = server + ", " + kind + " app";
      to.push_back(csgi(name, server, "{apps}/hello_" + kind + ".so", {workload::hello}));
      to.push_back(csgi(name, server, "{bench}/bodies_" + kind + ".so", bodies, {"--", "{here}/www/file"}));
      to.back().quick = (server == "evented") == (kind == "async");
      to.push_back(csgi(name, server, "{bench}/waiting_" + kind + ".so", {workload::waiting}));
      to.back().quick = (server == "evented") == (kind == "async");
    }
  to.push_back(csgi("evented, async app", "evented", "{apps}/echo.so", {workload::messages}));
  to.push_back(csgi("evented, 3 middlewares", "evented", "{bench}/hello_chained.so", {workload::hello}));
  to.push_back(csgi("evented, lint", "evented", "{apps}/hello_async.so", {workload::hello}, {"--lint"}));
  to.back().quick = false;
}

void add_cpp_peers(std::vector<subject>& to) {
  to.push_back({.name = "Boost.Beast",
                .command = {"{bench}/beast_peer", "{here}/www/file"},
                .serves = {workload::hello, workload::echo, workload::file, workload::stream, workload::messages},
                .packages = "libboost1.81-dev"});
  to.push_back({.name = "cpp-httplib",
                .command = {"{bench}/httplib_peer", "{here}/www"},
                .serves = {workload::hello, workload::echo, workload::file, workload::stream},
                .packages = "libcpp-httplib-dev",
                .omits = {{"hello c512", "has a thread for each connection, 64 here"},
                          {"idle connections", "has a thread for each connection, 64 here"},
                          {"hello pipelined 16", "loses requests behind the first one of a segment"}}});
}

void add_other_peers(std::vector<subject>& to) {
  to.push_back({.name = "nginx",
                .command = {"nginx", "-p", "{here}", "-e", "stderr", "-c", "{configuration}"},
                .serves = {workload::hello, workload::file},
                .packages = "nginx-light",
                .at = listening::told,          // as one process it dies of sockets that are given
                .configuration = "nginx.conf"});
  to.push_back({.name = "h2o",
                .command = {"h2o", "-c", "{configuration}"},
                .serves = {workload::hello, workload::file},
                .packages = "h2o",
                .at = listening::given,
                .configuration = "h2o.conf"});
  const char* const by_interpreter = "translates or collects as it goes: the count of a few requests says nothing";
  to.push_back({.name = "Node",
                .command = {"node", "{peers}/node_peer.js", "{here}/www/file"},
                .serves = {workload::hello, workload::echo, workload::file, workload::stream},
                .packages = "nodejs",
                .at = listening::given,
                .omits = {{"instructions, small", by_interpreter}, {"instructions, browser-like", by_interpreter}}});
  subject uvicorn{.name = "uvicorn",
                .command = {"uvicorn", "--app-dir", "{peers}", "asgi_peer:app", "--fd", "3", "--loop", "uvloop", "--http",
                            "httptools", "--no-access-log", "--log-level", "warning", "--timeout-keep-alive", "60", "--backlog", "1024"},
                .serves = {workload::hello, workload::echo, workload::file, workload::stream},
                .packages = "uvicorn python3-uvloop python3-httptools",
                .probe = {"/usr/bin/python3", "-c", "import uvicorn, uvloop, httptools"},
                .at = listening::given};
  to.push_back(uvicorn);
  uvicorn.serves = {workload::messages};
  uvicorn.packages += " python3-websockets";
  uvicorn.probe.back() += ", websockets";
  to.push_back(uvicorn);
  to.push_back({.name = "gunicorn",
                .command = {"gunicorn", "--chdir", "{peers}", "wsgi_peer:app", "--bind", "fd://3", "--worker-class", "gthread",
                            "--workers", "1", "--threads", "64", "--keep-alive", "60", "--log-level", "error", "--worker-tmp-dir", "{here}"},
                .serves = {workload::hello, workload::echo, workload::file, workload::stream},
                .packages = "gunicorn",
                .at = listening::given,
                .omits = {{"hello pipelined 16", "waits for the client where requests have come together"},
                          {"idle connections", "keeps 1,000 connections at most"},
                          {"instructions, small", "its worker is a process of its own"},
                          {"instructions, browser-like", "its worker is a process of its own"}}});
}

}  // namespace

std::vector<subject> all_subjects() {
  std::vector<subject> all;
  add_floors(all);
  add_ours(all);
  add_cpp_peers(all);
  add_other_peers(all);
  return all;
}

}  // namespace csgi::bench
