// SPDX-License-Identifier: MIT
#include "specimens/model/specimen.hpp"

#include <fmt/format.h>

#include <array>

namespace vinny {
namespace {

constexpr std::array<std::string_view, specimen_states> state_names{
    "pending", "success", "failed_transient", "failed_permanent", "exhausted"};
constexpr std::array<std::string_view, specimen_statuses> status_names{"none", "pending", "partial",
                                                                       "done", "failed"};

}  // namespace

std::string specimen_image_id::key(std::string_view extension) const {
  auto const digits = fmt::format("{}", gbif_id);
  auto const middle = digits.size() >= 6 ? digits.substr(3, 3) : std::string{"000"};
  return fmt::format("specimens/{}/{}/{}-{:02}.{}", digits.substr(0, 3), middle, digits, image_no,
                     extension);
}

std::string_view name(specimen_state state) noexcept {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view name(specimen_status status) noexcept {
  return status_names[static_cast<std::size_t>(status)];
}

specimen_status specimen_tally::status() const noexcept {
  auto const count = [this](specimen_state s) { return of[static_cast<int>(s)]; };
  std::int64_t all = 0;
  for (auto const one : of) all += one;
  if (all == 0) return specimen_status::none;
  if (count(specimen_state::success) == all) return specimen_status::done;
  if (count(specimen_state::pending) == all) return specimen_status::pending;
  bool const open = count(specimen_state::pending) + count(specimen_state::failed_transient) > 0;
  return open ? specimen_status::partial : specimen_status::failed;
}

}  // namespace vinny
