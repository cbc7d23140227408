// make_server.hpp - the servers this program knows, by name.
#pragma once
#include <csgi/server.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace csgi::cli {

enum class built : unsigned char { here, elsewhere, all };

/// Those that are in this program, those that its build has left out for want of their libraries, or both.
std::vector<std::string> server_names(built only);

/// Errors:    std::invalid_argument for a name that is not among those built here; what the server's constructor throws.
std::unique_ptr<server> make_server(std::string_view name, const server_options& options);

}  // namespace csgi::cli
