// performer.cpp - see performer.hpp.
#include "performer.hpp"
#include <csgi/testing/client.hpp>
#include <csignal>
#include <unistd.h>
#include "plugin_checks.hpp"
#include "together.hpp"

namespace csgi::conformance {

using namespace std::chrono_literals;

namespace {

struct time_is_over {};

whereabouts* at = nullptr;              // of this process, for its signal handler
struct sigaction before[64];

/// Tells whether it was memory of a view, then lets happen what would have happened.
void on_fault(int signal, siginfo_t* what, void*) {
  const auto place = guarded_memory::find(reinterpret_cast<std::uintptr_t>(what->si_addr));
  at->touched = place.of;
  at->touched_ended = place.ended;
  ::sigaction(signal, &before[signal], nullptr);
}

void watch_faults(whereabouts& where) {
  at = &where;
  struct sigaction how {};
  how.sa_sigaction = on_fault;
  how.sa_flags = SA_SIGINFO;
  for (const int each : {SIGSEGV, SIGBUS}) ::sigaction(each, &how, &before[each]);
}

/// The arguments, in memory that ends when the app was made.
class lent_arguments {
 public:
  explicit lent_arguments(const std::vector<std::string>& words) {
    for (const auto& word : words) {
      auto* const copy = static_cast<char*>(memory_.allocate(std::max<std::size_t>(word.size(), 1), 1));
      std::ranges::copy(word, copy);
      views_.push_back({copy, word.size()});
    }
  }
  void end() noexcept {
    for (const auto& view : views_) memory_.deallocate(const_cast<char*>(view.data()), std::max<std::size_t>(view.size(), 1), 1);
  }
  arguments get() const noexcept { return views_; }

 private:
  guarded_memory memory_{guarded_memory::purpose::argument};
  std::vector<std::string_view> views_;
};

class performer {
 public:
  performer(const app_options& options, const assignment& what, messenger& to, whereabouts& where)
      : options_(options), what_(what), to_(to), where_(where), dog_(options.patience), library_(options.plugin) {}

  void run() {
    where_.say(the_plugin, "made");
    where_.suspect = check::loads;
    lent_arguments lent(options_.arguments);
    const auto app = library_.make_app(lent.get());
    const auto agenda = make_agenda(options_);
    if (agenda[what_.from].what == step_of_suite::kind::plugin) {
      const watchdog::leash leash(dog_, hangs());
      judge_plugin(library_, app.get(), lent.get(), to_, where_);
    }
    lent.end();
    live(app.get(), agenda);
  }

 private:
  watchdog::bark hangs() {
    return [this](std::chrono::milliseconds waited) {
      to_.send(
          {message::kind::unfit, {}, "it has not ended within " + std::to_string(waited.count() / 1000) + " s, " + where_.words});
      ::_exit(1);
    };
  }

  testing::client_options client_options() const {
    testing::client_options how;
    how.time = options_.real_time ? testing::time_flow::real : testing::time_flow::skipped;
    how.patience = 200ms;
    return how;
  }

  void live(application app, const std::vector<step_of_suite>& agenda) {
    where_.suspect = check::loads;
    where_.say(the_plugin, "started");
    std::optional<watchdog::leash> leash(std::in_place, dog_, hangs());
    testing::client c(app, client_options());
    std::vector<std::unique_ptr<other_stage>> others;
    leash.reset();
    {
      stage on(app, c.loop(), c.around(), dog_, to_);
      trials all(on, to_, options_.requests, options_.most_faults);
      all.on_plan = [this](const plan& p) { note(p); };
      const surroundings around{app, c, dog_, to_, where_, others};
      where_.in_app = true;
      for (std::size_t i = what_.from; i < agenda.size(); ++i) perform(agenda[i], i, all, around);
      where_.in_app = false;
    }
    where_.say(the_plugin, "shut down");
    leash.emplace(dog_, hangs());
    draining(c);
    try {
      c.close();
    } catch (const std::exception& error) {
      to_.note(std::string("its shutdown threw ") + error.what());
    }
  }

  void note(const plan& p) {
    where_.suspect = p.suspect;
    where_.plain = p.words == "as it is";
    if (!where_.plain && std::chrono::steady_clock::now() > what_.until) throw time_is_over();
    where_.say(p.request->name, p.words);
    ++where_.played;
  }

  void perform(const step_of_suite& s, std::size_t number, trials& all, const surroundings& around) {
    where_.step = number;
    if (s.what == step_of_suite::kind::plugin) return;
    if (s.what == step_of_suite::kind::request && what_.without.contains(s.request)) return;
    const auto now = std::chrono::steady_clock::now();
    if (now > what_.until + options_.time || (now > what_.until && s.how != trial::plain)) return tell_late(number);
    try {
      if (s.what == step_of_suite::kind::together) {
        play_together(around, all, options_.requests, what_.without, options_.threads, what_.until);
        where_.suspect = check::survives;
      } else {
        all.perform(s.how, s.request);
      }
    } catch (const time_is_over&) {
      return tell_late(number);
    } catch (const hopeless& end) {
      to_.fail(check::answers, end.how.request->name, end.reason, end.transcript);
      ::_exit(1);
    }
    to_.send({message::kind::step, {}, {}});
  }

  void tell_late(std::size_t number) {
    if (std::exchange(late_, true)) return;
    const auto all = make_agenda(options_).size();
    to_.note("the time was over (--time): " + std::to_string(all - number) + " of " + std::to_string(all) + " trials were left out");
  }

  void draining(testing::client& c) {
    const auto began = clock::now();
    c.drain();
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - began);
    if (took < 100ms) to_.pass(check::draining, the_plugin);
    else to_.fail(check::draining, the_plugin, "draining() took " + std::to_string(took.count()) + " ms", "");
  }

  const app_options& options_;
  const assignment& what_;
  messenger& to_;
  whereabouts& where_;
  watchdog dog_;
  const plugin_library library_;
  bool late_ = false;
};

}  // namespace

void perform(const app_options& options, const assignment& what, int pipe, whereabouts& where) {
  messenger to(pipe);
  watch_faults(where);
  try {
    performer(options, what, to, where).run();
    to.send({message::kind::done, {}, {}});
    ::_exit(0);
  } catch (const std::exception& error) {
    to.send({message::kind::unfit, {}, error.what()});
    ::_exit(1);
  }
}

}  // namespace csgi::conformance
