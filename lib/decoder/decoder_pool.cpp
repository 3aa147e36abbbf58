// SPDX-License-Identifier: MIT
#include "decoder/decoder_pool.hpp"

#include <fmt/format.h>

#include "observe/log.hpp"
#include "observe/names.hpp"

namespace vinny {
namespace {

constexpr std::chrono::seconds start_time{10};

}  // namespace

task<result<decoder_pool::taken>> decoder_pool::take() {
  if (!idle_.empty()) {
    taken out{.decoder = std::move(idle_.back()), .fresh = false};
    idle_.pop_back();
    co_return out;
  }
  auto made = co_await decoder_process::start(within(start_time));
  if (!made) co_return std::unexpected(made.error());
  co_return taken{.decoder = std::move(*made), .fresh = true};
}

task<result<rendered_image>> decoder_pool::render(render_order order, std::string bytes,
                                                  deadline limit) {
  auto const permit = co_await free_.acquire(limit);
  if (!permit) co_return fail(errc::total_timeout, "no image decoder was free in time");
  for (bool fresh = false; !fresh;) {
    auto with = co_await take();
    if (!with) co_return std::unexpected(with.error());
    auto out = co_await with->decoder->carry_out(order, bytes, within(most_time));
    if (out) {
      idle_.push_back(std::move(with->decoder));
      co_return std::move(*out);
    }
    instruments::global().decoders_replaced.add();
    fresh = with->fresh;  // one that was there before may have died of something else
  }
  log(log_level::warn, "decoder", "an image decoder died of an image, and is replaced",
      field("bytes", bytes.size()));
  co_return fail(errc::image_bomb,
                 fmt::format("decoding it takes more than {} s, more memory than a decoder has, or "
                             "crashes the decoder",
                             most_time.count()));
}

}  // namespace vinny
