// progress.cpp - see progress.hpp.
#include "progress.hpp"
#include <algorithm>
#include <cstdio>
#include <iostream>

namespace csgi::conformance {

namespace {

constexpr std::size_t widest_form = 30;

std::string seconds_since(std::chrono::steady_clock::time_point then) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", std::chrono::duration<double>(std::chrono::steady_clock::now() - then).count());
  return text;
}

}  // namespace

void progress::add(const result& r) {
  if (r.form != form_) {
    end();
    begin(r.form);
  }
  ++done_;
  if (r.how == verdict::fail) ++failed_;
  if (to_.watched()) show("  " + padded(form_, widest_form) + padded(done_, 4) + " of " + std::to_string(due_) + failures(), "\r");
}

void progress::begin(const std::string& form) {
  form_ = form;
  done_ = failed_ = 0;
  began_ = std::chrono::steady_clock::now();
  const auto& forms = all_forms();
  const auto found = std::ranges::find(forms, form, &conformance::form::name);
  due_ = static_cast<std::size_t>(std::ranges::count_if(
      cases_, [&](const test_case& c) { return found == forms.end() || makes_sense(c, *found); }));
}

void progress::end() {
  if (form_.empty()) return;
  const std::string cases = done_ == 1 ? " case " : " cases";
  show("  " + padded(form_, widest_form) + padded(done_, 4) + cases + padded(failures(), 14) + to_.in(ink::faint, seconds_since(began_)), "\n");
  form_.clear();
}

std::string progress::failures() const {
  return failed_ == 0 ? "" : ", " + std::to_string(failed_) + " failed";
}

void progress::show(const std::string& line, const char* end) const {
  std::cout << (to_.watched() ? "\x1b[2K" : "") << line << end << std::flush;
}

}  // namespace csgi::conformance
