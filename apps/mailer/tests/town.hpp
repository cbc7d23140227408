// town.hpp - for tests: mailers of either form, one life after another, in time that need not be waited for.
#pragma once
#include "spool_directory.hpp"
#include <csgi/background.hpp>
#include <csgi/json.hpp>
#include <csgi/testing/client.hpp>
#include <mailer/mailer.hpp>
#include <mailer/mailer_blocking.hpp>

struct deliveries {
  std::vector<std::string> subjects;      // of what was delivered
  std::size_t running = 0, most_at_once = 0;
  std::size_t refused = 0, refusals = 0;  // of letters to busy@…: so many fail
};

/// Takes an hour, and tells what it has delivered. A letter to nobody@… cannot be, one to busy@… only in the end.
class witnessed_carrier final : public carrier {
 public:
  explicit witnessed_carrier(deliveries& seen) : seen_(seen) {}
  csgi::task<> deliver(const letter& what) override { return deliver_to(*this, what); }

 private:
  static csgi::task<> deliver_to(witnessed_carrier& self, const letter& what) {
    self.seen_.most_at_once = std::max(self.seen_.most_at_once, ++self.seen_.running);
    co_await csgi::sleep_for(std::chrono::hours(1));
    --self.seen_.running;
    if (what.to.starts_with("nobody@")) throw std::runtime_error("nobody lives there");
    if (what.to.starts_with("busy@") && self.seen_.refused < self.seen_.refusals) {
      ++self.seen_.refused;
      throw std::runtime_error("nobody is at home");
    }
    self.seen_.subjects.push_back(what.subject);
  }
  deliveries& seen_;
};

/// On /fill, fills the background with work that takes two hours.
inline csgi::task<> fill(csgi::async_exchange ex, csgi::next_app app) {
  if (ex.head().path != "/fill") {
    co_await app(ex);
    co_return;
  }
  std::size_t begun = 0;
  try {
    for (;; ++begun) csgi::in_background(ex, []() -> csgi::task<> { co_await csgi::sleep_for(std::chrono::hours(2)); });
  } catch (const csgi::overloaded&) {
  }
  ex.start(200);
  co_await ex.finish(std::to_string(begun));
}

/// One life of a mailer, with a client.
class mailer_life {
 public:
  virtual ~mailer_life() = default;
  virtual csgi::testing::client& of() = 0;

  csgi::testing::response post(std::string_view form) { return of().post("/", {.fields = form_type, .body = form}); }
  csgi::testing::response post_to(const std::string& to, const std::string& subject) {
    return post("to=" + to + "&subject=" + subject + "&body=text");
  }
  std::string state(const std::string& id) {
    return std::string(csgi::parse_json(of().get('/' + id).body).at("state").as_string());
  }

  const csgi::testing::field_list form_type{{"content-type", "application/x-www-form-urlencoded"}};
};

template <class Mailer>
class life_of final : public mailer_life {
 public:
  life_of(const settings& s, deliveries& seen, csgi::testing::client_options with)
      : mailer_(s, std::make_unique<witnessed_carrier>(seen)), app_(csgi::named("fill", fill), csgi::errors(), mailer_),
        client_(app_, with) {}
  csgi::testing::client& of() override { return client_; }

 private:
  Mailer mailer_;
  csgi::chain<decltype(csgi::named("fill", fill)), csgi::errors, Mailer&> app_;
  csgi::testing::client client_;
};

/// A spool, and what was delivered from it.
struct town {
  std::unique_ptr<mailer_life> open(csgi::app_kind form, std::size_t most = 100,
                                    csgi::clock::duration grace = std::chrono::hours(24)) {
    const settings s{.spool = spool.path(), .takes = std::chrono::milliseconds(0), .most = most};
    csgi::testing::client_options with{.failure = csgi::testing::failures::answered, .time = csgi::testing::time_flow::skipped};
    with.origin.root_path = root_path;
    with.grace = grace;
    if (form == csgi::app_kind::async) return std::make_unique<life_of<async_mailer>>(s, seen, with);
    return std::make_unique<life_of<blocking_mailer>>(s, seen, with);
  }

  spool_directory spool;
  deliveries seen;
  std::string root_path;
};
