// csgi/server_info.hpp - extension: which server is answering.
#pragma once
#include <csgi/extension.hpp>

namespace csgi { inline namespace v1 {

/// Lifetime:  the server's.
struct server_info {
  static constexpr extension_id id{"csgi.server_info", touches::nothing};

  std::string_view name;            ///< "threaded"
  std::string_view version;         ///< "0.1.0"
};

}}  // namespace csgi::v1
