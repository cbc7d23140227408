// plugin_checks.cpp - see plugin_checks.hpp.
#include "plugin_checks.hpp"
#include <array>
#include <dlfcn.h>

namespace csgi::conformance {

namespace {

class plugin_judgement {
 public:
  plugin_judgement(const plugin_library& library, app_verdicts& verdicts, whereabouts& where)
      : library_(library), verdicts_(verdicts), where_(where) {}

  void manifest() {
    begin(check::manifest, "with its function called again");
    void* const again =
        ::dlopen(std::filesystem::absolute(library_.path()).c_str(), RTLD_NOW | RTLD_LOCAL);  // the one that is loaded
    const auto entry = reinterpret_cast<const plugin_manifest* (*)()>(::dlsym(again, "csgi_plugin"));
    const auto& first = library_.manifest();
    for (int i = 0; i < 3; ++i) {
      const plugin_manifest* const now = entry();
      if (now == nullptr || now->kind != first.kind || now->create != first.create || now->destroy != first.destroy ||
          std::string_view(now->name) != first.name)
        return fail(check::manifest, "csgi_plugin() gives another manifest when it is called again");
    }
    pass(check::manifest);
  }

  void kind(application first) {
    const auto said = library_.manifest().kind;
    if (first.kind() == said) return pass(check::kind);
    fail(check::kind, "its manifest says " + std::string(to_string(said)) + ", create() gave one of the kind " +
                          std::string(to_string(first.kind())));
  }

  void another(application first, arguments given) {
    begin(check::another, "with a second app made");
    try {
      const auto second = library_.make_app(given);
      if (identity(first) == identity(second.get())) return fail(check::another, "create() gave the same app twice");
      pass(check::another);
    } catch (const std::exception& error) {
      fail(check::another, std::string("the second app was refused: ") + error.what());
    }
  }

  void refusals(bool has_arguments) {
    begin(check::refuses, "with arguments that it does not know");
    const std::array<std::string_view, 1> odd = {"--csgi-conformance-no-such-option=\x01"};
    try {
      library_.manifest().destroy(library_.manifest().create(odd));
    } catch (const std::exception& error) {
      if (std::string_view(error.what()).empty())
        return fail(check::refuses, "the exception that refuses arguments says nothing");
      pass(check::refuses);
      if (!has_arguments) pass(check::no_arguments);
      return;
    } catch (...) {
      return fail(check::refuses, "what refuses arguments is not a std::exception");
    }
    verdicts_.not_applicable(check::refuses, the_plugin, "it takes arguments of any kind");
    verdicts_.not_applicable(check::no_arguments, the_plugin, "it takes arguments");
  }

  void parts(application first) {
    if (first.kind() != app_kind::composite) return;
    const auto list = [&] {
      std::vector<const void*> all;
      for (const auto& part : first.composite().parts()) all.push_back(identity(part));
      return all;
    };
    if (list() == list()) pass(check::parts);
    else fail(check::parts, "parts() gives others when it is called again");
  }

 private:
  static const void* identity(application app) noexcept {
    if (app.kind() == app_kind::blocking) return &app.blocking();
    if (app.kind() == app_kind::async) return &app.async();
    return &app.composite();
  }

  void begin(check what, const char* words) {
    where_.suspect = what;
    where_.say(the_plugin, words);
  }
  void pass(check what) { verdicts_.pass(what, the_plugin); }
  void fail(check what, const std::string& reason) { verdicts_.fail(what, the_plugin, reason, ""); }

  const plugin_library& library_;
  app_verdicts& verdicts_;
  whereabouts& where_;
};

}  // namespace

void judge_plugin(const plugin_library& library, application first, arguments given, app_verdicts& verdicts, whereabouts& where) {
  verdicts.pass(check::loads, the_plugin);
  verdicts.pass(check::arguments_left, the_plugin);
  plugin_judgement j(library, verdicts, where);
  j.manifest();
  j.kind(first);
  j.parts(first);
  j.another(first, given);
  j.refusals(!given.empty());
}

}  // namespace csgi::conformance
