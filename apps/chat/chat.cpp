#include "chat.hpp"
#include "conversation.hpp"
#include "origin.hpp"
#include "resources.hpp"
#include "words.hpp"
#include <csgi/query.hpp>

csgi::task<> chat::http(csgi::async_exchange ex) {
  const auto& head = ex.head();
  if (head.tail().empty()) return page::lead_to_slash(ex);
  const auto name = head.tail().substr(1);
  if (const csgi::async_websocket socket(ex); socket && chatting::is_room_name(name)) {
    if (!chatting::is_welcome_origin(head, settings_.origins))
      return page::refuse(ex, 403, "Pages from there may not talk to this server.\n");
    const csgi::parameters query(head);
    return chatting::converse(ex, rooms_, std::string(name), std::string(query.find("name").value_or("")), settings_.each_member);
  }
  const auto found = chatting::find_resource(name);
  if (!found && !name.empty() && !chatting::is_room_name(name))
    return page::refuse(ex, 404, "There is no such room: names are 1 to 32 of a-z, 0-9 and -.\n");
  if (head.method != "GET" && head.method != "HEAD") return page::refuse(ex, 405, "GET or HEAD\n");
  return page::send(ex, found.value_or(chatting::room_page()));
}
