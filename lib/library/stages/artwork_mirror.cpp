// SPDX-License-Identifier: MIT
#include "library/stages/artwork_mirror.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "blob/public_address.hpp"
#include "core/digest.hpp"
#include "image/image.hpp"
#include "run/image_limits.hpp"
#include "run/patient.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto longest_put = 2min;

/// As large as the largest size of an image. Runs on the cpu pool.
result<std::string> make_cover(std::string const& body, config const& settings) {
  auto const info = inspect(body, image_limits_of(settings));
  if (!info) return std::unexpected(info.error());
  if (auto const whole = verify(body, *info); !whole) return std::unexpected(whole.error());
  std::uint32_t side = 1;
  for (auto const& [label, pixels] : settings.images.sizes) side = std::max(side, pixels);
  rendition_spec const spec{{}, side, side};
  auto made = render(body, *info, {.apply_orientation = true, .quality = settings.images.quality},
                     {&spec, 1});
  if (!made) return std::unexpected(made.error());
  return std::move(made->front().bytes);
}

}  // namespace

task<result<std::string>> mirror_artwork(mirror_tools with, std::string address,
                                         bool const& stop_requested) {
  auto target = url::parse(address);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = std::move(*target),
               .max_body = with.settings.images.max_bytes,
               .accept_gzip = false};
  auto answer = co_await send_patiently(with.settings, with.web, stop_requested, std::move(what));
  if (!answer) co_return std::unexpected(answer.error());
  auto cover = co_await offload(with.cpu, [body = std::move(answer->body), &with] {
    return make_cover(body, with.settings);
  });
  if (!cover) {
    cover.error().message = fmt::format("{}: {}", safe_url(address), cover.error().message);
    co_return std::unexpected(cover.error());
  }
  auto const sum = sha256_hex(*cover);
  auto const key = fmt::format("library/{}/{}.jpg", sum.substr(0, 2), sum);
  auto const there = co_await with.store.head(key, within(longest_put));
  if (!there) co_return std::unexpected(there.error());
  bool const same = *there && (**there).bytes == static_cast<std::int64_t>(cover->size());
  if (!same) {
    auto const put = co_await with.store.put_bytes(key, std::move(*cover), within(longest_put));
    if (!put) co_return std::unexpected(put.error());
  }
  co_return public_address(with.settings.store.public_url, key);
}

}  // namespace vinny
