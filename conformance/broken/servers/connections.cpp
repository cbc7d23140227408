// connections.cpp - servers that end connections too early, too late, or serve them one by one.
#include "views.hpp"
#include "wire_faults.hpp"

namespace csgi::conformance {

namespace {

class lasts_for_fifty final : public wire_fault {
  void from_client(std::string& bytes) override {
    if (++pieces_ == 50) replace(bytes, "Connection: keep-alive", "Connection: close");
  }
  int pieces_ = 0;
};

/// Drops what is pipelined beyond ten requests.
void take_ten(std::string& bytes) {
  std::size_t end = 0;
  for (int heads = 0; heads < 10; ++heads) {
    const auto at = bytes.find("\r\n\r\n", end);
    if (at == std::string::npos) return;
    end = at + 4;
  }
  bytes.erase(end);
}

class refuses_upgrades final : public wire_fault {
  void from_client(std::string& bytes) override {
    if (!has(bytes, "\r\nUpgrade: ")) return;
    bytes.clear();
    answer = "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 0\r\n\r\n";
  }
};

/// Takes a client's end for that of its head.
class completes_heads final : public wire_fault {
  void from_client(std::string& bytes) override { head_ += bytes; }
  void client_ended(std::string& to_server) override {
    if (has(head_, "\r\nX-Case: ") && !has(head_, "\r\n\r\n")) to_server += "\r\n\r\n";
  }
  std::string head_;
};

class always_connected final : public forwarding_exchange {
 public:
  using forwarding_exchange::forwarding_exchange;
  bool connected() noexcept override { return true; }
};

template <std::errc Was, std::errc Told>
class told_gone final : public outcome_view {
  using outcome_view::outcome_view;
  void gone_ended(operation& op) noexcept override {
    if (op.error == Was) op.error = std::make_error_code(Told);
  }
};

constexpr auto gone = std::errc::connection_reset, over = std::errc::operation_canceled;

}  // namespace

broken_servers with_broken_connections() {
  return {
      {"takes_resets_for_ends", {"CSGI-HTTP-097"},
       relayed({.client_resets_as_ends = true}), {"CSGI-EXT-012", "CSGI-HTTP-101", "CSGI-HTTP-098"}},
      {"waits_for_who_has_gone", {"CSGI-HTTP-098"}, seen_as<told_gone<gone, over>>(), {"CSGI-HTTP-101", "CSGI-EXT-012"}},
      {"takes_the_end_for_a_going", {"CSGI-HTTP-099"}, seen_as<told_gone<over, gone>>()},
      {"takes_all_for_connected", {"CSGI-HTTP-101"}, seen_as<always_connected>()},
      {"takes_half_a_close_for_a_whole", {"CSGI-HTTP-102"},
       relayed({.ends_as_hang_ups = true}), {"CSGI-HTTP-040", "CSGI-HTTP-097"}},
      {.name = "serves_one_by_one", .breaks = {"CSGI-HTTP-104", "CSGI-HTTP-139"},
       .make = relayed({.one_by_one = true}), .judged = broken_server::reach::alone},
      {"lasts_for_fifty_requests", {"CSGI-HTTP-107"}, relayed<lasts_for_fifty>()},
      {"takes_ten_pipelined_requests", {"CSGI-HTTP-108"}, takes(take_ten)},
      {"goes_on_behind_close", {"CSGI-HTTP-109"},
       takes([](std::string& bytes) { remove_lines(bytes, "Connection: close"); }), {"CSGI-HTTP-108"}},
      {"forgets_that_the_app_closes", {"CSGI-HTTP-110"},
       starts([](altered_head& head) { head.then = after_response::keep_alive; }), {"CSGI-HTTP-111"}},
      {"keeps_no_1_0_connection", {"CSGI-HTTP-111"}, takes([](std::string& bytes) {
         if (has(bytes, " HTTP/1.0\r\n")) remove_lines(bytes, "Connection: keep-alive");
       })},
      {"refuses_upgrades", {"CSGI-HTTP-112"}, relayed<refuses_upgrades>()},
      {"completes_heads", {"CSGI-HTTP-113"}, relayed<completes_heads>()},
  };
}

}  // namespace csgi::conformance
