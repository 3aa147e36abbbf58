// SPDX-License-Identifier: MIT
#include "http/wire/body.hpp"

#include <algorithm>

namespace vinny {

std::uint64_t body_reader::plain_ahead() const noexcept {
  if (frame_.end == body_end::length) return left_;
  return frame_.end == body_end::connection ? UINT64_MAX : 0;
}

void body_reader::took(std::size_t bytes) noexcept {
  if (frame_.end == body_end::length) left_ -= std::min<std::uint64_t>(left_, bytes);
}

bool body_reader::done() const noexcept {
  switch (frame_.end) {
    case body_end::at_once:
      return true;
    case body_end::length:
      return left_ == 0;
    case body_end::chunk:
      return chunks_.done();
    case body_end::connection:
      break;
  }
  return false;
}

result<std::size_t> body_reader::feed(std::string_view bytes, std::string& body) {
  if (frame_.end == body_end::chunk) return chunks_.feed(bytes, body);
  auto const some = static_cast<std::size_t>(std::min<std::uint64_t>(plain_ahead(), bytes.size()));
  body.append(bytes.substr(0, some));
  took(some);
  return some;
}

}  // namespace vinny
