// SPDX-License-Identifier: MIT
#include "events/tables/image_retry.hpp"

#include "events/tables/image_refusals.hpp"
#include "policy/classify.hpp"
#include "run/context.hpp"

namespace vinny {
namespace {

std::optional<std::string> reason_of_image(std::string_view said) {
  if (auto const status = status_in(said)) return std::string{name(from_status(*status))};
  if (name(errc_from_name(said)) == said) return std::string{said};
  return std::nullopt;
}

retry_step retry_images(database& db, retry_wish const& wish) {
  auto const since_ms = wish.since ? to_ms(*wish.since) : 0;
  return {.by_reason = retry_pictures(
              db, {.reason = wish.reason, .host = wish.host, .since_ms = since_ms}, wish.apply),
          .after = 0};
}

constexpr retry_kind kind{"images", "/v1/images/retry", reason_of_image, retry_images};

}  // namespace

retry_kind const& image_retry() noexcept {
  return kind;
}

}  // namespace vinny
