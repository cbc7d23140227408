// city_report.hpp - what is asked about a city, and what is told of the answer.
#pragma once
#include <boost/json.hpp>
#include <http_client/failure.hpp>
#include <http_client/message.hpp>

/// What the weather service is asked.
upstream::request question_about(std::string_view city, std::chrono::milliseconds timeout);

/// What it says; {"city": …, "error": …} where that is not 200 with JSON.
boost::json::object report_of(std::string_view city, const upstream::response& answer);

/// Why it says nothing, in words that tell strangers nothing of where it is.
boost::json::object report_of(std::string_view city, const upstream::failure& why);

/// All of them, in the order asked for.
boost::json::object summary_of(std::string_view how, boost::json::array reports);
