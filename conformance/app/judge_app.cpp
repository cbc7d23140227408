// judge_app.cpp - see judge_app.hpp.
#include "judge_app.hpp"
#include <algorithm>
#include <csignal>
#include <csgi/conformance/subject.hpp>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include "performer.hpp"
#include "plugin_checks.hpp"

namespace csgi::conformance {

namespace {

constexpr unsigned most_processes = 24;
constexpr std::size_t longest_words = 3000;

/// Memory of this process and those it forks.
class shared_whereabouts {
 public:
  shared_whereabouts() {
    void* const memory = ::mmap(nullptr, sizeof(whereabouts), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc();
    it_ = new (memory) whereabouts;
  }
  shared_whereabouts(const shared_whereabouts&) = delete;
  shared_whereabouts& operator=(const shared_whereabouts&) = delete;
  ~shared_whereabouts() { ::munmap(it_, sizeof(whereabouts)); }
  whereabouts& get() noexcept { return *it_; }

 private:
  whereabouts* it_;
};

/// A process that performs, and what it prints.
class performing {
 public:
  performing(const app_options& options, const assignment& what, whereabouts& where)
      : printed_(::memfd_create("printed", MFD_CLOEXEC)) {
    int ends[2];
    if (printed_ < 0 || ::pipe2(ends, O_CLOEXEC) != 0) throw std::system_error(errno, std::generic_category(), "no pipe");
    pid_ = ::fork();
    if (pid_ < 0) throw std::system_error(errno, std::generic_category(), "no process");
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      const rlimit none{0, 0};
      ::setrlimit(RLIMIT_CORE, &none);
      ::dup2(printed_, STDOUT_FILENO);
      ::dup2(printed_, STDERR_FILENO);
      ::close(ends[0]);
      perform(options, what, ends[1], where);
    }
    ::close(ends[1]);
    pipe_ = ends[0];
  }
  performing(const performing&) = delete;
  performing& operator=(const performing&) = delete;
  ~performing() {
    ::kill(pid_, SIGKILL);
    end();
    ::close(pipe_);
    ::close(printed_);
  }

  int pipe() const noexcept { return pipe_; }
  void kill() noexcept { ::kill(pid_, SIGKILL); }

  /// How it has ended, in words.
  std::string end() {
    if (over_) return {};
    over_ = true;
    int status = 0;
    ::waitpid(pid_, &status, 0);
    if (!WIFSIGNALED(status)) return "the process ended with exit code " + std::to_string(WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    return "the process was ended by signal " + std::to_string(number) + " (" + ::strsignal(number) + ')';
  }

  std::string printed() const {
    const off_t size = ::lseek(printed_, 0, SEEK_END);
    std::string words(std::min<std::size_t>(longest_words, static_cast<std::size_t>(std::max<off_t>(size, 0))), '\0');
    const auto got = ::pread(printed_, words.data(), words.size(), 0);
    words.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
    return words;
  }

 private:
  int printed_;
  int pipe_ = -1;
  pid_t pid_ = -1;
  bool over_ = false;
};

class app_judge {
 public:
  explicit app_judge(const app_options& options) : options_(options), agenda_(make_agenda(options)) {}

  app_judgement run() {
    what_.until = std::chrono::steady_clock::now() + options_.time;
    for (unsigned processes = 0; what_.from < agenda_.size(); ++processes) {
      if (processes == most_processes) {
        note("the app has ended " + std::to_string(most_processes) +
             " processes: " + std::to_string(agenda_.size() - what_.from) + " trials were left out");
        break;
      }
      if (one_process()) break;
      go_on();
    }
    judged_.played = where_.get().played;
    std::ranges::stable_sort(judged_.findings, {}, &app_finding::what);
    return std::move(judged_);
  }

 private:
  /// Whether it has come to the end of the agenda.
  bool one_process() {
    whereabouts& where = where_.get();
    where.touched = guarded_memory::purpose::none;
    where.in_app = false;
    failed_ = false;
    performing now(options_, what_, where);
    mailbox from(now.pipe());
    for (std::size_t played = 0;;) {
      const auto m = from.next(options_.patience * 4 + std::chrono::seconds(10));
      if (!m && (from.closed() || played == where.played)) break;
      played = where.played;
      if (!m) continue;
      if (m->what == message::kind::done) return true;
      if (m->what == message::kind::unfit) return unfit(m->text);
      take(*m);
    }
    const bool stuck = !from.closed();
    now.kill();
    const auto how = now.end();
    if (stuck) note(std::string("the suite has ended a process that did not go on, ") + where.words + ": " + where.form + " (--patience)");
    else if (!failed_) accuse(how, now.printed());
    return false;
  }

  /// It was fit once: then what it says now was caused by what came before.
  bool unfit(const std::string& why) {
    if (judged_.findings.empty() || what_.from == 0) throw not_a_subject(why);
    note("a new process could not go on: " + why);
    return true;
  }

  void take(const message& m) {
    if (m.what == message::kind::note) return note(m.text);
    if (m.what == message::kind::step) {
      if (options_.on_progress) options_.on_progress(where_.get().step + 1, agenda_.size(), failures_);
      return;
    }
    auto& all = judged_.findings;
    failed_ = failed_ || m.finding.how == verdict::fail;
    const auto same =
        std::ranges::find_if(all, [&](const app_finding& f) { return f.what == m.finding.what && f.form == m.finding.form; });
    if (same == all.end()) all.push_back(m.finding);
    else if (m.finding.how == verdict::fail && same->how != verdict::fail) *same = m.finding;
    else return;
    if (m.finding.how == verdict::fail) ++failures_;
  }

  void note(const std::string& text) {
    if (std::ranges::find(judged_.notes, text) == judged_.notes.end()) judged_.notes.push_back(text);
  }

  /// The process ended without having said why.
  void accuse(const std::string& how, const std::string& printed) {
    const whereabouts& where = where_.get();
    check what = where.suspect;
    std::string reason = how + ", " + where.words;
    const bool ended = where.touched_ended;
    switch (where.touched.load()) {
      case guarded_memory::purpose::none: break;
      case guarded_memory::purpose::request:
        if (ended) what = check::head_left;
        reason += ended ? ": it used a view of a request when it was done with that"
                        : ": it read past the end of a view of the request";
        break;
      case guarded_memory::purpose::chunk:
        if (ended) what = check::chunk_left;
        reason += ended ? ": it used a chunk when the next read had begun" : ": it read past the end of a chunk";
        break;
      case guarded_memory::purpose::argument:
        if (ended) what = check::arguments_left;
        reason += ended ? ": it used a view of its arguments when it had been made" : ": it read past the end of an argument";
    }
    if (!where.in_app && what == check::loads) throw not_a_subject(options_.plugin + " cannot be judged: " + reason);
    take({message::kind::finding, {what, where.form, verdict::fail, reason, printed}, {}});
  }

  void go_on() {
    const whereabouts& where = where_.get();
    const auto& last = agenda_[where.step];
    if (where.plain && last.what == step_of_suite::kind::request) what_.without.insert(last.request);
    what_.from = where.step + 1;
  }

  const app_options& options_;
  const std::vector<step_of_suite> agenda_;
  shared_whereabouts where_;
  assignment what_;
  app_judgement judged_;
  std::size_t failures_ = 0;
  bool failed_ = false;
};

}  // namespace

app_judgement judge_app(const app_options& options) { return app_judge(options).run(); }

}  // namespace csgi::conformance
