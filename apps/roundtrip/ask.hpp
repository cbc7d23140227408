// ask.hpp - a city's weather, for coroutines.
#pragma once
#include <boost/json.hpp>
#include <csgi/task.hpp>
#include <http_client/service.hpp>

/// What the service says of the city, or why it does not. No failure of the service is thrown, so that one city does not spoil
/// the others.
///
/// Errors:    csgi::cancelled.
csgi::task<boost::json::object> ask(upstream::async_service& weather, std::string city, std::chrono::milliseconds timeout);
