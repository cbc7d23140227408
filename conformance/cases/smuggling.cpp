// smuggling.cpp - bodies whose length two parties might see differently, and chunks that are none.
#include "refusals.hpp"

namespace csgi::conformance {

using namespace std::string_view_literals;

namespace {

std::string chunks(std::string_view body) { return with_lines("Transfer-Encoding: chunked\r\n") + std::string(body); }

void add_length_cases(cases& to) {
  for (const std::string_view length : {"+1"sv, "-1"sv, "-0"sv, "1x"sv, "0x1"sv, ""sv, "1 1"sv, "1\t1"sv, "1.0"sv, "1_0"sv, "one"sv, "\"1\""sv, "\xef\xbc\x91"sv, "1;1"sv,
                                        "9223372036854775808"sv, "18446744073709551615"sv, "18446744073709551617"sv, "99999999999999999999"sv})
    refused(to, {"CSGI-HTTP-031"}, "the length \"" + std::string(length) + "\" is refused", with_lines("Content-Length: " + std::string(length) + "\r\n"));
  for (const char* list : {"1, 2", "1,2", "1, 1", "1,", ",1"})
    refused(to, {"CSGI-HTTP-031"}, "the list of lengths \"" + std::string(list) + "\" is refused", with_lines("Content-Length: " + std::string(list) + "\r\n"));
  refused(to, {"CSGI-HTTP-031"}, "differing lengths are refused", with_lines("Content-Length: 1\r\nContent-Length: 2\r\n"));
  refused(to, {"CSGI-HTTP-031"}, "differing lengths are refused with other fields between", with_lines("Content-Length: 0\r\nA: b\r\ncontent-length: 5\r\n"));
  refused(to, {"CSGI-HTTP-032"}, "the same length twice is refused", with_lines("Content-Length: 1\r\nContent-Length: 1\r\n"));
  to.push_back({{"CSGI-HTTP-032"}, "the same length twice is refused, or counts once",
                {send(request("POST", "/collect", "Content-Length: 3\r\nContent-Length: 3\r\n") + "abc" + get("/hello")),
                 receive(answer(400).or_else(answer(200).saying("abc")), "POST"), receive_or_end(answer(200).saying("Hello\n"))}});
  refused(to, {"CSGI-HTTP-027"}, "a folded length is refused", with_lines("Content-Length:\r\n 5\r\n"));
  refused(to, {"CSGI-HTTP-027"}, "a length with a space before its colon is refused", with_lines("Content-Length : 5\r\n"));
}

void add_coding_cases(cases& to) {
  for (const char* lines : {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n",
                            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n", "Content-Length: 3\r\nTransfer-Encoding: gzip\r\n",
                            "Content-Length: 3\r\nTransfer-Encoding: identity\r\n", "Content-Length: 3\r\nTransfer-Encoding:\r\n"}) {
    std::string shown(lines);
    for (auto at = shown.find("\r\n"); at != std::string::npos; at = shown.find("\r\n")) shown.replace(at, 2, at + 2 == shown.size() ? "" : ", ");
    refused(to, {"CSGI-HTTP-033"}, '"' + shown + "\" is refused", with_lines(lines) + "0\r\n\r\n");
  }
  refused(to, {"CSGI-HTTP-033", "CSGI-HTTP-035"}, "a length beside a coding is refused in HTTP/1.0",
          "POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\nConnection: keep-alive\r\n\r\n0\r\n\r\n");
  for (const char* coding : {"cow", "gzip", "identity", "xchunked", "chunkedx", "chunke", "gzip, chunked", "identity, chunked"})
    refused(to, {"CSGI-HTTP-034"}, "the coding \"" + std::string(coding) + "\" is refused", with_lines("Transfer-Encoding: " + std::string(coding) + "\r\n") + "0\r\n\r\n", {400, 501});
  refused(to, {"CSGI-HTTP-034"}, "another coding is refused although chunked follows in a second field",
          with_lines("Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n") + "0\r\n\r\n", {400, 501});
  const std::pair<const char*, std::string_view> malformed[] = {
      {"an empty coding", ""}, {"a coding that is a comma", ","}, {"chunked twice", "chunked, chunked"}, {"chunked with a parameter", "chunked;a=b"}, {"chunked twice, in two fields", "chunked\r\nTransfer-Encoding: chunked"},
      {"chunked before another coding", "chunked, gzip"}, {"chunked before identity", "chunked, identity"},
      {"chunked before another coding, in two fields", "chunked\r\nTransfer-Encoding: identity"}, {"chunked and another word", "chunked x"},
      {"chunked in quotes", "\"chunked\""}, {"a vertical tab before chunked", "\vchunked"}, {"a form feed behind chunked", "chunked\f"}, {"NUL in chunked", "chun\0ked"sv},
      {"chunked and a semicolon too many", "chunked;"},
  };
  for (const auto& [what, coding] : malformed)
    refused(to, {"CSGI-HTTP-035"}, std::string(what) + " is refused", with_lines("Transfer-Encoding: " + std::string(coding) + "\r\n") + "0\r\n\r\n");
  refused(to, {"CSGI-HTTP-035"}, "a coding in HTTP/1.0 is refused", "POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  refused(to, {"CSGI-HTTP-035"}, "a coding in HTTP/1.0 is refused on a connection to be kept",
          "POST {root}/count HTTP/1.0\r\nX-Case: {key}\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
  refused(to, {"CSGI-HTTP-027"}, "a coding with a space before its colon is refused", with_lines("Transfer-Encoding : chunked\r\n") + "0\r\n\r\n");
  refused(to, {"CSGI-HTTP-027"}, "a folded coding is refused", with_lines("Transfer-Encoding:\r\n chunked\r\n") + "0\r\n\r\n");
  refused(to, {"CSGI-HTTP-027"}, "a coding that begins its line with a space is refused", with_lines("A: b\r\n Transfer-Encoding: chunked\r\n") + "0\r\n\r\n");
}

/// The siblings of what is refused: they are what they say.
void add_sound_framing_cases(cases& to) {
  const auto counted = [&](std::vector<std::string> clauses, std::string name, std::string bytes, std::string body) {
    to.push_back({std::move(clauses), std::move(name),
                  {send(bytes + get("/hello")), receive(answer(200).saying(std::move(body)), "POST"), receive(answer(200).saying("Hello\n"))}});
  };
  const std::string body = "3\r\nabc\r\n0\r\n\r\n";
  counted({"CSGI-HTTP-031", "CSGI-HTTP-036"}, "a length of nothing is a length", request("POST", "/collect", "Content-Length: 0\r\n"), "");
  counted({"CSGI-HTTP-031", "CSGI-HTTP-026"}, "a length may have white space around it", request("POST", "/collect", "content-LENGTH:\t 3 \t\r\n") + "abc", "abc");
  counted({"CSGI-HTTP-034", "CSGI-HTTP-036"}, "chunked has no case", request("POST", "/collect", "tRANSFER-eNCODING: CHUNKED\r\n") + body, "abc");
  counted({"CSGI-HTTP-034", "CSGI-HTTP-026"}, "chunked may have white space around it", request("POST", "/collect", "Transfer-Encoding:\t chunked \t\r\n") + body, "abc");
  counted({"CSGI-HTTP-025", "CSGI-HTTP-036"}, "a field that only looks like a coding is none", request("POST", "/collect", "Transfer_Encoding: chunked\r\nContent-Length: 3\r\n") + "abc", "abc");
  to.push_back({{"CSGI-HTTP-031", "CSGI-HTTP-036"}, "a length with a leading zero is refused, or a decimal one",
                {send(request("POST", "/collect", "Content-Length: 010\r\n") + "0123456789" + get("/hello")),
                 receive(answer(400).or_else(answer(200).saying("0123456789")), "POST"), receive_or_end(answer(200).saying("Hello\n"))}});
}

/// The framing is found broken while the app reads: it learns of it, and the client gets 400 and the connection's end.
void broken_framing(cases& to, const std::string& name, std::string_view body) {
  to.push_back({{"CSGI-HTTP-041", "CSGI-HTTP-042", "CSGI-HTTP-043"}, name + " is broken framing",
                {send(chunks(body) + get("/hello")), receive(answer(400), "POST"), end(), noted("read failed: bad_message"), noted("read again: bad_message")}});
}

void add_chunk_cases(cases& to) {
  for (const std::string_view size : {""sv, "5g"sv, "g"sv, "0x5"sv, "0_5"sv, "+5"sv, "-1"sv, "-5"sv, " 5"sv, "\t5"sv, "5 "sv, "5 5"sv, "5.0"sv, "\"5\""sv, "5,"sv})
    broken_framing(to, "the chunk size \"" + std::string(size) + '"', std::string(size) + "\r\nhello\r\n0\r\n\r\n");
  for (const std::string_view size : {"ffffffffffffffff"sv, "fffffffffffffffff"sv, "10000000000000005"sv, "8000000000000005"sv, "100000000000000000000000000000005"sv})
    to.push_back({{"CSGI-HTTP-041", "CSGI-HTTP-042", "CSGI-HTTP-043"}, "the chunk size \"" + std::string(size) + "\" is broken framing, or too large",
                  {send(chunks(std::string(size) + "\r\nhello\r\n0\r\n\r\n") + get("/hello")), receive(answer({400, 413}), "POST"), end(), noted("read failed: *")}});
  const std::pair<const char*, std::string_view> bodies[] = {
      {"NUL behind a size", "5\0\r\nhello\r\n0\r\n\r\n"sv}, {"a bare LF behind a size", "5\nhello\r\n0\r\n\r\n"}, {"a bare CR behind a size", "5\rhello\r\n0\r\n\r\n"},
      {"two CRs behind a size", "5\r\r\nhello\r\n0\r\n\r\n"}, {"a chunk longer than its size", "5\r\nhello!\r\n0\r\n\r\n"}, {"a chunk shorter than its size", "6\r\nhello\r\n0\r\n\r\n"},
      {"a bare LF behind a chunk", "5\r\nhello\n0\r\n\r\n"}, {"a bare CR behind a chunk", "5\r\nhello\r0\r\n\r\n"}, {"other bytes behind a chunk", "5\r\nhelloXX0\r\n\r\n"},
      {"nothing behind a chunk", "5\r\nhello0\r\n\r\n"}, {"an empty line before a size", "5\r\nhello\r\n\r\n0\r\n\r\n"}, {"a bare LF behind the last size", "0\n\r\n"},
      {"a bare LF for the end", "0\r\n\n"}, {"CR and another byte for the end", "0\r\n\rX"}, {"a bare LF behind an extension", "5;a\nhello\r\n0\r\n\r\n"},
      {"a bare LF in an extension", "5;a\n;b\r\nhello\r\n0\r\n\r\n"}, {"a bare CR in an extension", "5;a\rb\r\nhello\r\n0\r\n\r\n"},
      {"a bare LF in a quoted extension", "5;a=\"\n\"\r\nhello\r\n0\r\n\r\n"}, {"NUL in an extension", "5;a\0\r\nhello\r\n0\r\n\r\n"sv},
      {"a trailer without a colon", "0\r\nbad trailer\r\n\r\n"}, {"a trailer without a name", "0\r\n: b\r\n\r\n"}, {"a space before a trailer's colon", "0\r\nA : b\r\n\r\n"},
      {"a folded trailer", "0\r\nA: b\r\n c\r\n\r\n"}, {"a bare LF behind a trailer", "0\r\nA: b\n\r\n"}, {"a bare CR in a trailer", "0\r\nA: b\rc\r\n\r\n"},
      {"NUL in a trailer", "0\r\nA: \0\r\n\r\n"sv}, {"a byte above 0x7F in a trailer's name", "0\r\nA\xe9: b\r\n\r\n"},
  };
  for (const auto& [name, body] : bodies) broken_framing(to, name, body);
  const std::string much(1'000'000, 'x');
  to.push_back({{"CSGI-HTTP-044"}, "a chunk extension of a million bytes is broken framing", {send(chunks("3;" + much)), noted("read failed: bad_message"), ended()}});
  std::string trailers = "0\r\n";
  while (trailers.size() < much.size()) trailers += "X-Trailer: value\r\n";
  to.push_back({{"CSGI-HTTP-044"}, "trailers of a million bytes are broken framing", {send(chunks(trailers)), noted("read failed: bad_message"), ended()}});
  to.push_back({{"CSGI-HTTP-044"}, "a trailer of a million bytes is broken framing", {send(chunks("0\r\nX-Trailer: " + much)), noted("read failed: bad_message"), ended()}});
}

}  // namespace

void add_smuggling_cases(cases& to) {
  add_length_cases(to);
  add_coding_cases(to);
  add_sound_framing_cases(to);
  add_chunk_cases(to);
}

}  // namespace csgi::conformance
