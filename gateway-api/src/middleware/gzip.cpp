// gzip.cpp - see csgi/middleware/gzip.hpp.
#include <array>
#include <csgi/field_syntax.hpp>
#include <csgi/middleware/gzip.hpp>
#include <zlib.h>

namespace csgi { inline namespace v1 {
namespace {

/// What is before `separator`, which it takes away with it.
std::string_view next_of(std::string_view& rest, char separator) noexcept {
  const auto end = std::min(rest.find(separator), rest.size());
  const auto part = trimmed(rest.substr(0, end));
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// A weight of a list's element in thousandths, "q=0.8"; what is none counts as 0, so that it is not relied upon.
int weight(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    auto value = next_of(parameters, ';');
    const auto name = next_of(value, '=');
    if (!same_name(name, "q")) continue;
    if (value.empty() || value.size() > 5 || (value[0] != '0' && value[0] != '1') || (value.size() > 1 && value[1] != '.')) return 0;
    int thousandths = (value[0] - '0') * 1000;
    int place = 100;
    for (const char c : value.substr(std::min<std::size_t>(2, value.size()))) {
      if (c < '0' || c > '9') return 0;
      thousandths += (c - '0') * place;
      place /= 10;
    }
    return thousandths <= 1000 ? thousandths : 0;
  }
  return 1000;
}

}  // namespace

bool accepts_gzip(std::span<const field> request_fields) noexcept {
  int gzipped = -1, identity = -1, any = -1;      // weights; -1: not named
  for (const field& f : request_fields) {
    if (!same_name(f.name, "accept-encoding")) continue;
    for (std::string_view rest = f.value; !rest.empty();) {
      auto parameters = next_of(rest, ',');
      const auto coding = next_of(parameters, ';');
      if (same_name(coding, "gzip") || same_name(coding, "x-gzip")) gzipped = weight(parameters);
      else if (same_name(coding, "identity")) identity = weight(parameters);
      else if (coding == "*") any = weight(parameters);
    }
  }
  if (gzipped < 0) gzipped = any;
  return gzipped > 0 && gzipped >= identity;
}

/// One gzip member that is being made.
class gzip_hooks::stream {
 public:
  explicit stream(int level) {
    if (deflateInit2(&z_, level, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) throw std::bad_alloc();
  }
  stream(const stream&) = delete;
  stream& operator=(const stream&) = delete;
  ~stream() { deflateEnd(&z_); }

  /// `bytes` are a block of a write: of a size that fits.
  void take(std::string_view bytes, int flush, std::string& out) {
    z_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));     // zlib writes nothing there
    z_.avail_in = static_cast<uInt>(bytes.size());
    do {
      z_.next_out = reinterpret_cast<Bytef*>(block_.data());
      z_.avail_out = static_cast<uInt>(block_.size());
      deflate(&z_, flush);
      out.append(block_.data(), block_.size() - z_.avail_out);
    } while (z_.avail_out == 0);
    dirty_ = flush == Z_NO_FLUSH;
  }

  /// A second flush without bytes between would only add an empty block.
  bool is_dirty() const noexcept { return dirty_; }

 private:
  z_stream z_{};
  std::array<char, 4096> block_;
  bool dirty_ = false;
};

void gzip_hooks::end_stream::operator()(stream* ended) const noexcept { delete ended; }

void gzip_hooks::on_start(head_edit& head) {
  if (head.fields.find("content-encoding")) return;
  for (const field& f : head.fields.fields())
    if (same_name(f.name, "cache-control") && lists(f.value, "no-transform")) return;
  const auto type = head.fields.find("content-type").value_or("");
  if (std::ranges::none_of(settings_.types, [&](std::string_view each) { return same_name(type.substr(0, each.size()), each); })) return;
  if (const auto length = head.fields.find("content-length")) {
    std::uint64_t bytes = 0;
    std::from_chars(length->data(), length->data() + length->size(), bytes);
    if (bytes < settings_.least) return;
  }
  head.vary("Accept-Encoding");
  if (!accepts_gzip(next().head().fields) || !head.rewrite_body()) return;
  head.fields.set("content-encoding", "gzip");
}

gzip_hooks::stream& gzip_hooks::deflating() {
  if (!stream_) stream_.reset(new stream(settings_.level));
  return *stream_;
}

void gzip_hooks::on_body(std::string_view bytes, std::string& out) { deflating().take(bytes, Z_NO_FLUSH, out); }

void gzip_hooks::on_flush(std::string& out) {
  if (stream_ && stream_->is_dirty()) stream_->take({}, Z_SYNC_FLUSH, out);
}

void gzip_hooks::on_finish(std::string& out) {
  deflating().take({}, Z_FINISH, out);
  stream_.reset();
}

}}  // namespace csgi::v1
