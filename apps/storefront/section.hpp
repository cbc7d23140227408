// section.hpp - what a service has said, for a part of the page.
#pragma once
#include <http_client/message.hpp>
#include <optional>
#include <string>
#include <vector>

struct item {
  std::string title, text, price;
};

using section = std::vector<item>;

/// The items of an answer; nothing where its status is not 200, or its body not what the services promise.
///
/// Limits:    the first twelve items.
std::optional<section> section_of(const upstream::response& answer);
