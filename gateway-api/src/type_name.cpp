// type_name.cpp - see csgi/type_name.hpp.
#include <csgi/type_name.hpp>
#include <cstdlib>
#include <cxxabi.h>
#include <memory>
#include <string_view>

namespace csgi { inline namespace v1 {

namespace {

void remove_all(std::string& text, std::string_view part) {
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at)) text.erase(at, part.size());
}

}  // namespace

std::string type_name(const std::type_info& type) {
  int status = 0;
  const std::unique_ptr<char, void (*)(void*)> readable(abi::__cxa_demangle(type.name(), nullptr, nullptr, &status), std::free);
  std::string name = status == 0 ? readable.get() : type.name();
  remove_all(name, "(anonymous namespace)::");
  for (auto at = name.find("csgi::v1::"); at != name.npos; at = name.find("csgi::v1::", at)) name.erase(at + 6, 4);
  return name;
}

}}  // namespace csgi::v1
