#include "landing_page.hpp"
#include <files/escape.hpp>

namespace {

constexpr std::string_view before_title = R"(<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>)";

constexpr std::string_view style = R"(</title>
<style>
  :root { color-scheme: light dark; --paper: #fbfaf8; --ink: #1d2430; --quiet: #5b6472; --line: #dfdcd5; --card: #fff;
          --accent: #0b62a8; --blocking: #9a5b00; --async: #16703d }
  @media (prefers-color-scheme: dark) {
    :root { --paper: #14171c; --ink: #e6e8ec; --quiet: #9aa3b0; --line: #2c323b; --card: #1b2027;
            --accent: #6cb6f5; --blocking: #e7b05c; --async: #6fd19a }
  }
  * { box-sizing: border-box }
  body { margin: 0 auto; max-width: 60rem; padding: 3rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
         font: 1rem/1.6 system-ui, sans-serif }
  h1 { margin: 0; font-size: clamp(1.9rem, 6vw, 2.8rem); line-height: 1.15; letter-spacing: -.02em }
  h2 { margin: 2.5rem 0 .75rem; font-size: 1.15rem }
  p { max-width: 44rem }
  .lead { font-size: 1.15rem; color: var(--quiet) }
  .server { padding: .9rem 1.1rem; border: 1px solid var(--line); border-left: .3rem solid var(--accent);
            border-radius: .5rem; background: var(--card) }
  .apps { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(min(100%, 17rem), 1fr));
          margin: 0; padding: 0; list-style: none }
  .apps li { padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: .6rem; background: var(--card) }
  .apps p { margin: .35rem 0 0; color: var(--quiet) }
  .apps a { font-weight: 600 }
  a { color: var(--accent); text-underline-offset: .15em }
  .kind { float: right; font-size: .8rem; font-weight: 600 }
  .blocking { color: var(--blocking) }
  .async { color: var(--async) }
  code, pre { font: .9em/1.5 ui-monospace, monospace }
  pre { overflow-x: auto; padding: .9rem 1.1rem; border: 1px solid var(--line); border-radius: .5rem; background: var(--card) }
</style>
)";

constexpr std::string_view introduction = R"(<h1>C++ Server Gateway Interface</h1>
<p class="lead">CSGI is to C++ what WSGI and ASGI are to Python: a small contract between web servers and web applications.
<p>An application includes one header that needs nothing but the standard library. It is a plain function that may block,
or a coroutine; any server runs either kind, from the same binary.
)";

// An app that is mounted: where, what kind it is, and what it shows.
struct stop {
  std::string_view prefix, more, kind, text;     // the text is markup
};

constexpr stop stops[] = {
    {"/hello-blocking", "", "blocking", "The smallest app, as a plain function."},
    {"/hello-async", "", "async", "The same answer, from a coroutine."},
    {"/echo", "/any/path?say=what", "async", "What an app sees of your request, as JSON. A body you send comes back as it arrives."},
    {"/stream", "/?count=20&interval=500", "async", "A slow counter, one line a tick: watch a response arrive."},
    {"/members", "/?word=tour", "blocking", "A coroutine behind a check that blocks: <code>csgi inspect tour</code> shows the bridge."},
};
constexpr stop files_stop = {"/files", "/", "blocking", "A directory, with ranges and conditional requests. Sending a file holds no thread."};

std::string card(const csgi::request& head, const stop& s) {
  const auto link = html_escaped(percent_encoded(head.root_path) + std::string(s.prefix) + std::string(s.more));
  std::string html = "<li><span class=\"kind ";
  html.append(s.kind).append("\">").append(s.kind).append("</span><a href=\"").append(link).append("\">").append(s.prefix);
  return html.append("</a><p>").append(s.text).append("</p>\n");
}

std::string server_note(const csgi::server_info* server) {
  std::string html = "<p class=\"server\">";
  if (server) {
    html += "The <strong>" + html_escaped(server->name) + "</strong> server";
    if (!server->version.empty()) html += " (" + html_escaped(server->version) + ")";
    html += " is answering.";
  } else {
    html += "A server that does not say its name is answering.";
  }
  return html + " The same <code>tour.so</code> answers on every other CSGI server, and all apps on this page come from it.\n";
}

std::string commands(const csgi::request& head) {
  const auto base = html_escaped(std::string(head.scheme) + "://" + std::string(head.authority) + percent_encoded(head.root_path));
  return "<h2>From a terminal</h2>\n<pre>curl -d 'ping' " + base + "/echo\ncurl -N '" + base +
         "/stream?count=5&amp;interval=200'\ncurl " + base + "/echo/headers</pre>\n";
}

std::string opening(std::string_view title) { return std::string(before_title).append(title).append(style); }

}  // namespace

std::string landing_page(const csgi::request& head, const csgi::server_info* server, bool with_files) {
  auto page = opening("CSGI");
  page.append(introduction).append(server_note(server)).append("<h2>The apps</h2>\n<ul class=\"apps\">\n");
  for (const auto& s : stops) page += card(head, s);
  if (with_files) page += card(head, files_stop);
  page += "</ul>\n";
  if (!with_files) page += "<p>To see a directory of yours under <code>/files</code>, start with <code>csgi serve tour -- --root DIR</code>.\n";
  return page += commands(head);
}

std::string not_found_page(const csgi::request& head) {
  auto page = opening("Not found");
  page += "<h1>Nothing here</h1>\n<p>No app is mounted at <code>" + html_escaped(head.path) + "</code>.\n";
  return page += "<p><a href=\"" + percent_encoded(head.root_path) + "/\">Back to the tour</a>\n";
}
