// SPDX-License-Identifier: MIT
#include "http/wire/chunks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/percent.hpp"

namespace vinny {
namespace {

constexpr int most_digits = 16;
// Each chunk may bring an extension of some length, and data brings more; what is beyond adds up.
constexpr std::int64_t extension_of_a_chunk = 16;
constexpr std::int64_t most_overhead = 16 * 1024;

std::unexpected<failure> wrong(std::string_view why) {
  return fail(errc::bad_response, fmt::format("the answer is not valid HTTP: {}", why));
}

}  // namespace

void chunk_reader::begin_chunk() noexcept {
  auto const allowed = extension_of_a_chunk +
                       2 * static_cast<std::int64_t>(std::min<std::uint64_t>(left_, most_overhead));
  overhead_ = std::max<std::int64_t>(0, overhead_ - allowed);
  place_ = left_ > 0 ? place::data : place::trailer;
  digits_ = 0;
}

result<> chunk_reader::in_size(char c) {
  auto const digit = hex_digit(c);
  if (place_ == place::size && digit >= 0) {
    if (++digits_ > most_digits) return wrong("the size of a chunk has too many digits");
    left_ = left_ * 16 + static_cast<std::uint64_t>(digit);
    return {};
  }
  if (digits_ == 0) return wrong("a chunk begins without a size");
  if (c == '\n') {
    begin_chunk();
  } else if (c == ';') {
    place_ = place::extension;
  } else if (c == '\r' || (!strict_ && (c == ' ' || c == '\t'))) {
    place_ = place::size_end;
    ++overhead_;
  } else {
    return wrong("the size of a chunk is no number");
  }
  if (overhead_ > most_overhead) return wrong("the sizes of its chunks bring too much with them");
  return {};
}

result<> chunk_reader::in_trailer(char c) {
  if (trailer_room_ == 0) return wrong("what follows its last chunk has no end");
  --trailer_room_;
  if (c == '\n') {
    place_ = place_ == place::trailer ? place::end : place::trailer;
  } else if (c != '\r') {
    place_ = place::trailer_line;
  }
  return {};
}

result<> chunk_reader::take(char c) {
  bool const cr_before = std::exchange(after_cr_, c == '\r');
  if (strict_ && (c == '\n') != cr_before)
    return wrong("a line of its chunks does not end with CR LF");
  switch (place_) {
    case place::size:
    case place::size_end:
      return in_size(c);
    case place::extension:
      if (c == '\n') {
        begin_chunk();
      } else if (++overhead_ > most_overhead) {
        return wrong("the extensions of its chunks have no end");
      }
      return {};
    case place::data_end:
      if (c == '\n') {
        place_ = place::size;
      } else if (c != '\r' || ++overhead_ > most_overhead) {
        return wrong("a chunk is longer than its size");
      }
      return {};
    case place::trailer:
    case place::trailer_line:
      return in_trailer(c);
    case place::data:
    case place::end:
      break;
  }
  return {};
}

result<std::size_t> chunk_reader::feed(std::string_view bytes, std::string& body) {
  std::size_t taken = 0;
  while (taken < bytes.size() && place_ != place::end) {
    if (place_ == place::data) {
      auto const some =
          static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - taken));
      body.append(bytes.substr(taken, some));
      taken += some;
      left_ -= some;
      if (left_ == 0) place_ = place::data_end;
      continue;
    }
    if (auto const step = take(bytes[taken]); !step) return std::unexpected(step.error());
    ++taken;
  }
  return taken;
}

}  // namespace vinny
