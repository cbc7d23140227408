// hostile_app.hpp - an app that does what an input says, in any order; and an account of what the server let it say.
#pragma once
#include "require.hpp"
#include "response_reader.hpp"
#include <csgi/async_exchange.hpp>
#include <csgi/informational.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/trailers.hpp>
#include <csgi/upgrade.hpp>
#include <deque>

/// What of a response was accepted.
struct account {
  int status = 0;
  std::string reason;
  std::vector<wire_field> fields;
  std::vector<wire_response> informs;
  std::vector<wire_field> trailers;
  std::string body;
  bool committed = false;
  bool finished = false;
  bool upgraded = false;
  bool broken = false;              // it was aborted, or cannot be whole
  bool closes = false;              // the app wants it to be the last
  std::size_t ended = 0;            // how often its finish hook ran
  csgi::outcome how;
};

/// Takes numbers and texts off an input; zeros where it is at its end.
class input_script {
 public:
  explicit input_script(std::string_view bytes) : rest_(bytes) {}

  bool over() const { return rest_.empty(); }

  unsigned number() {
    if (rest_.empty()) return 0;
    const auto byte = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  std::string text() {
    const auto taken = rest_.substr(0, number() % 32);
    rest_.remove_prefix(taken.size());
    return std::string(taken);
  }

 private:
  std::string_view rest_;
};

/// One request's app. Whatever it begins and does not wait for lives as long as this.
class hostile_app {
  /// Awaits the operation that was begun last, however it ends.
  auto last_one() {
    return csgi::await_operation<"last">(csgi::operation{}, [this](csgi::operation& op) noexcept {
      if (*last_over_) return csgi::begun::completed;
      *last_waiter_ = &op;
      return csgi::begun::pending;
    });
  }

 public:
  hostile_app(std::string_view input, int file, std::string_view content) : script_(input), file_(file), content_(content) {}
  hostile_app(const hostile_app&) = delete;
  hostile_app& operator=(const hostile_app&) = delete;

  /// Who leaves a write behind has broken off the response.
  account said() const {
    account all = said_;
    const auto left = [](const auto& kept) { return std::ranges::any_of(kept, [](const auto& op) { return op.pends && !op.over; }); };
    all.broken |= left(writes_) || left(files_) || left(informs_) || left(upgrades_);
    return all;
  }

  static csgi::task<> run(csgi::async_exchange ex, hostile_app& self) {
    self.hookless_ = self.script_.number() % 2 == 0;
    if (!self.hookless_) ex.on_finish([&self](const csgi::outcome& how) {
      ++self.said_.ended;
      self.said_.how = how;
    });
    for (int steps = 0; !self.script_.over() && steps < 200; ++steps) {
      const unsigned what = self.script_.number();
      const bool waits = (what & 16) == 0;
      if ((what & 15) == 14) co_return;
      if ((what & 15) == 15) throw std::runtime_error("\r\nX-Injected: by what it throws");
      const auto begun = self.act(ex, what & 15);
      self.said_.broken |= ex.phase() == csgi::phase::aborted;
      if (begun == csgi::begun::pending && waits) co_await self.last_one();
      self.said_.broken |= ex.phase() == csgi::phase::aborted;
    }
  }

  bool hookless() const { return hookless_; }

 private:
  /// An operation that outlives who began it; its waiter, where there is one, is told of its end.
  template <class Operation>
  struct held : Operation {
    bool pends = false;
    bool over = false;
    csgi::operation* waiter = nullptr;
    held() {
      this->done = [](csgi::operation& op) noexcept {
        auto& self = static_cast<held&>(op);
        require(!self.over);
        self.over = true;
        if (self.waiter) self.waiter->done(*self.waiter);
      };
    }
  };

  template <class Operation, class Begin>
  csgi::begun begin(csgi::async_exchange ex, std::deque<held<Operation>>& kept, Begin how, const Operation& values) {
    const auto phase_before = ex.phase();
    auto& op = kept.emplace_back();
    const auto done = op.done;
    static_cast<Operation&>(op) = values;
    op.done = done;
    last_over_ = &op.over;
    last_waiter_ = &op.waiter;
    const auto begun = how(op);
    op.pends = begun == csgi::begun::pending;
    // What fails on its way may have sent a part of its bytes before.
    accepted_ = op.pends || !op.error || ex.phase() != phase_before;
    return begun;
  }

  std::string name() {
    static constexpr std::string_view known[] = {"X-A", "content-length", "Content-Length", "Date", "Server", "Set-Cookie",
                                                 "transfer-encoding", "Connection", "Trailer", "Upgrade", "Sum", "X-B"};
    const auto which = script_.number() % 16;
    return which < std::size(known) ? std::string(known[which]) : script_.text();
  }

  std::vector<wire_field> some_fields() {
    std::vector<wire_field> fields(script_.number() % 4);
    for (auto& field : fields) {
      field.name = name();
      const auto number = script_.number();
      field.value = number % 2 == 1 ? std::to_string(number / 2) : script_.text();
    }
    return fields;
  }

  static std::vector<csgi::field> views(const std::vector<wire_field>& fields) {
    std::vector<csgi::field> made;
    for (const auto& [name, value] : fields) made.push_back({name, value});
    return made;
  }

  csgi::ending some_ending() { return static_cast<csgi::ending>(script_.number() % 3); }

  csgi::begun act(csgi::async_exchange ex, unsigned what) {
    switch (what) {
      case 0: case 1: start(ex); break;
      case 2: case 3: case 4: return write(ex);
      case 5: return send_file(ex);
      case 6: return begin(ex, reads_, [&](csgi::read_op& op) { return ex.raw().begin_read(op); }, csgi::read_op{});
      case 7: return inform(ex);
      case 8: announce(ex); break;
      case 9: set_trailers(ex); break;
      case 10: return upgrade(ex);
      case 11:
        if (auto* const buffer = ex.find<csgi::response_buffer>()) buffer->set_high_water(script_.number());
        break;
      case 12: return wait(ex);
      case 13:
        if (script_.number() % 4 == 0) ex.abort(std::errc::io_error);
        else ex.log(csgi::log_level::info, script_.text());
        break;
      default: break;
    }
    return csgi::begun::completed;
  }

  void start(csgi::async_exchange ex) {
    const auto fields = some_fields();
    const auto head_fields = views(fields);
    const std::string reason = script_.number() % 2 == 1 ? script_.text() : "";
    const unsigned status = script_.number();
    static constexpr int known[] = {200, 204, 304, 404, 426, 500, 100, 600};
    const csgi::response_head head{.status = status < 8 ? known[status] : 180 + static_cast<int>(status) * 2,
                                   .fields = head_fields,
                                   .reason = reason,
                                   .then = status % 5 == 4 ? csgi::after_response::close : csgi::after_response::keep_alive};
    if (ex.raw().start(head)) return;
    require(!said_.committed);
    said_.status = head.status;
    said_.reason = reason;
    said_.fields = fields;
    said_.closes = head.then == csgi::after_response::close;
  }

  csgi::begun write(csgi::async_exchange ex) {
    const unsigned size = script_.number();
    data_.push_back(size % 2 == 0 ? script_.text() : std::string(std::size_t{size} * size / 4, 'x'));
    csgi::write_op op;
    op.data = data_.back();
    op.then = some_ending();
    const auto begun = begin(ex, writes_, [&](csgi::write_op& o) { return ex.raw().begin_write(o); }, op);
    if (accepted_) take(data_.back(), op.then);
    return begun;
  }

  csgi::begun send_file(csgi::async_exchange ex) {
    auto* const sender = ex.find<csgi::file_sender>();
    require(sender != nullptr);
    csgi::file_op op;
    op.descriptor = file_;
    op.offset = script_.number();
    op.count = script_.number() * 4;
    op.then = some_ending();
    const auto begun = begin(ex, files_, [&](csgi::file_op& o) { return sender->begin_send_file(o); }, op);
    if (!accepted_) return begun;
    if (op.offset + op.count > content_.size()) said_.broken = true;
    if (op.count > 0) said_.committed = true;
    take(content_.substr(std::min<std::size_t>(op.offset, content_.size()), op.count), op.then);
    return begun;
  }

  void take(std::string_view bytes, csgi::ending then) {
    said_.body += bytes;
    if (!bytes.empty() || then != csgi::ending::more) said_.committed = true;
    if (then == csgi::ending::finish) said_.finished = true;
  }

  csgi::begun inform(csgi::async_exchange ex) {
    auto* const hints = ex.find<csgi::informational>();
    if (!hints) return csgi::begun::completed;
    const auto fields = some_fields();
    const auto hint_fields = views(fields);
    csgi::inform_op op;
    op.status = 99 + static_cast<int>(script_.number() % 8);
    op.fields = hint_fields;
    const auto begun = begin(ex, informs_, [&](csgi::inform_op& o) { return hints->begin_inform(o); }, op);
    if (accepted_) said_.informs.push_back({.status = op.status, .fields = fields});
    return begun;
  }

  void announce(csgi::async_exchange ex) {
    auto* const trailers = ex.find<csgi::response_trailers>();
    if (!trailers) return;
    const std::string one = name(), other = name();
    const std::string_view names[] = {one, other};
    if (!trailers->announce(std::span(names).first(script_.number() % 3))) said_.trailers.clear();
  }

  void set_trailers(csgi::async_exchange ex) {
    auto* const trailers = ex.find<csgi::response_trailers>();
    if (!trailers) return;
    const auto fields = some_fields();
    if (!trailers->set(views(fields))) said_.trailers = fields;
  }

  csgi::begun upgrade(csgi::async_exchange ex) {
    auto* const offer = ex.find<csgi::upgrade>();
    if (!offer) return csgi::begun::completed;
    const auto fields = some_fields();
    const auto head_fields = views(fields);
    const std::string protocol = script_.number() % 2 == 1 ? "tunnel" : script_.text();
    csgi::upgrade_op op;
    op.protocol = protocol;
    op.fields = head_fields;
    const auto begun = begin(ex, upgrades_, [&](csgi::upgrade_op& o) { return offer->begin_upgrade(o); }, op);
    if (accepted_) {
      require(!said_.committed);
      said_.upgraded = said_.committed = true;
      said_.fields = fields;
    }
    return begun;
  }

  /// Gone is waited for by nobody, as it may never come.
  csgi::begun wait(csgi::async_exchange ex) {
    if (script_.number() % 2 == 0) {
      begin(ex, waits_, [&](csgi::operation& op) { return ex.raw().begin_gone(op); }, csgi::operation{});
      return csgi::begun::completed;
    }
    csgi::drain_op op;
    op.most = script_.number();
    return begin(ex, drains_, [&](csgi::drain_op& o) { return ex.find<csgi::response_buffer>()->begin_drained(o); }, op);
  }

  input_script script_;
  int file_;
  std::string_view content_;
  account said_;
  bool accepted_ = false;
  bool hookless_ = false;
  bool* last_over_ = nullptr;
  csgi::operation** last_waiter_ = nullptr;
  std::deque<std::string> data_;
  std::deque<held<csgi::read_op>> reads_;
  std::deque<held<csgi::write_op>> writes_;
  std::deque<held<csgi::file_op>> files_;
  std::deque<held<csgi::inform_op>> informs_;
  std::deque<held<csgi::upgrade_op>> upgrades_;
  std::deque<held<csgi::drain_op>> drains_;
  std::deque<held<csgi::operation>> waits_;
};
