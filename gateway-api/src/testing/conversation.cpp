// conversation.cpp - see csgi/testing/conversation.hpp.
#include <csgi/testing/client.hpp>

namespace csgi::testing {

conversation::conversation(client& of, std::unique_ptr<memory_exchange> x, std::function<std::string()> source)
    : client_(&of), exchange_(std::move(x)), source_(std::move(source)) {}

conversation::~conversation() {
  if (!exchange_) return;
  std::erase(client_->exchanges_, exchange_.get());
  if (exchange_->ended()) return;
  exchange_->disconnect();
  exchange_->stop();
  if (!client_->loop().turn_until([this] { return exchange_->ended(); })) std::terminate();  // it can neither go on nor be destroyed
}

template <class Over>
void conversation::wait(Over over) {
  if (!client_->loop().turn_until(over)) test_loop::raise_stuck();
}

bool conversation::collect() {
  const bool ended = exchange_->ended();      // before, so that nothing comes behind what is collected
  if (source_ && exchange_->wants_body()) {
    auto next = source_();
    if (next.empty()) {
      source_ = nullptr;
      exchange_->end_body();
    } else {
      exchange_->give(std::move(next));
    }
  }
  body_ += exchange_->take();
  return ended;
}

void conversation::send(std::string_view bytes) {
  exchange_->give(std::string(bytes));
  wait([this] { return exchange_->body_taken() || exchange_->over(); });
}

void conversation::check() {
  client_->raise_failure(*exchange_);
  auto r = exchange_->result();
  if (r.whole()) return client_->take_cookies(*exchange_);
  r.body = std::exchange(body_, {});
  throw broken_response(std::move(r));
}

bool conversation::answers() const {
  return exchange_->has_head() || exchange_->over() || exchange_->result().informational.size() > informed_;
}

std::optional<informational_response> conversation::take_informational() {
  const auto all = exchange_->result().informational;
  if (informed_ < all.size()) return all[informed_++];
  if (!exchange_->has_head()) check();
  return std::nullopt;
}

std::optional<informational_response> conversation::informational() {
  wait([this] { return answers(); });
  return take_informational();
}

response conversation::head() {
  wait([this] { return exchange_->has_head() || exchange_->over(); });
  check();
  return exchange_->result();
}

std::string conversation::read() {
  wait([this] {
    const bool over = exchange_->over();
    collect();
    return !body_.empty() || over;
  });
  if (body_.empty()) check();
  return std::exchange(body_, {});
}

response conversation::finish() {
  wait([this] { return collect(); });
  return result();
}

response conversation::result() {
  check();
  auto r = exchange_->result();
  r.body = std::exchange(body_, {});
  return r;
}

csgi::outcome conversation::outcome() {
  wait([this] { return collect(); });
  return exchange_->result().how;
}

}  // namespace csgi::testing
