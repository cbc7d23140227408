// conversation.hpp - one request and its response, in Beast's terms.
#pragma once
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <http_client/client_limits.hpp>
#include <http_client/message.hpp>
#include <http_client/origin.hpp>
#include <optional>
#include <string_view>

namespace upstream {

class conversation {
 public:
  using sent_message = boost::beast::http::request<boost::beast::http::string_body>;
  using parser = boost::beast::http::response_parser<boost::beast::http::string_body>;

  /// Errors:    std::invalid_argument for bytes that would end the request's line or field: what a user has typed has to be
  ///            encoded before.
  conversation(const request& what, const origin& to, client_limits limits);

  const sent_message& sent() const noexcept { return sent_; }

  /// For a response that is to be read now.
  parser& expect();

  /// Whether that was a 1xx, after which the response is still to come.
  bool is_interim() const;

  /// Whether it does no harm to ask twice.
  bool may_be_repeated() const noexcept;

  /// Whether not a byte of a response has come.
  bool is_unanswered() const noexcept { return !received_ || !received_->got_some(); }

  /// Whether the connection may carry another, after a whole response.
  bool keeps_connection() const { return received_->keep_alive() && sent_.keep_alive(); }

  /// Requires:  a whole response.
  response take();

 private:
  const client_limits limits_;
  sent_message sent_;
  std::optional<parser> received_;
};

}  // namespace upstream
