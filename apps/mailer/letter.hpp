// letter.hpp - a message that somebody wants to be sent.
#pragma once
#include <csgi/request.hpp>
#include <string>

struct letter {
  std::string to;
  std::string subject;
  std::string body;

  bool operator==(const letter&) const = default;
};

/// The most bytes that the body of a request needs for a letter, however its bytes are encoded.
inline constexpr std::size_t letter_request_limit = 512 * 1024;

/// The letter in a request's body: "to", "subject" and "body" as an urlencoded form, or as the strings of a JSON object.
///
/// Limits:    address 254 bytes, subject 200, body 64 KiB; UTF-8. Nothing in address and subject could become another line.
/// Errors:    csgi::http_error: 415 for another media type, 400 for what is no JSON, 422 for what is no letter.
letter read_letter(const csgi::request& head, std::string_view body);

/// As a file: "To: …", "Subject: …", an empty line, and the body as it is.
std::string to_text(const letter& l);

/// Errors:    std::runtime_error for anything that to_text() does not write.
letter letter_from_text(std::string_view text);
