// csgi/posix/server_settings.hpp - checks server options, and fills in what connections share.
#pragma once
#include <csgi/http1/settings.hpp>
#include <csgi/posix/accept_report.hpp>
#include <csgi/posix/admission.hpp>
#include <csgi/serving/app_host.hpp>
#include <csgi/serving/stop_report.hpp>

namespace csgi::posix {

/// The settings of a server called `name`.
///
/// Errors:    std::invalid_argument that names the option.
class server_settings : public http1::settings {
 public:
  server_settings(const server_options& options, std::string_view name);

  /// Hosts the app while `serve` runs, from its startup to its shutdown: see app_host::run().
  void host_while(application app, const std::atomic<int>& stops, const std::function<void()>& serve);

  /// Tells the operator of connections that were not admitted since it was last called, and whether accepting works again.
  void report_admission() noexcept;

  app_host* host = nullptr;     ///< meanwhile
  posix::admission admission{limits};
  accept_report accepting;
  stop_report stopping;

 private:
  thread_pool lane_threads_;
};

}  // namespace csgi::posix
