#include <files/files.hpp>
#include <files/media_type.hpp>
#include "recording_exchange.hpp"
#include "served_directory.hpp"
#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/un.h>

using namespace csgi;

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

struct listening_socket {
  explicit listening_socket(const std::string& path) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    REQUIRE(::bind(number.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
    REQUIRE(::listen(number.number(), 1) == 0);
  }
  const file_descriptor number{::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0)};
};

struct site {
  site() {
    directory.write("digits.txt", "0123456789");
    directory.date("digits.txt", 784'111'777, 5);
    directory.write("empty.bin", "");
    directory.write("sub/page.html", "<p>");
  }

  recorded_response answer(scripted_request script) const {
    recording_exchange x(completion::inside, std::move(script));
    files app(served_root{directory.path(), follows_links});
    x.serve(app);
    CHECK(x.phase() == phase::finished);
    return x.response();
  }
  recorded_response get(std::string target, fields with = {}) const {
    return answer({.target = std::move(target), .fields = std::move(with)});
  }

  served_directory directory;
  bool follows_links = false;
};

}  // namespace

TEST_SUITE("files") {
TEST_CASE("a file is sent with its type, length and validators, in one last operation") {
  const site s;
  const auto response = s.get("/digits.txt");
  CHECK(response.status == 200);
  CHECK(response.body == "0123456789");
  CHECK(response.field("content-type") == "text/plain; charset=utf-8");
  CHECK(response.field("content-length") == "10");
  CHECK(response.field("last-modified") == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(response.field("accept-ranges") == "bytes");
  CHECK(response.trace == std::vector<std::string>{"start 200", "file 10", "finish"});
}

TEST_CASE("the tag changes with a file's size and with each nanosecond of its time") {
  const site s;
  const auto before = std::string(*s.get("/digits.txt").field("etag"));
  CHECK(before.front() == '"');
  CHECK(before.back() == '"');
  s.directory.date("digits.txt", 784'111'777, 6);
  CHECK(s.get("/digits.txt").field("etag") != before);
  s.directory.write("digits.txt", "012345678");
  s.directory.date("digits.txt", 784'111'777, 5);
  CHECK(s.get("/digits.txt").field("etag") != before);
}

TEST_CASE("a file from the future was modified now") {
  const site s;
  s.directory.date("digits.txt", 32'503'680'000);
  CHECK(s.get("/digits.txt").field("last-modified") != "Wed, 01 Jan 3000 00:00:00 GMT");
}

TEST_CASE("HEAD gets the head that GET gets") {
  const site s;
  const auto get = s.get("/digits.txt");
  const auto head = s.answer({.method = "HEAD", .target = "/digits.txt", .fields = {{"Range", "bytes=0-1"}}});
  CHECK(head.fields == get.fields);
  CHECK(head.trace == std::vector<std::string>{"start 200", "finish"});
}

TEST_CASE("an empty file is an empty body") {
  const site s;
  const auto response = s.get("/empty.bin");
  CHECK(response.status == 200);
  CHECK(response.field("content-length") == "0");
  CHECK(response.field("content-type") == "application/octet-stream");
}

TEST_CASE("other methods are refused and told what there is") {
  const site s;
  for (const auto* method : {"POST", "PUT", "DELETE", "OPTIONS", "get", "BREW"}) {
    const auto response = s.answer({.method = method, .target = "/digits.txt"});
    CHECK(response.status == 405);
    CHECK(response.field("allow") == "GET, HEAD");
  }
}

TEST_CASE("a range is sent as such, an unsatisfiable one is refused with the size") {
  const site s;
  const auto part = s.get("/digits.txt", {{"Range", "bytes=2-4"}});
  CHECK(part.status == 206);
  CHECK(part.body == "234");
  CHECK(part.field("content-range") == "bytes 2-4/10");
  CHECK(part.field("content-length") == "3");
  const auto none = s.get("/digits.txt", {{"Range", "bytes=10-"}});
  CHECK(none.status == 416);
  CHECK(none.field("content-range") == "bytes */10");
  CHECK(s.get("/digits.txt", {{"Range", "bytes=0-1,3-4"}}).body == "0123456789");
}

TEST_CASE("a range is followed only for the state that If-Range names") {
  const site s;
  const auto tag = std::string(*s.get("/digits.txt").field("etag"));
  CHECK(s.get("/digits.txt", {{"Range", "bytes=0-0"}, {"If-Range", tag}}).status == 206);
  CHECK(s.get("/digits.txt", {{"Range", "bytes=0-0"}, {"If-Range", "\"other\""}}).status == 200);
}

TEST_CASE("conditions are answered without the file") {
  const site s;
  const auto tag = std::string(*s.get("/digits.txt").field("etag"));
  const auto known = s.get("/digits.txt", {{"If-None-Match", tag}, {"Range", "bytes=0-0"}});
  CHECK(known.status == 304);
  CHECK(known.body.empty());
  CHECK(known.field("etag") == tag);
  CHECK(!known.field("content-length"));
  CHECK(s.get("/digits.txt", {{"If-Match", "\"other\""}}).status == 412);
}

TEST_CASE("a directory is sent to its slash, on this host and below the mount point") {
  const site s;
  CHECK(s.get("/sub").status == 301);
  CHECK(s.get("/sub").field("location") == "/sub/");
  CHECK(s.get("/sub?a=1&b").field("location") == "/sub/?a=1&b");
  CHECK(s.answer({.target = "/f/sub", .root_path = "/f"}).field("location") == "/f/sub/");
  CHECK(s.answer({.target = "/f", .root_path = "/f"}).field("location") == "/f/");
  std::filesystem::create_directory(s.directory.path("\\evil.example"));
  CHECK(s.get("/%5Cevil.example").field("location") == "/%5Cevil.example/");
  std::filesystem::create_directory(s.directory.path("a\r\nb"));
  CHECK(s.get("/a%0D%0Ab").field("location") == "/a%0D%0Ab/");
}

TEST_CASE("no path leads to another host or outside") {
  const site s;
  for (const auto* target : {"//sub", "//", "//evil.example/sub", "/%2Fsub", "/sub//", "/../outside.txt", "/sub/../digits.txt", "/%2e%2e/outside.txt",
                             "/..%2Foutside.txt", "/sub/%2e%2e/%2e%2e/outside.txt", "/digits.txt%00", "/%00", "/.", "/..", "/sub/.", "/digits.txt/",
                             "/digits.txt/x", "*", "/%2e%2e%2foutside.txt", "/sub%2f..%2f..%2foutside.txt", "/%252e%252e/outside.txt",
                             "/..%252foutside.txt", "/%c0%ae%c0%ae/outside.txt", "/..%5coutside.txt", "/%2fetc/passwd", "/%00/../outside.txt"}) {
    CAPTURE(target);
    CHECK(s.get(target).status == 404);
  }
  CHECK(s.get(s.directory.path("../outside.txt")).status == 404);
}

TEST_CASE("a path is decoded once, and a slash is one however it is written") {
  const site s;
  s.directory.write("%2e%2e.txt", "a name like any other");
  CHECK(s.get("/%252e%252e.txt").body == "a name like any other");
  CHECK(s.get("/%2e%2e.txt").status == 404);
  CHECK(s.get("/sub%2Fpage.html").body == "<p>");
}

TEST_CASE("names and paths longer than any are not found") {
  const site s;
  std::string deep;
  while (deep.size() < 6000) deep += "/sub";
  CHECK(s.get("/" + std::string(256, 'a')).status == 404);
  CHECK(s.get("/" + std::string(6000, 'a')).status == 404);
  CHECK(s.get(deep).status == 404);
}

TEST_CASE("special files and links to the outside are not found") {
  const site s;
  REQUIRE(::mkfifo(s.directory.path("fifo").c_str(), 0600) == 0);
  s.directory.link("out", "../outside.txt");
  s.directory.link("null", "/dev/null");
  CHECK(s.get("/fifo").status == 404);
  CHECK(s.get("/out").status == 404);
  CHECK(s.get("/null").status == 404);
}

TEST_CASE("told to follow links, it does so wherever they lead, and still waits for nothing and sends no device") {
  site s;
  s.follows_links = true;
  REQUIRE(::mkfifo(s.directory.path("../fifo").c_str(), 0600) == 0);
  s.directory.write("../elsewhere/page.html", "<p>elsewhere");
  for (const auto& [name, target] : {std::pair("out", "../outside.txt"), {"d", "../elsewhere"}, {"fifo", "../fifo"}, {"null", "/dev/null"},
                                     {"zero", "/dev/zero"}, {"dangling", "nowhere"}, {"loop", "loop"}})
    s.directory.link(name, target);
  const listening_socket nobody_asks(s.directory.path("socket"));
  CHECK(s.get("/out").body == "outside");
  CHECK(s.get("/d/page.html").body == "<p>elsewhere");
  CHECK(s.get("/d/").status == 200);
  for (const auto* target : {"/fifo", "/null", "/zero", "/dangling", "/loop", "/socket",
                             "/../outside.txt", "/%2e%2e/outside.txt", "/d/..", "/d/../out"}) {
    CAPTURE(target);
    CHECK(s.get(target).status == 404);
  }
}

TEST_CASE("a directory shows its index.html, as such or as a listing") {
  const site s;
  const auto listing = s.get("/sub/");
  CHECK(listing.field("content-type") == "text/html; charset=utf-8");
  CHECK(listing.body.find("href=\"./page.html\"") != std::string::npos);
  s.directory.write("sub/index.html", "<h1>");
  CHECK(s.get("/sub/").body == "<h1>");
  CHECK(s.get("/sub/").field("content-type") == "text/html; charset=utf-8");
  CHECK(s.get("/sub/").field("etag"));
}

TEST_CASE("a listing escapes names, marks directories, and hides what is not served") {
  const site s;
  s.directory.write("<b>&\"'.txt", "");
  s.directory.write("javascript:alert(1)", "");
  s.directory.write(".hidden", "");
  REQUIRE(::mkfifo(s.directory.path("fifo").c_str(), 0600) == 0);
  const auto page = s.get("/").body;
  CHECK(page.find("<a href=\"./%3Cb%3E%26%22%27.txt\">&lt;b&gt;&amp;&quot;&#39;.txt</a>") != std::string::npos);
  CHECK(page.find("href=\"./javascript%3Aalert%281%29\"") != std::string::npos);
  CHECK(page.find("<a href=\"./sub/\">sub/</a>") != std::string::npos);
  CHECK(page.find("hidden") == std::string::npos);
  CHECK(page.find("fifo") == std::string::npos);
}

TEST_CASE("a client that goes while it is sent ends the app with disconnected") {
  const site s;
  recording_exchange x(completion::inside, {.target = "/digits.txt"});
  x.sends_files = false;
  x.fails_at = 1;
  files app(s.directory.path());
  CHECK_THROWS_AS(x.serve(app), disconnected);
}

TEST_CASE("without a file sender the same bytes are written") {
  const site s;
  recording_exchange x(completion::inside, {.target = "/digits.txt"});
  x.sends_files = false;
  files app(s.directory.path());
  x.serve(app);
  CHECK(x.response().body == "0123456789");
}

TEST_CASE("arguments are --root DIR and --follow-links, and nothing else") {
  const site s;
  const std::string root = s.directory.path(), joined = "--root=" + root;
  const std::string_view apart[] = {"--root", root}, together[] = {joined};
  CHECK_NOTHROW(files{arguments(apart)});
  CHECK_NOTHROW(files{arguments(together)});
  const std::string_view follows[] = {"--root", root, "--follow-links"}, follows_first[] = {"--follow-links", joined};
  CHECK(root_argument(follows)->follows_links);
  CHECK(root_argument(follows_first)->follows_links);
  CHECK(root_argument(follows_first)->path == root);
  CHECK_FALSE(root_argument(together)->follows_links);
  const std::string_view twice[] = {"--root", root, joined}, rootless[] = {"--follow-links"}, empty[] = {"--root", ""};
  for (const auto& given : {arguments(twice), arguments(rootless), arguments(empty)}) CHECK_THROWS_AS(files{given}, std::invalid_argument);
  const std::string_view unknown[] = {"--rot", root}, lacking[] = {"--root"}, more[] = {"--root", root, "x"}, absent[] = {"--root", "/nowhere"};
  CHECK_THROWS_WITH_AS(files{arguments()}, "which directory is to be served? -- --root DIR", std::invalid_argument);
  for (const auto& given : {arguments(unknown), arguments(lacking), arguments(more), arguments(absent)})
    CHECK_THROWS_AS(files{given}, std::invalid_argument);
}

TEST_CASE("content types go by suffix, whatever its case") {
  CHECK(media_type("a.HTML") == "text/html; charset=utf-8");
  CHECK(media_type("x.tar.gz") == "application/gzip");
  CHECK(media_type("a.html/README") == "application/octet-stream");
  CHECK(media_type("html") == "application/octet-stream");
}
}
