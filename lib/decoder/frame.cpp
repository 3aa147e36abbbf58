// SPDX-License-Identifier: MIT
#include "decoder/frame.hpp"

#include <type_traits>

#include "core/text.hpp"

namespace vinny {
namespace {

constexpr std::size_t longest_text = 2000;
constexpr std::uint32_t most_specs = 64;

/// Numbers as they are in memory: both ends are one program on one machine.
template <class Number>
void put(std::string& out, Number value) {
  static_assert(std::is_arithmetic_v<Number>);
  out.append(reinterpret_cast<char const*>(&value), sizeof value);
}
void put_text(std::string& out, std::string_view text) {
  auto const kept = text.substr(0, longest_text);
  put(out, static_cast<std::uint32_t>(kept.size()));
  out += kept;
}

/// Takes fields from the front; once something is missing, everything is 0 and good() is false.
class fields {
 public:
  explicit fields(std::string_view rest) : rest_(rest) {}

  template <class Number>
  Number take() {
    Number value{};
    auto const bytes = take_bytes(sizeof value);
    bytes.copy(reinterpret_cast<char*>(&value), sizeof value);
    return value;
  }
  std::string take_text() {
    auto const size = take<std::uint32_t>();
    if (size > longest_text) good_ = false;
    return std::string{take_bytes(good_ ? size : 0)};
  }
  std::string_view take_bytes(std::uint64_t count) {
    if (count > rest_.size()) good_ = false;
    if (!good_) return {};
    auto const out = rest_.substr(0, count);
    rest_.remove_prefix(count);
    return out;
  }
  void refuse() { good_ = false; }
  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool ended() const { return good_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool good_ = true;
};

std::unexpected<failure> broken() {
  return fail(errc::bad_response, "the image decoder and its daemon do not understand each other");
}

}  // namespace

std::string pack(frame_prefix const& what) {
  std::string out;
  put(out, what.head);
  put(out, what.body);
  return out;
}

result<frame_prefix> read_prefix(std::string_view bytes) {
  fields in{bytes};
  frame_prefix out{.head = in.take<std::uint32_t>(), .body = in.take<std::uint64_t>()};
  if (!in.ended() || out.head > most_head_bytes) return broken();
  return out;
}

std::string pack(render_order const& order) {
  std::string out;
  put(out, order.limits.min_width);
  put(out, order.limits.min_height);
  put(out, order.limits.min_bytes);
  put(out, order.limits.max_bytes);
  put(out, order.limits.max_pixels);
  put(out, order.limits.max_scans);
  put(out, order.profile.apply_orientation);
  put(out, order.profile.quality);
  put(out, static_cast<std::uint32_t>(order.specs.size()));
  for (auto const& spec : order.specs) {
    put(out, spec.box_width);
    put(out, spec.box_height);
  }
  return out;
}

result<render_order> read_order(std::string_view head) {
  fields in{head};
  render_order out;
  out.limits.min_width = in.take<std::uint32_t>();
  out.limits.min_height = in.take<std::uint32_t>();
  out.limits.min_bytes = in.take<std::int64_t>();
  out.limits.max_bytes = in.take<std::int64_t>();
  out.limits.max_pixels = in.take<std::int64_t>();
  out.limits.max_scans = in.take<int>();
  out.profile.apply_orientation = in.take<bool>();
  out.profile.quality = in.take<int>();
  auto const count = in.take<std::uint32_t>();
  if (count > most_specs) return broken();
  for (std::uint32_t i = 0; i < count; ++i) {
    auto const width = in.take<std::uint32_t>();
    out.specs.push_back({.label = {}, .box_width = width, .box_height = in.take<std::uint32_t>()});
  }
  if (!in.ended()) return broken();
  return out;
}

std::string pack(result<rendered_image> const& answer) {
  std::string out;
  put(out, answer ? 0 : static_cast<int>(answer.error().code));
  if (!answer) {
    put_text(out, answer.error().message);
    put_text(out, answer.error().evidence);
    return out;
  }
  auto const& source = answer->source;
  put(out, source.type == image_type::png);
  put(out, source.width);
  put(out, source.height);
  put(out, source.orientation);
  put(out, source.progressive);
  put(out, source.components);
  for (auto const& one : answer->made) {
    put(out, one.width);
    put(out, one.height);
    put(out, static_cast<std::uint64_t>(one.bytes.size()));
  }
  return out;
}

result<rendered_image> read_answer(std::string_view head, std::string_view body,
                                   render_order const& asked) {
  fields in{head};
  if (auto const code = in.take<int>(); code != 0) {
    failure why{errc{code}, valid_utf8(in.take_text())};
    why.evidence = valid_utf8(in.take_text());
    bool const known = code > 0 && code <= static_cast<int>(errc::internal);
    if (!in.ended() || !known) return broken();
    return std::unexpected(std::move(why));
  }
  rendered_image out;
  out.source.type = in.take<bool>() ? image_type::png : image_type::jpeg;
  out.source.width = in.take<std::uint32_t>();
  out.source.height = in.take<std::uint32_t>();
  out.source.orientation = in.take<int>();
  out.source.progressive = in.take<bool>();
  out.source.components = in.take<int>();
  fields files{body};
  for (auto const& spec : asked.specs) {
    rendered one{.label = spec.label, .width = in.take<std::uint32_t>(), .height = 0, .bytes = {}};
    one.height = in.take<std::uint32_t>();
    one.bytes = files.take_bytes(in.take<std::uint64_t>());
    // What goes on to a public store is a JPEG, whatever has become of the decoder.
    if (!one.bytes.starts_with("\xFF\xD8\xFF") || one.width == 0 || one.height == 0) in.refuse();
    out.made.push_back(std::move(one));
  }
  if (!in.ended() || !files.ended()) return broken();
  return out;
}

}  // namespace vinny
