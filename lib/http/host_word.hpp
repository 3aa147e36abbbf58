// SPDX-License-Identifier: MIT
//
// What an answer says of its host, whatever it says of the item. Pure.
#pragma once

#include <optional>
#include <string_view>

#include "core/failure.hpp"
#include "core/time.hpp"
#include "core/url.hpp"

namespace vinny {

/// The host answered; only the answer could not be used.
[[nodiscard]] bool answered_all_the_same(errc code) noexcept;
/// Also a redirect or a 404: of the host's own state it says the same.
[[nodiscard]] bool is_well(int status) noexcept;
[[nodiscard]] bool wants_rest(int status) noexcept;
/// Until when a host wants to be left alone, if it says so: with 429 and 503, and with the answers
/// that a guard in front of a host gives to whom it finds too fast.
[[nodiscard]] std::optional<instant> asked_rest(int status, std::string_view retry_after);
/// A redirect or a 403 that asks to wait is no answer about the item.
[[nodiscard]] failure asked_to_wait(url const& target, int status, instant until);

}  // namespace vinny
