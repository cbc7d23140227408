// answer.hpp - what a client has seen of one response, in parts that can be compared.
#pragma once
#include <map>
#include <string>
#include <vector>
#include "wire.hpp"

namespace csgi::conformance {

/// By aspect: "status", "field content-type", "body", "end". What is not there was not seen.
using answer = std::map<std::string, std::string>;

answer answer_of(const reply& seen);

/// Nothing came that could be compared, or not all of it.
answer broken_off(const std::string& how);

/// The "end" of a response that was not waited for.
inline constexpr std::string_view still_going = "goes on";

bool goes_on(const answer& a) noexcept;

/// What each has there that differs from the others', short and in visible characters; "(none)" for nothing.
std::vector<std::string> excerpts(const std::vector<std::string>& values);

}  // namespace csgi::conformance
