// subject.cpp - the forms of the probe; see csgi/conformance/subject.hpp.
#include <csgi/conformance/subject.hpp>

namespace csgi::conformance {

const std::vector<form>& all_forms() {
  static const std::vector<form> forms = {
      {"blocking", "probe_blocking.so", "", true},
      {"async", "probe_async.so", "", false},
      {"blocking behind identity", "probe_blocking_identity.so", "", true},
      {"async behind identity", "probe_async_identity.so", "", false},
      {"blocking, mounted", "probe_mounted.so", "/blocking", true},
      {"async, mounted", "probe_mounted.so", "/async", false},
      {"blocking as async", "probe_blocking_as_async.so", "", true, 1},
      {"async as blocking", "probe_async_as_blocking.so", "", false, 1},
      {"blocking as async as blocking", "probe_blocking_there_and_back.so", "", true, 2},
      {"async as blocking as async", "probe_async_there_and_back.so", "", false, 2},
  };
  return forms;
}

bool is_among(const form& f, kinds wanted) noexcept {
  return wanted == kinds::both || (wanted == kinds::blocking_only) == f.blocking;
}

bool is_run_by(const form& f, kinds apps) noexcept {
  return apps == kinds::both || (apps == kinds::blocking_only) == (f.blocking == (f.bridges % 2 == 0));
}

}  // namespace csgi::conformance
