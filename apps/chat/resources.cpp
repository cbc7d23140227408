#include "resources.hpp"
#include "page_script.hpp"
#include "page_style.hpp"

namespace chatting {
namespace {

constexpr std::string_view html = R"html(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Chat</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="chat.css">
<script src="chat.js" defer></script>

<main id="door">
  <form id="enter">
    <h1>Chat</h1>
    <p>Everybody who opens the same room reads along. Nothing is kept for long.</p>
    <label>Your name <input id="name" name="name" required maxlength="32" autocomplete="nickname"></label>
    <label>Room <input id="room" name="room" required maxlength="32" pattern="[a-z0-9\-]+" title="small letters, digits and -"
                       autocapitalize="none" autocomplete="off" spellcheck="false"></label>
    <p class="wrong" id="refusal" role="alert" hidden></p>
    <button>Enter</button>
  </form>
</main>

<div id="inside" hidden>
  <header>
    <h1><a href="./" title="Other rooms">Chat</a> <span id="where"></span></h1>
    <p id="state" role="status"></p>
  </header>
  <details id="people" open><summary><span id="count"></span></summary><ul id="names"></ul></details>
  <ol id="log" role="log" aria-label="Messages"></ol>
  <form id="say">
    <p class="wrong" id="complaint" role="alert" hidden></p>
    <textarea id="text" rows="1" placeholder="Write a message" aria-label="Message" required></textarea>
    <button>Send</button>
  </form>
</div>
)html";

}  // namespace

page::resource room_page() noexcept { return {"text/html; charset=utf-8", html}; }

std::optional<page::resource> find_resource(std::string_view name) noexcept {
  if (name == "chat.css") return page::resource{"text/css; charset=utf-8", page_style};
  if (name == "chat.js") return page::resource{"text/javascript; charset=utf-8", page_script};
  return std::nullopt;
}

}  // namespace chatting
