// request_reader.cpp - see request_reader.hpp.
#include "request_reader.hpp"

namespace csgi::beast {

request_reader::state request_reader::read(boost::beast::flat_buffer& in) {
  const auto received = in.data();
  const auto found = look_at_head({static_cast<char*>(received.data()), received.size()}, limits_);
  refusal_ = found.status;
  if (found.now != state::complete) return found.now;
  in.consume(found.begin);
  text_.reserve(found.end);
  code failed;
  while (!failed && !is_header_done()) in.consume(put(in.cdata(), failed));
  if (failed) refusal_ = 400;
  head_.fields = fields_;
  return failed ? state::refused : state::complete;
}

void request_reader::on_request_impl(http::verb, view method, view target, int version, code&) {
  const auto keep = [this](view word) {
    text_.append(word.data(), word.size());
    return std::string_view(text_).substr(text_.size() - word.size());
  };
  head_.method = keep(method);
  head_.target = keep(target);
  head_.version = version == 10 ? http_version::http_1_0 : http_version::http_1_1;
}

void request_reader::on_field_impl(http::field, view name, view value, code&) {
  const auto at = text_.size();
  text_.append(name.data(), name.size()).append(value.data(), value.size());
  fields_.push_back({std::string_view(text_).substr(at, name.size()), std::string_view(text_).substr(at + name.size())});
}

}  // namespace csgi::beast
