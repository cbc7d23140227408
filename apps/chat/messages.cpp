#include "messages.hpp"
#include "words.hpp"
#include <boost/json.hpp>
#include <stdexcept>

namespace chatting {
namespace {

namespace json = boost::json;

line shared(const json::object& message) { return std::make_shared<const std::string>(json::serialize(message)); }

json::object object_of(const saying& what) {
  const auto at = std::chrono::duration_cast<std::chrono::milliseconds>(what.at.time_since_epoch()).count();
  return {{"type", "said"}, {"id", what.id}, {"at", at}, {"from", what.from}, {"text", what.text}};
}

}  // namespace

line welcome(const greeting& to) {
  json::array people, history;
  for (const auto name : to.people) people.emplace_back(json::string_view(name.data(), name.size()));
  for (const auto& each : to.history) history.emplace_back(object_of(each));
  return shared({{"type", "welcome"}, {"room", to.room}, {"you", to.you}, {"since", to.since},
                 {"people", std::move(people)}, {"history", std::move(history)}});
}

line joined(std::string_view name) { return shared({{"type", "joined"}, {"name", name}}); }
line left(std::string_view name) { return shared({{"type", "left"}, {"name", name}}); }
line said(const saying& what) { return shared(object_of(what)); }
line complaint(std::string_view text) { return shared({{"type", "error"}, {"text", text}}); }
line farewell(std::string_view text) { return shared({{"type", "farewell"}, {"text", text}}); }

std::string text_of(std::string_view message) {
  json::error_code failure;
  const auto value = json::parse({message.data(), message.size()}, failure);
  const auto* const object = failure ? nullptr : value.if_object();
  if (!object) throw std::invalid_argument("A message is a JSON object.");
  const auto* const type = object->if_contains("type");
  if (!type || *type != "say") throw std::invalid_argument(R"(A message has "type": "say".)");
  const auto* const text = object->if_contains("text");
  const auto* const words = text ? text->if_string() : nullptr;
  if (!words) throw std::invalid_argument(R"(A message has a "text", a string.)");
  return checked_text({words->data(), words->size()});
}

}  // namespace chatting
