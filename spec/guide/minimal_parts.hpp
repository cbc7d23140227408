// minimal_parts.hpp - the parts of minimal_server.cpp that know no exchange: HTTP/1, sockets, a queue of work.
//
// Any server has these, whatever it hosts; a clause is named where CSGI is stricter than HTTP, or chooses.
#pragma once
#include <algorithm>
#include <arpa/inet.h>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csgi/operation.hpp>
#include <csgi/request.hpp>
#include <csgi/response_head.hpp>
#include <csgi/server_options.hpp>
#include <cstdio>
#include <ctime>
#include <mutex>
#include <poll.h>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace minimal {

using csgi::clock, csgi::same_name, std::errc, std::string_view;

// What a request is refused with. A malformed or endless line throws errc::bad_message or errc::message_size instead.
struct refused { int status; };
inline void require(bool good, int status = 400) {
  if (!good) throw refused{status};
}

// --- Text ---

inline bool is_token(string_view s) {
  constexpr string_view good = "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return !s.empty() && s.find_first_not_of(good) == s.npos;
}

inline bool is_control(char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f; }
inline bool is_text(string_view s) { return std::ranges::none_of(s, is_control); }

inline std::optional<std::uint64_t> number(string_view s, int base = 10) {
  std::uint64_t value = 0;
  const auto [end, failure] = std::from_chars(s.data(), s.data() + s.size(), value, base);
  return failure == errc{} && end == s.data() + s.size() ? std::optional(value) : std::nullopt;
}

inline string_view trimmed(string_view s) {
  s.remove_prefix(std::min(s.find_first_not_of(" \t"), s.size()));
  return s.substr(0, s.find_last_not_of(" \t") + 1);
}

// What is before the first `end`, or all; `s` keeps what is behind it.
inline string_view take(string_view& s, char end) {
  const auto part = s.substr(0, s.find(end));
  s.remove_prefix(std::min(part.size() + 1, s.size()));
  return part;
}

inline csgi::field parsed_field(string_view line) {
  if (line.find(':') == line.npos) throw errc::bad_message;
  const auto name = take(line, ':');
  if (!is_token(name) || !is_text(line)) throw errc::bad_message;
  return {name, trimmed(line)};
}

// A host with an optional port (CSGI-HTTP-029); what is between brackets is checked for its characters only.
inline bool is_authority(string_view s) {
  const bool brackets = s.starts_with('[') && s.find(']') != s.npos;
  const auto host = s.substr(0, brackets ? s.find(']') + 1 : s.find(':'));
  const auto port = s.substr(host.size());
  const auto inner = brackets ? host.substr(1, host.size() - 2) : host;
  const auto bad = brackets ? inner.find_first_not_of("0123456789abcdefABCDEF:.")
                            : inner.find_first_of("@,/?#[]\\\"<>^`{|} \t");
  return bad == s.npos && !host.empty() && (inner.find(':') != s.npos) == brackets &&
         (port.empty() || (port[0] == ':' && (port.size() == 1 || number(port.substr(1)).value_or(65536) <= 65535)));
}

inline string_view phrase(int status) {
  string_view all =
      "200 OK\n201 Created\n202 Accepted\n203 Non-Authoritative Information\n204 No Content\n205 Reset Content\n"
      "206 Partial Content\n207 Multi-Status\n208 Already Reported\n226 IM Used\n300 Multiple Choices\n"
      "301 Moved Permanently\n302 Found\n303 See Other\n304 Not Modified\n305 Use Proxy\n307 Temporary Redirect\n"
      "308 Permanent Redirect\n400 Bad Request\n401 Unauthorized\n402 Payment Required\n403 Forbidden\n404 Not Found\n"
      "405 Method Not Allowed\n406 Not Acceptable\n407 Proxy Authentication Required\n408 Request Timeout\n"
      "409 Conflict\n410 Gone\n411 Length Required\n412 Precondition Failed\n413 Content Too Large\n414 URI Too Long\n"
      "415 Unsupported Media Type\n416 Range Not Satisfiable\n417 Expectation Failed\n421 Misdirected Request\n"
      "422 Unprocessable Content\n423 Locked\n424 Failed Dependency\n425 Too Early\n426 Upgrade Required\n"
      "428 Precondition Required\n429 Too Many Requests\n431 Request Header Fields Too Large\n"
      "451 Unavailable For Legal Reasons\n500 Internal Server Error\n501 Not Implemented\n502 Bad Gateway\n"
      "503 Service Unavailable\n504 Gateway Timeout\n505 HTTP Version Not Supported\n506 Variant Also Negotiates\n"
      "507 Insufficient Storage\n508 Loop Detected\n511 Network Authentication Required";
  while (!all.empty()) {
    auto text = take(all, '\n');
    if (number(take(text, ' ')) == static_cast<std::uint64_t>(status)) return text;
  }
  return {};
}

// A Date field with the end of its line.
inline std::string date_field() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  char text[48];
  return {text, std::strftime(text, sizeof text, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", ::gmtime_r(&now, &parts))};
}

// --- Sockets ---

constexpr std::chrono::milliseconds tick{50};  // every wait looks that often for the time and for the server's stop

inline void set(int socket, int level, int option, const auto& value) {
  ::setsockopt(socket, level, option, &value, sizeof value);
}
inline void set_ticking(int socket) {
  set(socket, SOL_SOCKET, SO_RCVTIMEO, timeval{0, 50'000});
  set(socket, SOL_SOCKET, SO_SNDTIMEO, timeval{0, 50'000});
}

// Listens on 127.0.0.1, and puts the port it got in `port`.
inline int listening_socket(std::uint16_t& port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  socklen_t size = sizeof address;
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  set(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  set_ticking(socket);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  if (socket < 0 || ::bind(socket, where, size) != 0 || ::listen(socket, 1024) != 0 ||
      ::getsockname(socket, where, &size) != 0) {
    const int why = errno;
    ::close(socket);
    throw std::system_error(why, std::generic_category(), "127.0.0.1:" + std::to_string(port));
  }
  port = ntohs(address.sin_port);
  return socket;
}

// One end of a connection, as text. `ask` is getpeername or getsockname.
struct address {
  char text[INET_ADDRSTRLEN] = {};
  csgi::endpoint endpoint;

  address(int socket, int (*ask)(int, sockaddr*, socklen_t*)) {
    sockaddr_in found{};
    socklen_t size = sizeof found;
    if (ask(socket, reinterpret_cast<sockaddr*>(&found), &size) != 0) return;  // gone already: unknown
    ::inet_ntop(AF_INET, &found.sin_addr, text, sizeof text);
    endpoint = {csgi::endpoint::kind::ip, ntohs(found.sin_port), text};
  }
  address(const address&) = delete;
};

struct connection {
  const csgi::server_options& options;
  const std::atomic<int>& stops;  // 1: running requests are finished, and no others begun; 2: they are asked to end
  const int socket;               // closed by the destructor
  const address peer{socket, ::getpeername}, local{socket, ::getsockname};
  std::string in{};               // received, not used yet
  bool ended = false;             // the peer has closed its sending side, and all before was received
  bool closed = false, lost = false;  // what peer_closed() saw: the end of its sending side, of the connection
  bool reset = false;             // the end must not be taken for that of a body

  // Ends the response before it ends the connection: bytes unread at the close would destroy what is still on its way
  // (CSGI-HTTP-049); what was aborted may need a reset (CSGI-HTTP-094).
  ~connection() {
    if (reset) set(socket, SOL_SOCKET, SO_LINGER, linger{1, 0});
    else ::shutdown(socket, SHUT_WR);
    char unread[16 * 1024];
    for (const auto until = clock::now() + std::chrono::seconds(1); !reset && late(until, 2) == errc{};) {
      const auto got = ::recv(socket, unread, sizeof unread, 0);
      if (got == 0 || (got < 0 && !ticked())) break;
    }
    ::close(socket);
  }

  bool peer_closed() {  // also where bytes wait unread; a reset sets `lost` too
    pollfd seen{socket, POLLRDHUP, 0};
    ::poll(&seen, 1, 0);
    lost = lost || (seen.revents & (POLLERR | POLLHUP)) != 0;
    return closed = closed || seen.revents != 0;
  }

  // Whether a call on the socket failed only since a tick passed.
  static bool ticked() { return errno == EAGAIN || errno == EINTR; }

  errc late(clock::time_point until, int stop) const {
    return stops >= stop ? errc::operation_canceled : clock::now() >= until ? errc::timed_out : errc{};
  }

  // Appends to `in`; bad_message at the peer's end.
  errc receive(clock::time_point until, int stop) {
    char block[16 * 1024];
    for (;;) {
      const auto got = ::recv(socket, block, sizeof block, 0);
      if (got > 0) in.append(block, static_cast<std::size_t>(got));
      if (got > 0) return {};
      if (got == 0) ended = true;
      if (got == 0) return errc::bad_message;
      if (!ticked()) return errc::connection_reset;
      if (const auto why = late(until, stop); why != errc{}) return why;
    }
  }

  errc send(string_view bytes) const {
    for (auto until = clock::now() + options.deadlines.write; !bytes.empty();) {
      const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        until = clock::now() + options.deadlines.write;
      } else if (!ticked()) {
        return errc::connection_reset;
      } else if (const auto why = late(until, 2); why != errc{}) {
        return why;
      }
    }
    return {};
  }

  // Takes one line of at most `limit` bytes from `in`, without its end. Throws what receive() fails with; bad_message
  // for an end that is not CRLF; message_size.
  std::string line(std::size_t limit, clock::time_point until, int stop) {
    for (;;) {
      const auto end = in.find_first_of("\r\n");
      if (std::min(end, in.size()) > limit) throw errc::message_size;
      if (end < in.size() && (in[end] == '\n' || end + 1 < in.size())) {
        if (in.compare(end, 2, "\r\n") != 0) throw errc::bad_message;
        std::string taken = in.substr(0, end);
        in.erase(0, end + 2);
        return taken;
      }
      if (const auto why = receive(until, stop); why != errc{}) throw why;
    }
  }
};

// --- Work from other threads ---

class work_queue {
 public:
  void push(csgi::work& work) {
    const std::lock_guard lock(mutex_);
    work.next = nullptr;
    (first_ ? last_->next : first_) = &work;
    last_ = &work;
  }
  csgi::work* pop() {
    const std::lock_guard lock(mutex_);
    return first_ ? std::exchange(first_, first_->next) : nullptr;
  }

 private:
  std::mutex mutex_;
  csgi::work *first_ = nullptr, *last_ = nullptr;
};

// One line for the operator; control characters in it cannot forge another (CSGI-CORE-041, CSGI-CORE-043).
inline void report(string_view app, const csgi::request& request, string_view what) noexcept try {
  std::string line(app);
  line.append(": ").append(request.method).append(" ").append(request.target).append(": ").append(what);
  std::ranges::replace_if(line, is_control, '?');
  std::fprintf(stderr, "%s\n", line.c_str());
} catch (const std::bad_alloc&) {  // then there is no line
}

// --- A request ---

struct received_head {
  csgi::request request;            // its views are of the strings below, which is why a head does not move
  std::string text, path;
  std::vector<csgi::field> fields;
  bool close = false;               // the client will not reuse the connection, or cannot
  bool expects = false;             // it waits for 100 Continue

  received_head() = default;
  received_head(const received_head&) = delete;

  // Throws `refused`. False where there is no request: the connection ended, or is idle, or the server stops.
  bool receive(connection& from) {
    const auto& limits = from.options.limits;
    bool has_line = false;
    try {
      if (from.in.empty() && from.receive(clock::now() + from.options.deadlines.idle, 1) != errc{}) return false;
      const auto until = clock::now() + from.options.deadlines.head;
      std::string line = from.line(limits.request_line, until, 1);
      if (line.empty()) line = from.line(limits.request_line, until, 1);  // CSGI-HTTP-020
      has_line = true;
      for (std::size_t size = 2; !line.empty(); line = from.line(limits.request_head, until, 1)) {
        text += line + '\n';
        if ((size += line.size() + 2) > limits.request_head) throw errc::message_size;
      }
    } catch (errc why) {
      if (why == errc::message_size) throw refused{has_line ? 431 : 414};
      if (why == errc::timed_out) throw refused{408};
      require(why != errc::bad_message || from.ended);
      return false;
    }
    request.peer = from.peer.endpoint;
    request.local = from.local.endpoint;
    string_view rest = text;
    request_line(take(rest, '\n'));
    while (!rest.empty()) {
      try {
        fields.push_back(parsed_field(take(rest, '\n')));
      } catch (errc) {
        throw refused{400};
      }
    }
    request.fields = fields;
    require(fields.size() <= limits.request_fields, 431);
    meaning_of_fields();
    require(request.content_length <= limits.request_body, 413);
    return true;
  }

 private:
  void request_line(string_view line) {
    request.method = take(line, ' ');
    request.target = take(line, ' ');
    require(is_token(request.method) && line.size() == 8 && line.starts_with("HTTP/") && line[6] == '.');
    require(number(line.substr(5, 1)) && number(line.substr(7)));
    require(line[5] == '1', 505);
    request.version = line[7] == '0' ? csgi::http_version::http_1_0 : csgi::http_version::http_1_1;
    require(request.method != "CONNECT", 501);
    require(request.target.find_first_of("#\\\"<>{}") == request.target.npos);
    require(std::ranges::all_of(request.target, [](char c) { return c > ' ' && c < 0x7f; }));

    auto rest = request.target;
    const auto scheme = rest.substr(0, rest.find(':') + 1);
    if (same_name(scheme, "http:") || same_name(scheme, "https:")) {
      require(rest.substr(scheme.size()).starts_with("//"));
      rest.remove_prefix(scheme.size() + 2);
      request.authority = rest.substr(0, rest.find_first_of("/?"));
      rest.remove_prefix(request.authority.size());
      require(is_authority(request.authority));
    } else {
      require(rest.starts_with('/') || (rest == "*" && request.method == "OPTIONS"));
    }
    request.has_query = rest.find('?') != rest.npos;
    request.raw_path = take(rest, '?');
    request.query = rest;
    if (request.raw_path.empty()) request.raw_path = "/";
    for (auto raw = request.raw_path; !raw.empty(); raw.remove_prefix(1)) {
      auto byte = std::optional<std::uint64_t>(static_cast<unsigned char>(raw[0]));
      if (raw[0] == '%') {
        byte = number(raw.substr(1, 2), 16);
        require(raw.size() > 2 && byte);
        raw.remove_prefix(2);
      }
      path += static_cast<char>(*byte);
    }
    request.path = path;
    request.scheme = "http";
  }

  void meaning_of_fields() {
    const bool modern = request.version == csgi::http_version::http_1_1;
    bool host = false, length = false, coded = false, keep = modern;
    for (const auto& [name, value] : fields) {
      if (same_name(name, "host")) {
        require(!host && (is_authority(value) || (value.empty() && !request.target.starts_with('/'))));
        host = true;
        if (request.authority.empty()) request.authority = value;
      } else if (same_name(name, "content-length")) {
        const auto bytes = number(value);
        require(bytes && *bytes >> 63 == 0 && !length);
        length = true;
        request.content_length = *bytes;
      } else if (same_name(name, "transfer-encoding")) {
        require(same_name(value, "chunked") && !coded && modern);
        coded = true;
      } else if (same_name(name, "expect") && modern) {
        require(same_name(value, "100-continue"), 417);
        expects = true;
      } else if (same_name(name, "connection")) {
        for (auto words = value; !words.empty();) {
          const auto word = trimmed(take(words, ','));
          close = close || same_name(word, "close");
          keep = keep || same_name(word, "keep-alive");
        }
      }
    }
    require(host || !modern);
    require(!length || !coded);
    request.body = coded ? csgi::body_kind::unknown : length ? csgi::body_kind::known : csgi::body_kind::none;
    close = close || !keep;
    expects = expects && (coded || request.content_length > 0);
  }
};

constexpr std::uint64_t skipped_at_most = 64 * 1024;  // bytes of an unread body; more of them close the connection

// The bytes of one body, out of the connection's.
class body {
 public:
  body(connection& from, const csgi::request& head)
      : from_(from), left_(head.content_length), chunked_(head.body == csgi::body_kind::unknown) {}

  bool waits() const { return from_.in.size() == given_; }  // nothing that the next read could give has been received
  std::uint64_t left() const { return left_; }              // bytes that will come, at least
  errc failure() const { return failure_; }                 // of the last read

  // Some bytes, or none at the end; valid until the next call. Throws errc values, the same again at the next call.
  string_view read() {
    from_.in.erase(0, std::exchange(given_, 0));
    try {
      if (failure_ == errc::bad_message || failure_ == errc::message_size) throw failure_;
      if (left_ == 0 && chunked_) begin_chunk();
      if (left_ == 0) return {};
      if (from_.in.empty())
        if (const auto why = from_.receive(until(), 2); why != errc{}) throw why;
    } catch (errc why) {
      failure_ = why;
      throw;
    }
    given_ = static_cast<std::size_t>(std::min<std::uint64_t>(left_, from_.in.size()));
    left_ -= given_;
    return string_view(from_.in).substr(0, given_);
  }

  // Drops what nobody read, so that the next request can be found (CSGI-HTTP-048); false where that is too much.
  bool skip() try {
    for (std::uint64_t skipped = 0; skipped + left_ <= skipped_at_most; skipped += given_)
      if (read().empty()) return true;
    return false;
  } catch (errc) {
    return false;
  }

 private:
  clock::time_point until() const { return clock::now() + from_.options.deadlines.body; }
  std::string line() try {
    return from_.line(1024, until(), 2);
  } catch (errc why) {
    throw why == errc::message_size ? errc::bad_message : why;  // CSGI-HTTP-044
  }

  void begin_chunk() {
    if (std::exchange(inside_, true) && !line().empty()) throw errc::bad_message;  // what ends the chunk before
    const auto head = line();
    string_view digits = head;
    const bool extended = digits.find(';') != digits.npos;
    digits = take(digits, ';');
    if (extended) digits = digits.substr(0, digits.find_last_not_of(" \t") + 1);  // the one place where blanks may be
    const auto size = number(digits, 16);
    if (!size || !is_text(head)) throw errc::bad_message;
    if (*size > from_.options.limits.request_body - total_) throw errc::message_size;
    total_ += left_ = *size;
    if (*size > 0) return;
    std::size_t trailers = 0;
    for (auto field = line(); !field.empty(); field = line()) {
      static_cast<void>(parsed_field(field));
      if ((trailers += field.size()) > 8 * 1024) throw errc::bad_message;
    }
    chunked_ = false;
  }

  connection& from_;
  std::uint64_t left_, total_ = 0;  // of the body or of this chunk; of all chunks so far
  bool chunked_, inside_ = false;
  std::size_t given_ = 0;           // bytes of `in` that the last read gave
  errc failure_{};
};

// --- A response ---

// One response's bytes: its head, checked, and the framing of its body. What is out of turn is not its business.
struct response {
  int status = 0;
  bool by_end = false;                   // the body ends with the connection
  bool close = false;                    // the connection closes after it
  std::optional<std::uint64_t> length;   // what the app declared
  std::uint64_t said = 0;                // body bytes so far

  // False, and nothing changed, for a head that may not be sent.
  bool start(const csgi::response_head& head, const csgi::request& request) {
    std::string text = "HTTP/1.1 " + std::to_string(head.status) + ' ';
    text.append(head.reason.empty() ? phrase(head.status) : head.reason).append("\r\n");
    if (head.status < 200 || head.status > 599 || !is_text(head.reason)) return false;
    std::optional<std::uint64_t> declared;
    bool dated = false;
    for (const auto& [name, value] : head.fields) {
      const auto is = [field = name](string_view other) { return same_name(field, other); };
      if (!is_token(name) || !is_text(value)) return false;
      if (is("connection") || is("keep-alive") || is("proxy-connection") || is("te") || is("trailer")) return false;
      if (is("transfer-encoding") || is("upgrade")) return false;
      dated = dated || is("date");
      if (is("content-length")) {
        const bool again = declared.has_value();
        if (!number(value) || (again && declared != number(value))) return false;
        declared = number(value);
        if (again || head.status == 204) continue;
      }
      text.append(name).append(": ").append(value).append("\r\n");
    }
    if (!dated) text += date_field();
    head_.swap(text);
    length = declared;
    status = head.status;
    close_ = head.then == csgi::after_response::close;
    empty_ = status == 204 || status == 304;
    bodiless_ = empty_ || request.method == "HEAD";
    modern_ = request.version == csgi::http_version::http_1_1;
    return true;
  }

  // Whether `size` more bytes are too many for the declared length, or too few for an end.
  bool too_long(std::size_t size) const { return length && !bodiless_ && size > *length - said; }
  bool too_short(std::size_t size) const { return length && !bodiless_ && size < *length - said; }

  // What to send for these body bytes. The first call decides the framing and says it.
  std::string framed(string_view data, bool first, bool last) {
    std::string out;
    if (first) {
      const bool known = length || (last && !empty_);
      chunked_ = !known && !bodiless_ && modern_;
      by_end = !known && !bodiless_ && !modern_;
      close = close || close_ || by_end;
      out = head_;
      const bool counted = !length && known && (!bodiless_ || !data.empty());
      if (chunked_) out += "Transfer-Encoding: chunked\r\n";
      if (counted) out += "Content-Length: " + std::to_string(data.size()) + "\r\n";
      if (close) out += "Connection: close\r\n";
      else if (!modern_) out += "Connection: keep-alive\r\n";
      out += "\r\n";
    }
    char size[20];
    if (chunked_ && !data.empty()) out.append(size, std::to_chars(size, size + 20, data.size(), 16).ptr).append("\r\n");
    if (!bodiless_) out += data;
    if (chunked_) out.append(data.empty() ? "" : "\r\n").append(last ? "0\r\n\r\n" : "");
    return out;
  }
  bool bodiless() const { return bodiless_; }

 private:
  std::string head_;
  bool close_ = false, empty_ = false, bodiless_ = false, modern_ = true, chunked_ = false;
};

}  // namespace minimal
