// plugin_checks.hpp - what the plug-in itself owes, beside the app in it.
#pragma once
#include <csgi/plugin_library.hpp>
#include "messages.hpp"

namespace csgi::conformance {

/// `first` was made with `arguments`, and is not started yet.
void judge_plugin(const plugin_library& library, application first, arguments given, app_verdicts& verdicts, whereabouts& where);

/// How findings about it are called.
inline const std::string the_plugin = "the plug-in";

}  // namespace csgi::conformance
