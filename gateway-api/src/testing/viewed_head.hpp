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
    if (of.fields.empty()) return;
    fields_ = static_cast<field*>(from_.allocate(of.fields.size_bytes(), alignof(field)));
    for (std::size_t i = 0; i < of.fields.size(); ++i) new (&fields_[i]) field{kept(of.fields[i].name), kept(of.fields[i].value)};
    head_->fields = {fields_, of.fields.size()};
  }
  viewed_head(const viewed_head&) = delete;
  viewed_head& operator=(const viewed_head&) = delete;
  ~viewed_head() { end(); }

  const request& get() const noexcept { return *head_; }

  void end() noexcept {
    if (!head_) return;
    for (const auto& [bytes, size] : texts_) {
      std::fill_n(bytes, size, '#');
      from_.deallocate(bytes, size, 1);
    }
    if (fields_) from_.deallocate(fields_, head_->fields.size_bytes(), alignof(field));
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
  field* fields_ = nullptr;
  std::vector<text> texts_;
};

}  // namespace csgi::testing
