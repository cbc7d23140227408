// subject.hpp - a server that is measured: how it is started, and what it can be asked for.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace csgi::bench {

/// What servers are asked for.
enum class workload : unsigned char {
  hello,        ///< GET /: six bytes
  echo,         ///< POST /echo: the body again
  file,         ///< GET /file: a file of 1 MiB
  stream,       ///< GET /stream: 100 MiB that the app makes, 64 KiB at a time
  messages,     ///< a WebSocket at /: each message again
  waiting,      ///< GET /wait and /slow: six bytes, after the handler has waited for 1 ms and 10 ms
};

/// How it is known where a server listens.
enum class listening : unsigned char {
  announced,    ///< it says "http://127.0.0.1:8000" in the first line of its output
  given,        ///< it is given a socket that listens, as descriptor 3
  told,         ///< it is told a port, which it opens with SO_REUSEPORT: so it can be kept for it
};

/// What a server cannot be measured with.
struct omission {
  std::string scenario;
  std::string reason;
};

/// In `command` and in the text of `configuration` these are filled in: {bin}, {apps}, {bench} (directories of the build), {peers}
/// (of sources), {here} (a directory of this run's, with www/hello.txt and www/file), {port}, {configuration} (its path) and {user} (for h2o, see there).
struct subject {
  std::string name;
  std::vector<std::string> command;         ///< the first word is looked for in PATH where it is no path
  std::vector<workload> serves;
  bool quick = false;                       ///< a part of --quick
  std::string packages = {};                ///< of Debian, that it needs; none: it is ours
  std::vector<std::string> probe = {};      ///< ends with 0 where they are installed, besides the program itself
  listening at = listening::announced;
  std::string configuration = {};           ///< a file in {peers}
  std::vector<omission> omits = {};
};

struct directories {
  std::filesystem::path build;      ///< with bin, apps and bench
  std::filesystem::path peers;
  std::filesystem::path here;
};

inline const std::string floor_name = "floor";

/// The floors first, each of which is called floor_name.
std::vector<subject> all_subjects();

bool serves(const subject& server, workload asked);

/// `text` with what stands in braces filled in; other braces are left alone.
std::string filled_in(std::string text, const directories& in, const std::string& port = {}, const std::string& configuration = {});

/// Nothing where the name is of no program in PATH; a path is taken as it is.
std::optional<std::string> program(const std::string& name);

/// Why it cannot be measured here, in one line; nothing where it can.
std::optional<std::string> absence(const subject& server, const directories& in);

}  // namespace csgi::bench
