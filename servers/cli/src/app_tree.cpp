// app_tree.cpp - see app_tree.hpp.
#include "app_tree.hpp"
#include <algorithm>
#include <csgi/description.hpp>
#include <csgi/stage.hpp>
#include <csgi/type_name.hpp>
#include <optional>
#include <vector>

namespace csgi::cli {

namespace {

struct node {
  std::string name;
  std::string note;
  std::vector<node> parts = {};
};

std::string type_of(application app) {
  const auto name_of = [](const auto& object) { return type_name(typeid(object)); };
  switch (app.kind()) {
    case app_kind::blocking: return name_of(app.blocking());
    case app_kind::async: return name_of(app.async());
    case app_kind::composite: return name_of(app.composite());
  }
  return {};
}

/// The kinds of apps that a server may be given when it resolves `app`.
class answers final : private description {
 public:
  explicit answers(application app) {
    const described* const telling = described_by(app);
    if (app.kind() != app_kind::composite) note(app.kind());
    else if (telling) telling->describe(*this);
    else async_ = blocking_ = true;
  }
  bool may_be(app_kind kind) const noexcept { return kind == app_kind::async ? async_ : blocking_; }

 private:
  void mount(std::string_view, application app) override { add(app); }
  void bridge(application app) override { add(app); }
  void stages(std::span<const planned_stage> passed, app_kind answered_by, application app) override {
    if (answers(app).may_be(answered_by)) note(passed.front().planned);
  }
  void add(application app) {
    const answers all(app);
    async_ |= all.async_;
    blocking_ |= all.blocking_;
  }
  void note(app_kind kind) noexcept { (kind == app_kind::async ? async_ : blocking_) = true; }

  bool async_ = false;
  bool blocking_ = false;
};

node node_of(std::string name, application app);

node stage_node(const planned_stage& stage) {
  const std::string name = stage.name.empty() ? type_name(*stage.type) : std::string(stage.name);
  const std::string planned(to_string(stage.planned));
  return {name, stage.can == stage_kinds::both ? planned + ", could be either" : planned + " only"};
}

/// The stages of a chain on the way to apps of one kind, with the bridges.
struct plan {
  plan(std::span<const planned_stage> passed, app_kind kind) : to(kind) {
    for (std::size_t i = 0; i < passed.size(); ++i) {
      const app_kind next = i + 1 < passed.size() ? passed[i + 1].planned : to;
      lines.push_back(stage_node(passed[i]));
      if (passed[i].planned == next) continue;
      lines.push_back({next == app_kind::async ? "csgi::as_blocking" : "csgi::as_async", "bridge"});
      ++switches;
    }
  }
  std::string note() const {
    return switches == 0 ? "no switch" : switches == 1 ? "1 switch" : std::to_string(switches) + " switches";
  }

  app_kind to;
  unsigned switches = 0;
  std::vector<node> lines;
};

/// Makes a node of what an app tells.
class teller final : public description {
 public:
  explicit teller(node& whole) : whole_(whole) {}

  void mount(std::string_view prefix, application app) override {
    whole_.parts.push_back(node_of(prefix.empty() ? "else" : std::string(prefix), app));
  }
  void bridge(application app) override { whole_.parts.push_back(node_of({}, app)); }
  void stages(std::span<const planned_stage> passed, app_kind answered_by, application app) override {
    inner_ = app;
    if (answers(app).may_be(answered_by)) plans_.emplace_back(passed, answered_by);
  }

  /// A chain is written when all its plans are known.
  void finish() {
    if (!inner_) return;
    const bool all_follow = std::ranges::all_of(plans_, [](const plan& p) { return p.switches == 0; });
    if (plans_.size() == 1) {
      whole_.note = "chain, " + plans_.front().note();
      whole_.parts = std::move(plans_.front().lines);
    } else if (all_follow) {
      whole_.note = "chain, no switch";
      for (node& stage : plans_.front().lines) whole_.parts.push_back({std::move(stage.name), "of its app's kind"});
    } else {
      whole_.note = "chain, planned for each kind of app";
      for (plan& each : plans_)
        whole_.parts.push_back({"to " + std::string(to_string(each.to)) + " apps", each.note(), std::move(each.lines)});
    }
    whole_.parts.push_back(node_of({}, *inner_));
  }
  bool is_chain() const noexcept { return inner_.has_value(); }

 private:
  node& whole_;
  std::vector<plan> plans_;
  std::optional<application> inner_;
};

/// Without a name it is called by its type.
node node_of(std::string name, application app) {
  const std::string kind(to_string(app.kind()));
  const std::string type = type_of(app);
  node made{name, name.empty() || name == type ? kind : type + ", " + kind};
  teller told(made);
  if (const described* const telling = described_by(app)) telling->describe(told);
  told.finish();
  if (made.name.empty()) made.name = told.is_chain() ? "csgi::chain" : type;
  return made;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return (c & 0xC0) != 0x80; }));
}

/// Lines of a tree, with what is said of each part below that of the others.
class drawing {
 public:
  explicit drawing(const node& root) {
    add(root, {}, {});
    for (const auto& [part, note] : lines_) widest_ = std::max(widest_, columns(part));
  }

  std::string text() const {
    std::string all;
    for (const auto& [part, note] : lines_) all += part + std::string(widest_ - columns(part) + 3, ' ') + note + '\n';
    return all;
  }

 private:
  void add(const node& part, const std::string& before, const std::string& below) {
    lines_.emplace_back(before + part.name, part.note);
    for (const node& each : part.parts) {
      const bool last = &each == &part.parts.back();
      add(each, below + (last ? "└─ " : "├─ "), below + (last ? "   " : "│  "));
    }
  }

  std::vector<std::pair<std::string, std::string>> lines_;
  std::size_t widest_ = 0;
};

}  // namespace

std::string tree_of(std::string name, application app) { return drawing(node_of(std::move(name), app)).text(); }

}  // namespace csgi::cli
