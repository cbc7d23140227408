// csgi/serving/served_exchange.hpp - what the exchanges of every server have in common beside their requests' bytes.
#pragma once
#include <csgi/application.hpp>
#include <csgi/exchange.hpp>
#include <csgi/server_options.hpp>
#include <csgi/serving/app_host.hpp>
#include <csgi/serving/finish_hook_list.hpp>

namespace csgi { inline namespace v1 {

/// Offers csgi.finish_hooks, csgi.log_sink, csgi.server_info and csgi.background. A server's exchange derives from it.
///
/// Threads:   those of the exchange; log() from any.
/// Spec:      CSGI-CORE-041, CSGI-EXT-016, CSGI-EXT-026, CSGI-EXT-029, CSGI-SERVER-024
class served_exchange : public exchange, private log_sink {
 public:
  /// What all exchanges of a server share.
  struct surroundings {
    const server_options& options;
    application app;
    server_observer& observer;
    server_info& info;
    csgi::background& background;
    std::string_view product;           ///< the Server field's value
  };

  /// Lifetime:  `in` and what it names are borrowed.
  explicit served_exchange(const surroundings& in) noexcept : in_(in) {}
  served_exchange(const served_exchange&) = delete;
  served_exchange& operator=(const served_exchange&) = delete;

  /// Null for every extension but these; an own find() asks this one for what it does not know.
  void* find(const extension_id& wanted) noexcept override;

  /// A line with the app's name and the request.
  void log(log_level level, std::string_view text) noexcept final;

 protected:
  ~served_exchange() = default;

  /// The response is over and the app is done: runs the finish hooks, and tells an observer that wants accesses.
  void conclude(const outcome& how, clock::time_point began) noexcept;

 private:
  const surroundings& in_;
  finish_hook_list hooks_;
};

}}  // namespace csgi::v1
