// csgi/type_name.hpp - the name of a type, for people.
#pragma once
#include <string>
#include <typeinfo>

namespace csgi { inline namespace v1 {

/// As it is written in the source, without the namespaces that nobody writes: "csgi::errors", "doorkeeper".
std::string type_name(const std::type_info& type);

}}  // namespace csgi::v1
