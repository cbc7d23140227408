#include "chat.hpp"
#include "conversation.hpp"
#include "origin.hpp"
#include "page.hpp"
#include "words.hpp"
#include <csgi/query.hpp>

namespace {

csgi::task<> refuse(csgi::async_exchange ex, int status, std::string_view why) {
  if (status == 405) ex.start(status, {{"content-type", "text/plain"}, {"allow", "GET, HEAD"}});
  else ex.start(status, {{"content-type", "text/plain"}});
  co_await ex.finish(why);
}

csgi::task<> send(csgi::async_exchange ex, chatting::resource what) {
  ex.start(200, {{"content-type", what.type},
                 {"cache-control", "no-cache"},
                 {"content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
                                             "form-action 'none'; base-uri 'none'"},
                 {"referrer-policy", "no-referrer"},
                 {"x-content-type-options", "nosniff"}});
  co_await ex.finish(what.text);
}

// So that what the page refers to is beside it, wherever the app is mounted.
csgi::task<> lead_to_slash(csgi::async_exchange ex) {
  const auto there = std::string(ex.head().raw_path) + '/';
  ex.start(308, {{"location", there}});
  co_await ex.finish();
}

}  // namespace

csgi::task<> chat::http(csgi::async_exchange ex) {
  const auto& head = ex.head();
  if (head.tail().empty()) return lead_to_slash(ex);
  const auto name = head.tail().substr(1);
  if (const csgi::async_websocket socket(ex); socket && chatting::is_room_name(name)) {
    if (!chatting::is_welcome_origin(head, settings_.origins)) return refuse(ex, 403, "Pages from there may not talk to this server.\n");
    const csgi::parameters query(head);
    return chatting::converse(ex, rooms_, std::string(name), std::string(query.find("name").value_or("")), settings_.each_member);
  }
  const auto found = chatting::find_resource(name);
  if (!found && !name.empty() && !chatting::is_room_name(name))
    return refuse(ex, 404, "There is no such room: names are 1 to 32 of a-z, 0-9 and -.\n");
  if (head.method != "GET" && head.method != "HEAD") return refuse(ex, 405, "GET or HEAD\n");
  return send(ex, found.value_or(chatting::page()));
}
