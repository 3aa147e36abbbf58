// SPDX-License-Identifier: MIT
#include "http/host_word.hpp"

#include <fmt/format.h>

#include "http/message.hpp"
#include "http/redirects.hpp"
#include "policy/retry_after.hpp"

namespace vinny {

using namespace std::chrono_literals;

bool answered_all_the_same(errc code) noexcept {
  return code == errc::body_too_large || code == errc::bad_encoding;
}

bool is_well(int status) noexcept {
  return status != 429 && status != 403 && status < 500;
}

bool wants_rest(int status) noexcept {
  return status == 429 || status == 503;
}

std::optional<instant> asked_rest(int status, std::string_view retry_after) {
  if (!wants_rest(status) && status != 403 && !is_redirect(status)) return std::nullopt;
  // now() drops what is below a millisecond; the rest must not be shorter for it.
  auto const at = now();
  auto const until = parse_retry_after(retry_after, at + 1ms);
  return until && (wants_rest(status) || *until > at + 1ms) ? until : std::nullopt;
}

failure asked_to_wait(url const& target, int status, instant until) {
  failure why{errc::http_too_many_requests,
              fmt::format("{}: the server asks to wait ({} with Retry-After)", target, status)};
  why.http_status = status;
  why.retry_at = until;
  return why;
}

}  // namespace vinny
