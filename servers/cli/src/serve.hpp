// serve.hpp - what `csgi serve` does.
#pragma once
#include <csgi/plugin_library.hpp>
#include "command_line.hpp"

namespace csgi::cli {

/// The app of a plug-in, from the arguments that were given for it.
plugin_library::owned_app make_app(const plugin_library& library, const command& asked);

/// Serves until it is stopped, in this process or in workers. The exit code.
///
/// Errors:    usage_error; what a plug-in, an app or an address cannot do.
int serve(command asked);

}  // namespace csgi::cli
