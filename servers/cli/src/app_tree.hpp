// app_tree.hpp - what an app is made of, as lines of text.
#pragma once
#include <csgi/application.hpp>
#include <string>

namespace csgi::cli {

/// A tree with a line for each part and what is to be said of it: mounts by their prefixes; the stages of chains with their
/// kinds, the outermost first, and the bridges between them.
std::string tree_of(std::string name, application app);

}  // namespace csgi::cli
