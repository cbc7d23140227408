// seeds.hpp - the inputs that fuzzing begins with, kept as text.
#pragma once
#include <string>
#include <vector>

/// Reads a file of seeds. A seed is a run of lines, which are joined as they are; an empty line ends it, a line that begins
/// with "#" says something of it. In a seed \r, \n, \t, \\ and \xNN stand for bytes.
///
/// Errors:    std::runtime_error, where there is no such file, it holds none, or a backslash stands for nothing.
std::vector<std::string> read_seeds(const std::string& path);
