// refusals.cpp - servers that take what they have to refuse: each mends a request that is not to be mended.
#include "wire_faults.hpp"

namespace csgi::conformance {

namespace {

void end_lines_with_crlf(std::string& bytes) {
  for (std::size_t at = 1; (at = bytes.find('\n', at)) != std::string::npos; ++at)
    if (has(bytes.substr(0, at), "\r\n\r\n")) return;
    else if (bytes[at - 1] != '\r') bytes.insert(at++, 1, '\r');
}

void unfold(std::string& bytes) {
  replace(bytes, "\r\n ", " ");
  replace(bytes, "\r\n\t", " ");
}

void add_a_host(std::string& bytes) {
  const std::string head = bytes.substr(0, bytes.find("\r\n\r\n"));
  if (head.size() < bytes.size() && has(head, " HTTP/1.1\r\n") && !has(head, "Host:")) add_line(bytes, "Host: probe");
}

void prefer_the_coding(std::string& bytes) {
  if (has(bytes, "Transfer-Encoding: chunked\r\n")) remove_lines(bytes, "Content-Length:");
}

}  // namespace

broken_servers with_broken_refusals() {
  return {
      {"cuts_a_fragment_off", {"CSGI-HTTP-016"}, takes([](std::string& bytes) { replace_first(bytes, "#f ", " "); })},
      {"encodes_controls_in_targets", {"CSGI-HTTP-017"},
       takes([](std::string& bytes) { replace_first(bytes, "hel\x01lo", "hel%01lo"); })},
      {"takes_two_spaces_for_one", {"CSGI-HTTP-019"}, takes([](std::string& bytes) { replace_first(bytes, "GET  ", "GET "); })},
      {"takes_every_version", {"CSGI-HTTP-021"},
       takes([](std::string& bytes) { replace_first(bytes, " HTTP/2.0\r\n", " HTTP/1.1\r\n"); })},
      {"takes_a_bare_lf", {"CSGI-HTTP-022"}, takes(end_lines_with_crlf)},
      {"trims_what_it_receives", {"CSGI-HTTP-023"}, takes([](std::string& bytes) {
         if (bytes.starts_with(' ')) bytes.erase(0, 1);
       }), {"CSGI-HTTP-019"}},                          // which a space in front of a method breaks
      {"unfolds", {"CSGI-HTTP-027"}, takes(unfold)},
      {"needs_no_host", {"CSGI-HTTP-028"}, takes(add_a_host), {"CSGI-HTTP-029", "CSGI-HTTP-030"}},
      {"drops_user_information", {"CSGI-HTTP-029"},
       takes([](std::string& bytes) { replace_first(bytes, "Host: u@", "Host: "); })},
      {"takes_a_signed_length", {"CSGI-HTTP-031"},
       takes([](std::string& bytes) { replace_first(bytes, "Content-Length: +", "Content-Length: "); })},
      {"prefers_the_coding_to_a_length", {"CSGI-HTTP-033"},
       takes(prefer_the_coding), {"CSGI-HTTP-035"}},    // beside one in HTTP/1.0
      {"takes_any_coding", {"CSGI-HTTP-034"},
       takes([](std::string& bytes) { replace_first(bytes, "Encoding: gzip, chunked", "Encoding: chunked"); })},
      {"takes_chunked_twice", {"CSGI-HTTP-035"},
       takes([](std::string& bytes) { replace_first(bytes, "chunked, chunked", "chunked"); })},
      {"drops_unknown_expectations", {"CSGI-HTTP-055"},
       takes([](std::string& bytes) { remove_lines(bytes, "Expect: the-unexpected"); })},
  };
}

}  // namespace csgi::conformance
