// make_server.hpp - the servers this program knows, by name.
#pragma once
#include <csgi/server.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace csgi::cli {

std::vector<std::string> server_names();

/// Errors:    std::invalid_argument for a name that is not among server_names(); what the server's constructor throws.
std::unique_ptr<server> make_server(std::string_view name, const server_options& options);

}  // namespace csgi::cli
