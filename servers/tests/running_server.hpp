// running_server.hpp - a server of either design in this process, with the probe in any form, stopped at the end.
#pragma once
#include "probe.hpp"
#include "wire_client.hpp"
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>
#include <csgi/mount_table.hpp>
#include <csgi/server.hpp>
#include <csgi/server_observer.hpp>
#include <thread>

namespace csgi::tests {

/// How the probe is served: every test holds for all of them.
struct form {
  std::string name;
  bool evented;
  app_kind kind;
  bool behind_identity;
  bool logged;        ///< with an access log, which forbids some of the short cuts
  unsigned loops = 1; ///< of the evented server
};

/// Both servers, both kinds, bare and behind the identity middleware.
const std::vector<form>& all_forms();

/// What a server said.
class recorder final : public server_observer {
 public:
  explicit recorder(bool logged) noexcept : logged_(logged) {}
  void ready(const endpoint&) noexcept override { lines.note("ready"); }
  void log(log_level level, std::string_view message) noexcept override;
  bool wants_access() const noexcept override { return logged_; }
  void access(const access_record& record) noexcept override;

  witness lines;
  witness accesses;   ///< "GET /path 200 5" or "… aborted"

 private:
  bool logged_;
};

/// A server that is bound and does not run yet.
std::unique_ptr<csgi::server> make_server(bool evented, const server_options& options);

class running_server {
 public:
  explicit running_server(const form& f, server_options options = {});
  running_server(const running_server&) = delete;
  running_server& operator=(const running_server&) = delete;
  ~running_server() { stop(); }

  std::uint16_t port() const noexcept { return server_->port(); }
  csgi::server& server() noexcept { return *server_; }
  csgi::tests::probe& probe() noexcept { return probe_; }
  app_kind kind() const noexcept { return bare_.kind(); }
  recorder& said() noexcept { return recorder_; }

  /// Waits until it has ended.
  void stop();
  void join();

 private:
  csgi::tests::probe probe_;
  async_probe async_{probe_};
  blocking_probe blocking_{probe_};
  application bare_;
  chain<identity, application> wrapped_;
  recorder recorder_;
  std::unique_ptr<csgi::server> server_;
  std::thread thread_;
};

/// A request without a body.
std::string get(std::string_view target, std::string_view fields = {});
std::string request(std::string_view method, std::string_view target, std::string_view fields, std::string_view body = {});

}  // namespace csgi::tests
