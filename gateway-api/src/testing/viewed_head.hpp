// viewed_head.hpp - a request head whose every view has memory of its own, which ends when the app is done.
#pragma once
#include <algorithm>
#include <csgi/request.hpp>
#include <memory_resource>
#include <vector>

namespace csgi::testing {

/// Lifetime:  the resource is borrowed. Beyond end() nothing of it may be looked at.
class viewed_head {
 public:
  viewed_head(const request& of, std::pmr::memory_resource& from) : from_(from) {
    head_ = new (from_.allocate(sizeof(request), alignof(request))) request(of);
    head_->method = kept(of.method);
    head_->target = kept(of.target);
    head_->raw_path = head_->target.substr(0, of.raw_path.size());
    if (of.has_query) head_->query = head_->target.substr(of.raw_path.size() + 1);
    head_->path = kept(of.path);
    head_->root_path = kept(of.root_path);
    head_->scheme = kept(of.scheme);
    head_->authority = kept(of.authority);
    head_->fields = kept(of.fields);
  }
  viewed_head(const viewed_head&) = delete;
  viewed_head& operator=(const viewed_head&) = delete;
  ~viewed_head() { end(); }

  const request& get() const noexcept { return *head_; }

  /// More fields, which end with the head.
  std::span<const field> kept(std::span<const field> fields) {
    if (fields.empty()) return {};
    auto* const own = static_cast<field*>(from_.allocate(fields.size_bytes(), alignof(field)));
    for (std::size_t i = 0; i < fields.size(); ++i) new (&own[i]) field{kept(fields[i].name), kept(fields[i].value)};
    lists_.emplace_back(own, fields.size());
    return lists_.back();
  }

  void end() noexcept {
    if (!head_) return;
    for (const auto& [bytes, size] : texts_) {
      std::fill_n(bytes, size, '#');
      from_.deallocate(bytes, size, 1);
    }
    for (const auto& list : lists_) from_.deallocate(list.data(), list.size_bytes(), alignof(field));
    from_.deallocate(head_, sizeof(request), alignof(request));
    head_ = nullptr;
  }

 private:
  struct text {
    char* bytes;
    std::size_t size;
  };

  std::string_view kept(std::string_view bytes) {
    if (bytes.empty()) return {};
    texts_.push_back({static_cast<char*>(from_.allocate(bytes.size(), 1)), bytes.size()});
    std::ranges::copy(bytes, texts_.back().bytes);
    return {texts_.back().bytes, bytes.size()};
  }

  std::pmr::memory_resource& from_;
  request* head_ = nullptr;
  std::vector<std::span<field>> lists_;
  std::vector<text> texts_;
};

}  // namespace csgi::testing
