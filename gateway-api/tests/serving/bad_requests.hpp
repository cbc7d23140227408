// Requests that every server answers itself, and with which status.
#pragma once
#include <cstddef>
#include <string_view>

namespace csgi::tests {

struct bad_request {
  const char* name;
  std::string_view bytes;
  int status;
};

/// `before`, then `filling` over and over until only `after` fits into Size bytes.
template <std::size_t Size>
struct stretched {
  char text[Size] = {};

  constexpr stretched(std::string_view before, std::string_view filling, std::string_view after) {
    for (std::size_t at = 0; at < Size; ++at) {
      if (at < before.size()) text[at] = before[at];
      else if (at < Size - after.size()) text[at] = filling[(at - before.size()) % filling.size()];
      else text[at] = after[at - (Size - after.size())];
    }
  }

  constexpr operator std::string_view() const noexcept { return {text, Size}; }
};

inline constexpr stretched<9000> long_target("GET /", "a", " HTTP/1.1\r\nHost: a\r\n\r\n");
inline constexpr stretched<9000> endless_line("GET /", "a", "");
inline constexpr stretched<9000> endless_method("A", "A", "");
inline constexpr stretched<40'000> long_value("GET / HTTP/1.1\r\nHost: a\r\nX: ", "a", "\r\n\r\n");
inline constexpr stretched<40'000> endless_head("GET / HTTP/1.1\r\nHost: a\r\n", "X: y\r\n", "");
// 101 of them.
inline constexpr stretched<627> many_fields("GET / HTTP/1.1\r\nHost: a\r\n", "A: b\r\n", "\r\n");

using namespace std::string_view_literals;

/// Under the default server_limits.
inline constexpr bad_request bad_requests[] = {
    // Line ends (RFC 9112, 2.2) and empty lines before the request line.
    {"bare LF behind the request line", "GET / HTTP/1.1\nHost: a\r\n\r\n", 400},
    {"bare LF behind a field", "GET / HTTP/1.1\r\nHost: a\n\r\n", 400},
    {"bare LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\n", 400},
    {"bare LFs only", "GET / HTTP/1.1\nHost: a\n\n", 400},
    {"bare LF in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\nZ: z\r\n\r\n", 400},
    {"leading bare LF", "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"leading CR", "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"leading CRLF and bare LF", "\r\n\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"five leading empty lines", "\r\n\r\n\r\n\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"leading space", " GET / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"bare CR in the request line", "GET /\ra HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"bare CR behind the request line", "GET / HTTP/1.1\rHost: a\r\n\r\n", 400},
    {"two CRs behind the request line", "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n", 400},
    {"bare CR in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\rY: z\r\n\r\n", 400},
    {"bare CR in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\rZ\r\n\r\n", 400},
    {"bare CR instead of a value", "GET / HTTP/1.1\r\nHost: a\r\nX:\rY\r\n\r\n", 400},
    {"CR instead of a value, then a field", "GET / HTTP/1.1\r\nHost: a\r\nX:\rContent-Length: 5\r\n\r\n", 400},
    {"two CRs behind a field", "GET / HTTP/1.1\r\nHost: a\r\r\n\r\n", 400},
    {"CR X as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\rX", 400},
    {"CR CR LF as the empty line", "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", 400},

    // The request line (RFC 9112, 3).
    {"TLS on a plain port", "\x16\x03\x01\x02\x00\x01\x00\x01\xFC\x03\x03"sv, 400},
    {"not HTTP at all", "EHLO example.org\r\n", 400},
    {"no target", "GET HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"only a method", "GET\r\nHost: a\r\n\r\n", 400},
    {"two spaces before the target", "GET  / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"two spaces before the version", "GET /  HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"tab before the target", "GET\t/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"tab before the version", "GET /\tHTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"form feed before the version", "GET /\fHTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"space behind the version", "GET / HTTP/1.1 \r\nHost: a\r\n\r\n", 400},
    {"a fourth word", "GET / HTTP/1.1 x\r\nHost: a\r\n\r\n", 400},
    {"space in the target", "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"method with a colon", "GE:T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"method with parentheses", "GET() / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"method with NUL", "GE\0T / HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"method with 8-bit bytes", "G\xC9T / HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"target too long", long_target, 414},
    {"request line without end", endless_line, 414},
    {"method without end", endless_method, 414},

    // Methods (RFC 9110, 9.1).
    {"CONNECT", "CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n", 501},
    {"CONNECT without port", "CONNECT example.org HTTP/1.1\r\nHost: example.org\r\n\r\n", 400},
    {"CONNECT with a path", "CONNECT / HTTP/1.1\r\nHost: a\r\n\r\n", 400},

    // Versions (RFC 9112, 2.3).
    {"HTTP/0.9 request", "GET /\r\n\r\n", 400},
    {"HTTP/0.9 request with fields", "GET /\r\nHost: a\r\n\r\n", 400},
    {"HTTP/0.9 by name", "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505},
    {"HTTP/2.0", "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505},
    {"HTTP/3.0", "GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505},
    {"HTTP/2 preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505},
    {"HTTP/2 without minor version", "GET / HTTP/2\r\nHost: a\r\n\r\n", 400},
    {"HTTP/1.", "GET / HTTP/1.\r\nHost: a\r\n\r\n", 400},
    {"HTTP/1.10", "GET / HTTP/1.10\r\nHost: a\r\n\r\n", 400},
    {"HTTP/01.1", "GET / HTTP/01.1\r\nHost: a\r\n\r\n", 400},
    {"HTTP/1,1", "GET / HTTP/1,1\r\nHost: a\r\n\r\n", 400},
    {"http/1.1 in lower case", "GET / http/1.1\r\nHost: a\r\n\r\n", 400},
    {"HTTPS/1.1", "GET / HTTPS/1.1\r\nHost: a\r\n\r\n", 400},
    {"RTSP/1.0", "OPTIONS / RTSP/1.0\r\nCSeq: 1\r\n\r\n", 400},
    {"ICE/1.0", "SOURCE / ICE/1.0\r\n\r\n", 400},

    // Targets (RFC 9112, 3.2; RFC 3986).
    {"fragment", "GET /a#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"backslash", "GET /a\\b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"double quote", "GET /a\"b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"less-than", "GET /a<b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"greater-than in the query", "GET /?a>b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"opening brace", "GET /?a{b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"closing brace", "GET /a}b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"NUL in the target", "GET /a\0b HTTP/1.1\r\nHost: a\r\n\r\n"sv, 400},
    {"control character in the target", "GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"DEL in the target", "GET /a\x7F HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"8-bit byte in the path", "GET /caf\xC3\xA9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"8-bit byte in the query", "GET /?caf\xE9 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"percent without hexadecimal digits", "GET /%zz HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"percent with one digit", "GET /%4 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"percent with one digit before the query", "GET /%4?1 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"percent at the end", "GET /% HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"percent, percent", "GET /%%41 HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"relative target", "GET a/b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"target that is a query", "GET ?a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"asterisk for GET", "GET * HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"asterisk with more", "OPTIONS *a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"authority-form for GET", "GET example.org:80 HTTP/1.1\r\nHost: example.org:80\r\n\r\n", 400},
    {"unknown scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"scheme without slashes", "GET http:/a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"scheme only", "GET http HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form without host", "GET http:///a HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with a port only", "GET http://:80/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with userinfo", "GET http://u:p@a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with a bad port", "GET http://a:http/ HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form without Host", "GET http://a/ HTTP/1.1\r\n\r\n", 400},
    {"absolute-form with two Hosts", "GET http://a/ HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with an invalid Host", "GET http://a/ HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"absolute-form with an empty Host", "GET http://a/ HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"absolute-form with a fragment", "GET http://a/#b HTTP/1.1\r\nHost: a\r\n\r\n", 400},
    {"absolute-form with bad encoding", "GET http://a/%g0 HTTP/1.1\r\nHost: a\r\n\r\n", 400},

    // Fields (RFC 9110, 5; RFC 9112, 5).
    {"folded value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n z\r\n\r\n", 400},
    {"value folded by a tab", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n\tz\r\n\r\n", 400},
    {"value that begins folded", "GET / HTTP/1.1\r\nHost: a\r\nX:\r\n y\r\n\r\n", 400},
    {"value folded into nothing", "GET / HTTP/1.1\r\nHost: a\r\nX: y\r\n \r\n\r\n", 400},
    {"folded Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n 5\r\n\r\nhello", 400},
    {"folded Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n", 400},
    {"folded Host", "GET / HTTP/1.1\r\nHost:\r\n a\r\n\r\n", 400},
    {"white space before the first field", "GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400},
    {"space before the colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n", 400},
    {"tab before the colon", "GET / HTTP/1.1\r\nHost\t: a\r\n\r\n", 400},
    {"space in a name", "GET / HTTP/1.1\r\nHost: a\r\nX Y: z\r\n\r\n", 400},
    {"tab in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\tY: z\r\n\r\n", 400},
    {"empty name", "GET / HTTP/1.1\r\nHost: a\r\n: y\r\n\r\n", 400},
    {"first name empty", "GET / HTTP/1.1\r\n: y\r\nHost: a\r\n\r\n", 400},
    {"colon only", "GET / HTTP/1.1\r\nHost: a\r\n:\r\n\r\n", 400},
    {"no colon", "GET / HTTP/1.1\r\nHost: a\r\nX\r\n\r\n", 400},
    {"parentheses in a name", "GET / HTTP/1.1\r\nHost: a\r\nX(Y): z\r\n\r\n", 400},
    {"at-sign in a name", "GET / HTTP/1.1\r\nHost: a\r\n@X: z\r\n\r\n", 400},
    {"NUL in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\0: z\r\n\r\n"sv, 400},
    {"8-bit byte in a name", "GET / HTTP/1.1\r\nHost: a\r\nX\xE9: z\r\n\r\n", 400},
    {"NUL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\0z\r\n\r\n"sv, 400},
    {"control character in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\x01\r\n\r\n", 400},
    {"vertical tab in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\vz\r\n\r\n", 400},
    {"escape in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\x1B[m\r\n\r\n", 400},
    {"DEL in a value", "GET / HTTP/1.1\r\nHost: a\r\nX: y\x7F\r\n\r\n", 400},
    {"too many fields", many_fields, 431},
    {"value too large", long_value, 431},
    {"head without end", endless_head, 431},

    // Content-Length (RFC 9112, 6.3).
    {"two differing Content-Lengths",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n", 400},
    {"the same Content-Length twice",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\n", 400},
    {"Content-Length 0 twice", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\ncontent-length: 0\r\n\r\n", 400},
    {"Content-Length list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 6\r\n\r\nhello", 400},
    {"Content-Length list of one value", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5, 5\r\n\r\nhello", 400},
    {"Content-Length with a plus", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +5\r\n\r\nhello", 400},
    {"negative Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\nhello", 400},
    {"Content-Length minus zero", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -0\r\n\r\n", 400},
    {"empty Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length:\r\n\r\n", 400},
    {"blank Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: \t \r\n\r\n", 400},
    {"Content-Length of letters", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: five\r\n\r\nhello", 400},
    {"hexadecimal Content-Length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 0x5\r\n\r\nhello", 400},
    {"Content-Length with a fraction", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5.0\r\n\r\nhello", 400},
    {"Content-Length with an underscore", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1_0\r\n\r\nhello", 400},
    {"Content-Length of two words", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1 0\r\n\r\nhello", 400},
    {"Content-Length of two words and a tab", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\t0\r\n\r\nhello", 400},
    {"Content-Length 2^63", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9223372036854775808\r\n\r\n", 400},
    {"Content-Length 2^64 - 1", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551615\r\n\r\n", 400},
    {"Content-Length 2^64 + 5", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 18446744073709551621\r\n\r\n", 400},

    // Transfer-Encoding (RFC 9112, 6.1).
    {"Content-Length, then Transfer-Encoding",
     "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"Transfer-Encoding, then Content-Length",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400},
    {"unknown coding and Content-Length",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", 400},
    {"unknown coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n", 501},
    {"identity coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\n", 501},
    {"coding like chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 501},
    {"coding that chunked begins", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunkedx\r\n\r\n0\r\n\r\n", 501},
    {"unknown coding, chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501},
    {"unknown coding and chunked in two fields",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 501},
    {"chunked not last", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, gzip\r\n\r\n", 400},
    {"chunked not last, in two fields",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: gzip\r\n\r\n", 400},
    {"chunked twice", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400},
    {"chunked in two fields",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"chunked and an identity field",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400},
    {"empty Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\r\n\r\n0\r\n\r\n", 400},
    {"comma as Transfer-Encoding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: ,\r\n\r\n0\r\n\r\n", 400},
    {"comma behind chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked ,\t\r\n\r\n0\r\n\r\n", 400},
    {"comma before chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: , chunked\r\n\r\n0\r\n\r\n", 400},
    {"quoted chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \"chunked\"\r\n\r\n0\r\n\r\n", 400},
    {"chunked in two words", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked x\r\n\r\n0\r\n\r\n", 400},
    {"chunked with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n", 400},
    {"vertical tab before chunked", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \vchunked\r\n\r\n0\r\n\r\n", 400},
    {"space before the colon of Transfer-Encoding",
     "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400},
    {"Transfer-Encoding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400},
    {"unknown coding in HTTP/1.0", "POST / HTTP/1.0\r\nTransfer-Encoding: gzip\r\n\r\n", 400},

    // Host (RFC 9112, 3.2; RFC 3986, 3.2).
    {"no Host", "GET / HTTP/1.1\r\n\r\n", 400},
    {"no Host in HTTP/1.2", "GET / HTTP/1.2\r\n\r\n", 400},
    {"two Hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"the same Host twice", "GET / HTTP/1.1\r\nHost: a\r\nhOST: a\r\n\r\n", 400},
    {"two Hosts in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n", 400},
    {"empty Host", "GET / HTTP/1.1\r\nHost:\r\n\r\n", 400},
    {"blank Host", "GET / HTTP/1.1\r\nHost: \t\r\n\r\n", 400},
    {"Host that is a port", "GET / HTTP/1.1\r\nHost: :80\r\n\r\n", 400},
    {"Host with userinfo", "GET / HTTP/1.1\r\nHost: user@a\r\n\r\n", 400},
    {"Host with a password", "GET / HTTP/1.1\r\nHost: user:pass@a:80\r\n\r\n", 400},
    {"Host with a space", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400},
    {"Host with a tab", "GET / HTTP/1.1\r\nHost: a\tb\r\n\r\n", 400},
    {"Host list", "GET / HTTP/1.1\r\nHost: a, b\r\n\r\n", 400},
    {"Host with a comma", "GET / HTTP/1.1\r\nHost: a,b\r\n\r\n", 400},
    {"Host with a path", "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400},
    {"Host with a query", "GET / HTTP/1.1\r\nHost: a?b\r\n\r\n", 400},
    {"Host with a fragment", "GET / HTTP/1.1\r\nHost: a#b\r\n\r\n", 400},
    {"Host with a scheme", "GET / HTTP/1.1\r\nHost: http://a\r\n\r\n", 400},
    {"Host with a backslash", "GET / HTTP/1.1\r\nHost: a\\b\r\n\r\n", 400},
    {"Host with an 8-bit byte", "GET / HTTP/1.1\r\nHost: caf\xC3\xA9\r\n\r\n", 400},
    {"Host with bad encoding", "GET / HTTP/1.1\r\nHost: a%2\r\n\r\n", 400},
    {"port of letters", "GET / HTTP/1.1\r\nHost: a:http\r\n\r\n", 400},
    {"port 65536", "GET / HTTP/1.1\r\nHost: a:65536\r\n\r\n", 400},
    {"endless port", "GET / HTTP/1.1\r\nHost: a:99999999999999999999\r\n\r\n", 400},
    {"negative port", "GET / HTTP/1.1\r\nHost: a:-80\r\n\r\n", 400},
    {"two ports", "GET / HTTP/1.1\r\nHost: a:80:80\r\n\r\n", 400},
    {"IPv6 address without brackets", "GET / HTTP/1.1\r\nHost: ::1\r\n\r\n", 400},
    {"unclosed bracket", "GET / HTTP/1.1\r\nHost: [::1\r\n\r\n", 400},
    {"unopened bracket", "GET / HTTP/1.1\r\nHost: ::1]\r\n\r\n", 400},
    {"empty brackets", "GET / HTTP/1.1\r\nHost: []\r\n\r\n", 400},
    {"a name in brackets", "GET / HTTP/1.1\r\nHost: [a.example]\r\n\r\n", 400},
    {"IPv6 address of seven groups", "GET / HTTP/1.1\r\nHost: [1:2:3:4:5:6:7]\r\n\r\n", 400},
    {"IPv6 address elided twice", "GET / HTTP/1.1\r\nHost: [1::2::3]\r\n\r\n", 400},
    {"IPv6 address with five digits", "GET / HTTP/1.1\r\nHost: [::12345]\r\n\r\n", 400},
    {"IPv6 address with a zone", "GET / HTTP/1.1\r\nHost: [fe80::1%25eth0]\r\n\r\n", 400},
    {"bytes behind the bracket", "GET / HTTP/1.1\r\nHost: [::1]a\r\n\r\n", 400},
    {"invalid Host in HTTP/1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", 400},
    {"invalid Host for OPTIONS *", "OPTIONS * HTTP/1.1\r\nHost: @\r\n\r\n", 400},
    {"OPTIONS * without Host", "OPTIONS * HTTP/1.1\r\n\r\n", 400},

    // Expect (RFC 9110, 10.1.1).
    {"unknown expectation", "POST / HTTP/1.1\r\nHost: a\r\nExpect: coffee\r\nContent-Length: 5\r\n\r\nhello", 417},
    {"unknown expectation in a list", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue, tea\r\n\r\n", 417},
    {"unknown expectation in a second field",
     "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nExpect: tea\r\n\r\n", 417},
    {"100-continue with a parameter", "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue;a\r\n\r\n", 417},
};

/// What goes before the bytes of a bad_body.
inline constexpr std::string_view chunked_head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";

struct bad_body {
  const char* name;
  std::string_view bytes;     ///< all data before the fault are "hello"
  int status;
};

inline constexpr stretched<5000> long_extension("5;", "a", "\r\nhello\r\n0\r\n\r\n");
inline constexpr stretched<5000> endless_size("0", "0", "");
inline constexpr stretched<20'000> long_trailer("0\r\nX: ", "a", "\r\n\r\n");
inline constexpr stretched<20'000> endless_trailers("0\r\n", "X: y\r\n", "");

/// Chunked bodies that end a request (RFC 9112, 7.1), under a limit of 1 GiB.
inline constexpr bad_body bad_bodies[] = {
    {"no size", "\r\nhello\r\n0\r\n\r\n", 400},
    {"size and a letter", "5g\r\nhello\r\n0\r\n\r\n", 400},
    {"size with a prefix", "0x5\r\nhello\r\n0\r\n\r\n", 400},
    {"size with an underscore", "0_5\r\nhello\r\n0\r\n\r\n", 400},
    {"size with a plus", "+5\r\nhello\r\n0\r\n\r\n", 400},
    {"negative size", "-1\r\nhello\r\n0\r\n\r\n", 400},
    {"leading space", " 5\r\nhello\r\n0\r\n\r\n", 400},
    {"leading tab", "\t5\r\nhello\r\n0\r\n\r\n", 400},
    {"space behind the size", "5 \r\nhello\r\n0\r\n\r\n", 400},
    {"size of two words", "5 5\r\nhello\r\n0\r\n\r\n", 400},
    {"size with a fraction", "5.0\r\nhello\r\n0\r\n\r\n", 400},
    {"NUL behind the size", "5\0\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"quoted size", "\"5\"\r\nhello\r\n0\r\n\r\n", 400},
    {"size beyond 64 bits", "10000000000000005\r\nhello\r\n0\r\n\r\n", 400},
    {"size of 2^64 - 1", "ffffffffffffffff\r\nhello", 413},
    {"size above the limit", "40000001\r\nhello", 413},
    {"sizes above the limit together", "5\r\nhello\r\n3ffffffc\r\nhello", 413},
    {"size without end", endless_size, 400},
    {"bare LF behind the size", "5\nhello\r\n0\r\n\r\n", 400},
    {"bare CR behind the size", "5\rhello\r\n0\r\n\r\n", 400},
    {"two CRs behind the size", "5\r\r\nhello\r\n0\r\n\r\n", 400},
    {"extension too long", long_extension, 400},
    {"empty extension", "5;\r\nhello\r\n0\r\n\r\n", 400},
    {"bare LF behind an extension", "5;a\nhello\r\n0\r\n\r\n", 400},
    {"bare LF in an extension", "5;a\n;b\r\nhello\r\n0\r\n\r\n", 400},
    {"bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n", 400},
    {"control character in an extension", "5;a=\x01\r\nhello\r\n0\r\n\r\n", 400},
    {"NUL in a quoted extension", "5;a=\"\0\"\r\nhello\r\n0\r\n\r\n"sv, 400},
    {"bare LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n", 400},
    {"unclosed quotes", "5;a=\"b\r\nhello\r\n0\r\n\r\n", 400},
    {"escaped line end in an extension", "5;a=\"\\\r\n\"\r\nhello\r\n0\r\n\r\n", 400},
    {"bytes behind quotes", "5;a=\"b\"c\r\nhello\r\n0\r\n\r\n", 400},
    {"extension without name", "5;=b\r\nhello\r\n0\r\n\r\n", 400},
    {"extension without value", "5;a=\r\nhello\r\n0\r\n\r\n", 400},
    {"extension of two words", "5;a b\r\nhello\r\n0\r\n\r\n", 400},
    {"space behind an extension", "5;a \r\nhello\r\n0\r\n\r\n", 400},
    {"chunk too long", "5\r\nhello!\r\n0\r\n\r\n", 400},
    {"chunk too short", "6\r\nhello\r\n0\r\n\r\n", 400},
    {"bare LF behind a chunk", "5\r\nhello\n0\r\n\r\n", 400},
    {"bare CR behind a chunk", "5\r\nhello\r0\r\n\r\n", 400},
    {"other bytes behind a chunk", "5\r\nhelloXX0\r\n\r\n", 400},
    {"nothing behind a chunk", "5\r\nhello0\r\n\r\n", 400},
    {"empty line before a size", "5\r\nhello\r\n\r\n0\r\n\r\n", 400},
    {"bare LF behind the last chunk", "0\n\r\n", 400},
    {"bare LF as the end", "0\r\n\n", 400},
    {"CR X as the end", "0\r\n\rX", 400},
    {"folded trailer", "0\r\nX: y\r\n z\r\n\r\n", 400},
    {"trailer that begins folded", "0\r\n X: y\r\n\r\n", 400},
    {"bare LF behind a trailer", "0\r\nX: y\n\r\n", 400},
    {"bare LF behind the trailers", "0\r\nX: y\r\n\n", 400},
    {"bare CR in a trailer", "0\r\nX: y\rz\r\n\r\n", 400},
    {"trailer without a name", "0\r\n: y\r\n\r\n", 400},
    {"trailer without a colon", "0\r\nX\r\n\r\n", 400},
    {"space before a trailer's colon", "0\r\nX : y\r\n\r\n", 400},
    {"NUL in a trailer", "0\r\nX: \0\r\n\r\n"sv, 400},
    {"control character in a trailer", "0\r\nX: \x01\r\n\r\n", 400},
    {"8-bit byte in a trailer's name", "0\r\nX\xE9: y\r\n\r\n", 400},
    {"trailer too long", long_trailer, 400},
    {"trailers without end", endless_trailers, 400},
};

}  // namespace csgi::tests
