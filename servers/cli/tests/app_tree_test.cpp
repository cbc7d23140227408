#include "app_tree.hpp"
#include <csgi/chain.hpp>
#include <csgi/identity.hpp>
#include <csgi/middleware/hooks.hpp>
#include <csgi/mount_table.hpp>
#include <doctest/doctest.h>

using namespace csgi;
using cli::tree_of;

namespace {

struct clock_page final : async_app {
  task<> http(async_exchange ex) override { co_await ex.finish(); }
};

struct guest_book final : blocking_app {
  void http(blocking_exchange ex) override { ex.finish(); }
};

struct login {
  void operator()(blocking_exchange ex, next_app app) const { app(ex); }
};

struct slow_down {
  static constexpr auto kinds = stage_kinds::async;
  static constexpr std::string_view name = "slow down";
  task<> operator()(async_exchange ex, next_app app) const { co_await app(ex); }
};

class shouting final : public hooks {
 public:
  using hooks::hooks;
};

class whispering final : public hooks {
 public:
  static constexpr std::string_view name = "whispers";
  using hooks::hooks;
};

struct closed_composite final : composite_app {
  application choose(const request&) noexcept override { return page; }
  clock_page page;
};

struct site {
  clock_page page;
  guest_book book;
  mount_table table{page};
  site() { table.mount("/book", book); }
};

}  // namespace

TEST_SUITE("app tree") {
TEST_CASE("mounts are shown by their prefixes, in the order in which they are tried") {
  site s;
  s.table.mount("/longer", s.page);
  CHECK(tree_of("site", s.table) ==
        "site         csgi::mount_table, composite\n"
        "├─ /longer   clock_page, async\n"
        "├─ /book     guest_book, blocking\n"
        "└─ else      clock_page, async\n");
}

TEST_CASE("stages are shown from the outside in, with their kinds, the bridges between them, and how many") {
  guest_book book;
  chain app{slow_down(), identity(), login(), slow_down(), book};
  CHECK(tree_of("shop", app) ==
        "shop                   chain, 3 switches\n"
        "├─ slow down           async only\n"
        "├─ csgi::as_async      bridge\n"
        "├─ csgi::identity      blocking, could be either\n"
        "├─ login               blocking only\n"
        "├─ csgi::as_blocking   bridge\n"
        "├─ slow down           async only\n"
        "├─ csgi::as_async      bridge\n"
        "└─ guest_book          blocking\n");
}

TEST_CASE("a chain around apps of both kinds is shown with a plan for each") {
  site s;
  chain app{login(), identity(), s.table};
  CHECK(tree_of("shop", app) ==
        "shop                      chain, planned for each kind of app\n"
        "├─ to async apps          1 switch\n"
        "│  ├─ login               blocking only\n"
        "│  ├─ csgi::as_blocking   bridge\n"
        "│  └─ csgi::identity      async, could be either\n"
        "├─ to blocking apps       no switch\n"
        "│  ├─ login               blocking only\n"
        "│  └─ csgi::identity      blocking, could be either\n"
        "└─ csgi::mount_table      composite\n"
        "   ├─ /book               guest_book, blocking\n"
        "   └─ else                clock_page, async\n");
}

TEST_CASE("stages that follow their app are shown once") {
  site s;
  chain app{identity(), named("audit", identity()), s.table};
  CHECK(tree_of("shop", app).starts_with("shop                   chain, no switch\n"
                                         "├─ csgi::identity      of its app's kind\n"
                                         "├─ audit               of its app's kind\n"
                                         "└─ csgi::mount_table   composite\n"));
}

TEST_CASE("stages made of hooks are known by the names of these") {
  clock_page page;
  chain app{hooked<shouting>(), hooked<whispering>(), page};
  CHECK(tree_of("shop", app) ==
        "shop            chain, no switch\n"
        "├─ shouting     async, could be either\n"
        "├─ whispers     async, could be either\n"
        "└─ clock_page   async\n");
}

TEST_CASE("plans for kinds that no app inside has are not shown") {
  site s;
  chain all_blocking{login(), s.book};
  mount_table table{s.book};
  table.mount("/chain", all_blocking);
  chain app{slow_down(), table};
  CHECK(tree_of("shop", app) ==
        "shop                   chain, 1 switch\n"
        "├─ slow down           async only\n"
        "├─ csgi::as_async      bridge\n"
        "└─ csgi::mount_table   composite\n"
        "   ├─ /chain           chain, no switch\n"
        "   │  ├─ login         blocking only\n"
        "   │  └─ guest_book    blocking\n"
        "   └─ else             guest_book, blocking\n");
}

TEST_CASE("bridges put by hand are shown, and of what tells nothing its name and kind") {
  guest_book book;
  as_async bridged(book);
  closed_composite closed;
  mount_table table{closed};
  table.mount("/book", bridged);
  CHECK(tree_of("csgi::mount_table", table) ==
        "csgi::mount_table   composite\n"
        "├─ /book            csgi::as_async, async\n"
        "│  └─ guest_book    blocking\n"
        "└─ else             closed_composite, composite\n");
}
}
