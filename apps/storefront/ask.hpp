// ask.hpp - a section of the page, for coroutines.
#pragma once
#include "section.hpp"
#include <csgi/async_exchange.hpp>
#include <http_client/service.hpp>

/// Nothing, and a warning to the operator, where the service fails in whatever way: the page goes without.
///
/// Lifetime:  `name` and `service` until it has ended.
/// Errors:    csgi::cancelled.
csgi::task<std::optional<section>> ask(csgi::async_exchange ex, std::string_view name, upstream::async_service& service,
                                       upstream::request question);

/// The same for what need not be asked for: nothing then.
csgi::task<std::optional<section>> nothing();
