// client.cpp - see csgi/testing/client.hpp.
#include <algorithm>
#include <csgi/testing/client.hpp>
#include "background_work_here.hpp"
#include "location.hpp"
#include "loop_here.hpp"

namespace csgi::testing {

client::client(application app, client_options options)
    : options_(std::move(options)), app_(app), loop_(options_.time, options_.patience), threads_(options_.most_threads, 1024),
      background_(std::make_unique<background_work_here>(*this)), life_(app, *this, stops_) {
  life_.start();
  try {
    on_loop_ = std::make_unique<loop_here>(*this, loop_);
    on_loop_->start();
  } catch (...) {
    abandon();
    throw;
  }
}

/// After a failure that the test is told.
void client::abandon() noexcept {
  try {
    end();
  } catch (const std::exception& too) {
    log(log_level::error, std::string("the shutdown failed too: ") + too.what());
  } catch (...) {
    log(log_level::error, "the shutdown failed too");
  }
}

void client::end() {
  background_->close(options_.grace);
  life_.finish();
}

client::~client() {
  try {
    close();
  } catch (...) {  // who wants to know calls close()
  }
}

void client::drain() noexcept {
  drained_ = true;
  life_.drain();
  for (auto* const each : exchanges_) each->drain();
}

void client::close() {
  if (std::exchange(closed_, true)) return;
  drain();
  try {
    on_loop_->finish();
  } catch (...) {
    abandon();
    throw;
  }
  end();
}

void client::wait_for_background() {
  if (!background_->wait()) test_loop::raise_stuck();
}

response client::request(std::string method, std::string target, const request_options& with) {
  journey where{std::move(method), std::move(target), with, options_.origin, {}};
  for (;;) {
    auto r = depart(where).finish();
    if (!go_on(where, r)) return r;
  }
}

conversation client::begin(std::string method, std::string target, const request_options& with) {
  return depart({std::move(method), std::move(target), with, options_.origin, {}});
}

websocket_conversation client::websocket(std::string target, const websocket_options& with) {
  request_options handshake{.fields = {{"connection", "Upgrade"}, {"upgrade", "websocket"}, {"sec-websocket-version", "13"},
                                       {"sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="}}};
  std::string offers;
  for (const auto& each : with.subprotocols) offers += (offers.empty() ? "" : ", ") + each;
  if (!offers.empty()) handshake.fields.push_back({"sec-websocket-protocol", offers});
  for (const auto& f : with.fields)
    std::erase_if(handshake.fields, [&](const named_value& own) { return same_name(own.name, f.name); });
  handshake.fields.insert(handshake.fields.end(), with.fields.begin(), with.fields.end());
  return websocket_conversation(begin("GET", std::move(target), handshake), with.responsive);
}

conversation client::depart(const journey& where) {
  auto with = where.with;
  const auto add = [&](const named_value& f) {
    if (!testing::find_field(with.fields, f.name)) with.fields.push_back(f);
  };
  for (const auto& f : options_.fields) add(f);
  const auto cookies = cookies_.send(where.origin.scheme, where.origin.authority, where.target);
  if (!cookies.empty()) add({"cookie", cookies});
  auto x = std::make_unique<memory_exchange>(loop_, where.method, where.target, with, where.origin, options_.behaviour, around());
  exchanges_.push_back(x.get());
  if (drained_) x->drain();
  x->begin(app_);
  return conversation(*this, std::move(x), where.with.body.source());
}

/// Whether `r` is a redirect to be followed: then `where` is the next request.
bool client::go_on(journey& where, response& r) {
  constexpr std::size_t most = 20;
  const auto location = r.field("location");
  const bool leads_on = r.status == 301 || r.status == 302 || r.status == 303 || r.status == 307 || r.status == 308;
  r.history = std::move(where.history);
  if (!leads_on || !location || where.with.redirect.value_or(options_.redirect) == redirects::returned) return false;
  if (r.history.size() == most) throw std::runtime_error("more than 20 redirects, the last one to " + std::string(*location));

  const bool other_method = (r.status == 303 && where.method != "HEAD") || (r.status < 303 && where.method == "POST");
  if (other_method) {
    where.method = "GET";
    where.with.body = {};
    where.with.trailers = {};
    std::erase_if(where.with.fields, [](const named_value& f) {
      return std::ranges::any_of(std::to_array<std::string_view>({"content-type", "content-length", "transfer-encoding"}),
                                 [&](std::string_view name) { return same_name(f.name, name); });
    });
  } else if (where.with.body.source() || !where.with.body.ended()) {
    throw std::runtime_error("a redirect that wants a streamed body again");
  }
  const auto to = resolve({where.origin.scheme, where.origin.authority, where.target}, *location);
  if (to.scheme != where.origin.scheme || to.authority != where.origin.authority)
    std::erase_if(where.with.fields, [](const named_value& f) {
      return same_name(f.name, "authorization") || same_name(f.name, "cookie") || same_name(f.name, "host");
    });
  where.origin.scheme = to.scheme;
  where.origin.authority = to.authority;
  where.target = to.target;
  auto history = std::move(r.history);
  history.push_back(std::move(r));
  where.history = std::move(history);
  return true;
}

void client::raise_failure(const memory_exchange& x) const {
  if (options_.failure == failures::answered) return;
  if (const auto thrown = x.failure()) std::rethrow_exception(thrown);
  if (const auto fault = x.fault(); !fault.empty()) throw std::logic_error(fault);
}

void client::take_cookies(const memory_exchange& x) { cookies_.take(x.result(), x.sent().authority, x.sent().target); }

neighbours client::around() noexcept { return {&threads_, background_.get(), options_.views}; }

std::vector<log_line> client::log() const {
  const std::lock_guard lock(log_mutex_);
  return log_;
}

void client::log(log_level level, std::string_view text) noexcept {
  const std::lock_guard lock(log_mutex_);
  log_.push_back({level, std::string(text)});
}

void* client::find(const extension_id& id) noexcept {
  return id == background::id ? static_cast<background*>(background_.get()) : nullptr;
}

}  // namespace csgi::testing
