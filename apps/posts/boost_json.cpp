// boost_json.cpp - Boost.JSON, compiled once: so only its headers are needed.
#include <boost/json/src.hpp>
