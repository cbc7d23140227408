// wire_faults.hpp - relays that spoil the bytes which pass, said in a line each.
#pragma once
#include "relay.hpp"

namespace csgi::conformance {

/// A server that has these faults and habits on the wire.
template <class Fault = wire_fault>
faulty_server relayed(relay_habits habits = {}) {
  return [habits](const server_options& options, sound_server sound) {
    return std::make_unique<relay>(options, sound, [] { return std::make_unique<Fault>(); }, habits);
  };
}

using spoil = void (*)(std::string&);

class spoiled_pieces final : public wire_fault {
 public:
  spoiled_pieces(spoil requests, spoil responses) : requests_(requests), responses_(responses) {}
  void from_client(std::string& bytes) override {
    if (requests_) requests_(bytes);
  }
  void from_server(std::string& bytes) override {
    if (responses_) responses_(bytes);
  }

 private:
  spoil requests_, responses_;
};

/// A server that takes requests for others than they are.
inline faulty_server takes(spoil requests) {
  return [requests](const server_options& options, sound_server sound) {
    const auto fault = [requests] { return std::make_unique<spoiled_pieces>(requests, nullptr); };
    return std::make_unique<relay>(options, sound, fault, relay_habits{});
  };
}

/// A server that sends something else than it should.
inline faulty_server sends(spoil responses) {
  return [responses](const server_options& options, sound_server sound) {
    const auto fault = [responses] { return std::make_unique<spoiled_pieces>(nullptr, responses); };
    return std::make_unique<relay>(options, sound, fault, relay_habits{});
  };
}

// What spoilers are made of.

inline bool has(const std::string& bytes, std::string_view part) { return bytes.find(part) != std::string::npos; }

/// Every `part`.
inline void replace(std::string& bytes, std::string_view part, std::string_view by) {
  for (auto at = bytes.find(part); at != std::string::npos; at = bytes.find(part, at + by.size()))
    bytes.replace(at, part.size(), by);
}

/// The first `part`.
inline void replace_first(std::string& bytes, std::string_view part, std::string_view by) {
  if (const auto at = bytes.find(part); at != std::string::npos) bytes.replace(at, part.size(), by);
}

/// Every line that begins with `beginning`, as it is written.
inline void remove_lines(std::string& bytes, std::string_view beginning) {
  const std::string start = "\r\n" + std::string(beginning);
  for (auto at = bytes.find(start); at != std::string::npos; at = bytes.find(start, at)) {
    const auto end = bytes.find("\r\n", at + start.size());
    if (end == std::string::npos) return;
    bytes.erase(at, end - at);
  }
}

/// A line behind the first.
inline void add_line(std::string& bytes, std::string_view line) {
  replace_first(bytes, "\r\n", "\r\n" + std::string(line) + "\r\n");
}

}  // namespace csgi::conformance
