// SPDX-License-Identifier: MIT
//
// What every failure means for the work (docs/architecture.md, "Failure") and for the host it
// came from. Turning foreign numbers (HTTP status, errno) into errc belongs here too; telling
// people about a failure does not.
#pragma once

#include <optional>

#include "core/errc.hpp"
#include "core/failure.hpp"

namespace vinny {

/// What the runner does. Total: a value outside the enumeration is a defect and halts.
[[nodiscard]] verdict classify(errc code) noexcept;

/// True when the failure is the host's and counts for its breaker: network trouble, a certificate,
/// 403, 408, 429 and 5xx. A 404 or a body that is not an image is an answer of a healthy host.
[[nodiscard]] bool counts_against_host(errc code) noexcept;

/// The code of an HTTP status that is not a success. Statuses without a code of their own,
/// 1xx to 3xx among them, are http_unexpected.
[[nodiscard]] errc from_status(int http_status) noexcept;

/// The code of an errno that says that this program, or the whole machine, has too little of
/// something; nothing when it says anything else. No host is to blame for it.
[[nodiscard]] std::optional<errc> shortage_of(int error) noexcept;
[[nodiscard]] constexpr bool is_own_shortage(errc code) noexcept {
  return code == errc::out_of_descriptors || code == errc::out_of_memory;
}

/// The code of an errno that a file operation left behind; io_error when nothing fits better.
[[nodiscard]] errc from_errno(int error) noexcept;

/// True for failures that say "not now" about the host, and nothing about the item.
[[nodiscard]] constexpr bool is_deferral(errc code) noexcept {
  return code == errc::host_cooling_down || code == errc::host_breaker_open;
}

}  // namespace vinny
