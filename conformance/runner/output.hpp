// output.hpp - the files that reports are written to.
#pragma once
#include <fstream>
#include "command_line.hpp"
#include "report.hpp"

namespace csgi::conformance {

/// A report's file, opened before anything is judged, so that nothing is judged in vain.
class output {
 public:
  explicit output(std::string name) : name_(std::move(name)) {
    if (name_.empty()) return;
    file_.open(name_, std::ios::binary);
    check();
  }

  void write(const std::string& text) {
    file_ << text;
    file_.close();
    check();
  }

  bool wanted() const noexcept { return !name_.empty(); }

 private:
  void check() const {
    if (!file_) throw std::runtime_error("cannot write " + name_);
  }

  std::string name_;
  std::ofstream file_;
};

/// The files of one run: the same report in all formats that are asked for.
class outputs {
 public:
  /// Errors:    std::runtime_error: one of them cannot be written.
  explicit outputs(const report_files& files) : json_(files.json), junit_(files.junit), html_(files.html) {}

  void write(const report& r);

 private:
  output json_;
  output junit_;
  output html_;
};

/// A report that is yet to be filled: what it is called, and when it was made.
report begun_report(const std::string& label, const std::vector<std::string>& command);

}  // namespace csgi::conformance
