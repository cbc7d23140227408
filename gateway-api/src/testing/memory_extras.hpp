// memory_extras.hpp - what an exchange in memory offers around its response: hints before it, trailers behind it, its buffer.
#pragma once
#include <csgi/informational.hpp>
#include <csgi/request_info.hpp>
#include <csgi/response_buffer.hpp>
#include <csgi/testing/memory_exchange.hpp>
#include <csgi/trailers.hpp>

namespace csgi::testing {

/// Lifetime:  the exchange's.
/// Threads:   those of the app.
class memory_extras final : private informational, private request_trailers, private response_trailers, private response_buffer,
                            private request_info {
 public:
  memory_extras(memory_exchange& of, const request_options& with, const client_behaviour& client);
  memory_extras(const memory_extras&) = delete;
  memory_extras& operator=(const memory_extras&) = delete;

  /// Null for what is none of these, and where there is no place for it.
  void* find(const extension_id& id) noexcept;

  // --- for the exchange, with its mutex held

  bool announced() const noexcept { return announced_; }
  void add_trailer_field(response& head) const;
  field_list take_trailers() noexcept { return std::move(trailers_); }
  std::size_t mark() const noexcept { return mark_; }
  void show_request_trailers() noexcept { shown_ = true; }

 private:
  begun begin_inform(inform_op& op) noexcept override;

  std::span<const field> fields() const noexcept override;

  bool wanted() const noexcept override;
  std::error_code announce(std::span<const std::string_view> names) noexcept override;
  std::error_code set(std::span<const field> fields) noexcept override;

  std::size_t buffered() const noexcept override;
  std::size_t high_water() const noexcept override;
  void set_high_water(std::size_t bytes) noexcept override;
  begun begin_drained(drain_op& op) noexcept override;

  clock::time_point received() const noexcept override { return received_; }
  std::uint64_t number() const noexcept override { return number_; }

  std::error_code refuse_trailers(std::errc why, const char* words) const;

  memory_exchange& exchange_;
  const field_list sent_;                   // by the client, behind its body
  std::vector<field> sent_views_;
  std::span<const field> lent_;             // of these, to the app
  bool shown_ = false;                      // the body was read to its end
  std::vector<std::string> names_;          // that were announced
  field_list trailers_;                     // that were set
  bool announced_ = false;
  std::size_t mark_;                        // bytes that are taken over beyond the client's window
  const clock::time_point received_ = clock::now();
  const std::uint64_t number_;
};

}  // namespace csgi::testing
