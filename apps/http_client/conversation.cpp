#include "conversation.hpp"
#include <algorithm>
#include <csgi/field_syntax.hpp>
#include <stdexcept>

namespace http = boost::beast::http;

namespace upstream {

namespace {

void check(bool holds, const char* what, std::string_view text) {
  if (!holds) throw std::invalid_argument(std::string(what) + " cannot be sent: \"" + std::string(text) + '"');
}

bool in_target(char byte) noexcept { return byte > ' ' && byte < 0x7F; }

bool is_target(std::string_view text) noexcept {
  return text.starts_with('/') && std::all_of(text.begin(), text.end(), in_target);
}

}  // namespace

conversation::conversation(const request& what, const origin& to, client_limits limits) : limits_(limits) {
  check(csgi::is_token(what.method), "the method", what.method);
  check(is_target(what.target), "the target", what.target);
  sent_.version(11);
  sent_.method_string(what.method);
  sent_.target(to.path + what.target);
  sent_.set(http::field::host, to.authority);
  for (const auto& [name, value] : what.fields) {
    check(csgi::is_token(name), "the field name", name);
    check(csgi::is_field_text(value), "the field value", value);
    sent_.insert(name, value);
  }
  sent_.body() = what.body;
  sent_.prepare_payload();
}

conversation::parser& conversation::expect() {
  received_.emplace();
  received_->header_limit(limits_.head);
  received_->body_limit(limits_.body);
  received_->skip(sent_.method() == http::verb::head);
  return *received_;
}

bool conversation::is_interim() const {
  const auto status = received_->get().result_int();
  return status >= 100 && status < 200 && status != 101;
}

bool conversation::may_be_repeated() const noexcept {
  switch (sent_.method()) {
    case http::verb::get:
    case http::verb::head:
    case http::verb::put:
    case http::verb::delete_:
    case http::verb::options: return true;
    default: return false;
  }
}

response conversation::take() {
  auto message = received_->release();
  response got;
  got.status = static_cast<int>(message.result_int());
  for (const auto& field : message)
    got.fields.emplace_back(std::string_view(field.name_string().data(), field.name_string().size()),
                            std::string_view(field.value().data(), field.value().size()));
  got.body = std::move(message.body());
  return got;
}

}  // namespace upstream
