// answers.hpp - what the mailer answers, in either form.
#pragma once
#include "spool.hpp"
#include <csgi/request.hpp>
#include <string>

/// {"id": "…", "state": "waiting"}
std::string letter_json(std::string_view id, letter_state state);

/// Where a letter is that was posted by this request.
std::string letter_location(const csgi::request& head, std::string_view id);

/// The id of a letter, as far as the path names one; empty for the root, where letters are posted.
///
/// Errors:    csgi::http_error: 405 where the method is another than POST there, or GET or HEAD of a letter.
std::string_view letter_asked_for(const csgi::request& head);

/// Errors:    csgi::http_error(404), where there is none.
letter_state required(std::optional<letter_state> found);
