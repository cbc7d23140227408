// wire.cpp - see wire.hpp.
#include "wire.hpp"
#include <csgi/serving/characters.hpp>

namespace csgi::httplib {

bool wire::await_head() {
  head_.clear();
  given_ = 0;
  refusal_ = 0;
  if (!stream_.await_request()) return false;
  const auto ends = clock::now() + options_.deadlines.head;
  for (;;) {
    const auto known = head_.size();
    head_.append(stream_.unread());
    const auto found = look_at_head(head_, options_.limits);
    refusal_ = found.status;
    if (found.now == head_bytes::state::complete) {
      stream_.consume(found.end - known);
      head_.resize(found.end);
      head_.erase(0, found.begin);
      shown_ = stand_in();
      return true;
    }
    stream_.consume(stream_.unread().size());
    if (found.now == head_bytes::state::refused) return true;
    const auto failed = stream_.receive(std::max(ends - clock::now(), clock::duration()));
    if (failed == std::errc::timed_out) refusal_ = 408;
    if (failed || stream_.ended()) return refusal_ != 0;
  }
}

/// The library asks for one byte after the other.
ssize_t wire::read(char* to, std::size_t size) {
  size = shown_.copy(to, size, given_);
  given_ += size;
  return size > 0 ? static_cast<ssize_t>(size) : -1;
}

/// The head with a method and a target that the library does not mind, and without ranges, which it would look into.
std::string wire::stand_in() const {
  const auto line = std::string_view(head_).substr(0, head_.find("\r\n"));
  std::string shown("POST /");
  shown.append(line.substr(line.rfind(' '))).append("\r\n");
  for (const auto& [name, value] : fields())
    if (!same_name(name, "range")) shown.append(name).append(": ").append(value).append("\r\n");
  return shown + "\r\n";
}

std::string_view wire::method() const noexcept { return std::string_view(head_).substr(0, head_.find(' ')); }

std::string_view wire::target() const noexcept {
  const auto begin = head_.find(' ') + 1;
  return std::string_view(head_).substr(begin, head_.find(' ', begin) - begin);
}

std::vector<field> wire::fields() const {
  std::vector<field> fields;
  std::string_view rest(head_);
  rest.remove_prefix(rest.find('\n') + 1);
  while (rest.size() > 2) {
    const auto line = rest.substr(0, rest.find("\r\n"));
    const auto colon = line.find(':');
    fields.push_back({line.substr(0, colon), trimmed(line.substr(colon + 1))});
    rest.remove_prefix(rest.find('\n') + 1);
  }
  return fields;
}

}  // namespace csgi::httplib
