// play.cpp - see play.hpp.
#include "play.hpp"
#include <csgi/conformance/subject.hpp>
#include <filesystem>
#include "masks.hpp"
#include "request_bytes.hpp"
#include "websocket_talk.hpp"

namespace csgi::conformance {

namespace {

constexpr std::size_t piece = 7;                    // of a head: nothing that is parsed is as short everywhere
constexpr std::size_t body_piece = 5'000;
constexpr int switching_protocols = 101;
constexpr std::size_t most_refusals = 3;            // of connections, one after another: then the server is gone

/// The client. Reconnects for each request, or where its connection has ended.
class player {
 public:
  player(std::uint16_t port, const swap_options& options)
      : port_(port), patience_(options.patience), enough_(options.enough), masks_(options.masks) {}

  answer ask(const app_request& request, way how) {
    const bool keeps = how == way::kept_alive && connection_ && !connection_->has_news();
    refused_ = !keeps && !connect();
    if (refused_) return broken_off("the server does not accept connections");
    try {
      return exchange(request, how);
    } catch (const unmet& what) {
      const std::string why = what.what();
      answer partial = connection_->unfinished() ? answer_of(*connection_->unfinished()) : answer();
      connection_.reset();
      if (keeps && partial.empty()) return ask(request, how);       // it was closed meanwhile, which may happen
      partial["end"] = why;
      return partial;
    }
  }

  bool refused() const noexcept { return refused_; }

 private:
  bool connect() {
    connection_.reset();
    try {
      connection_.emplace(port_, patience_);
      return true;
    } catch (const unmet&) {
      return false;
    }
  }

  answer exchange(const app_request& request, way how) {
    send(bytes_of(request, how != way::kept_alive), how);
    reply seen = connection_->receive_within(request.method, enough_);
    const bool goes_on = connection_->unfinished().has_value();
    const bool switched = request.opens_websocket && seen.status == switching_protocols;
    if (switched) seen.body = talk(*connection_, request, enough_);
    masks_.apply(request, seen, port_, connection_->local_port());
    if (switched || !seen.whole || seen.value("connection") == "close") connection_.reset();
    answer made = answer_of(seen);
    if (goes_on) made["end"] = still_going;
    return made;
  }

  void send(std::string_view bytes, way how) {
    if (how != way::in_pieces) return connection_->send(bytes);
    const auto head = bytes.find("\r\n\r\n") + 4;
    for (std::size_t at = 0; at < bytes.size();) {
      if (at < head && connection_->has_news()) return;         // it has seen enough
      const auto size = at < head ? std::min(piece, head - at) : body_piece;
      connection_->send(bytes.substr(at, size));
      at += size;
    }
  }

  std::uint16_t port_;
  patience patience_;
  std::chrono::milliseconds enough_;
  masks masks_;
  std::optional<wire> connection_;
  bool refused_ = false;
};

}  // namespace

std::string_view to_string(way w) noexcept {
  constexpr std::string_view names[] = {"alone", "kept alive", "in pieces"};
  return names[static_cast<unsigned char>(w)];
}

performance_of_server play(const swap_server& server, const swap_options& options, const std::function<void()>& played) {
  const std::filesystem::path plugin = std::filesystem::absolute(options.plugin);
  form with;
  with.plugin = plugin.filename();
  const auto running = spawned(server.command, plugin.parent_path())->start(with, {});

  performance_of_server seen;
  player client(running->port(), options);
  std::size_t refusals = 0;
  for (const way how : all_ways)
    for (std::size_t i = 0; i < options.requests.size(); ++i) {
      played();
      const bool takes_long = how != way::alone && goes_on(seen.answers[i]);
      if (refusals == most_refusals) seen.answers.push_back(broken_off("the server is gone"));
      else if (takes_long) seen.answers.push_back(broken_off(std::string(still_going)));
      else seen.answers.push_back(client.ask(options.requests[i], how));
      refusals = client.refused() ? std::min(refusals + 1, most_refusals) : 0;
    }
  running->stop();
  seen.exit_code = running->exit_code();
  seen.said = running->said();
  return seen;
}

}  // namespace csgi::conformance
