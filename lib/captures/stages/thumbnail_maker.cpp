// SPDX-License-Identifier: MIT
#include "captures/stages/thumbnail_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "captures/model/capture_settings.hpp"
#include "captures/stages/capture_bytes.hpp"
#include "captures/stages/capture_limits.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "core/ulid.hpp"
#include "observe/log.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto most_time = 75s;   // of one thumbnail, with its wait for a place
constexpr auto lease_time = 10s;  // of a process that died
constexpr auto lease_renewed = 3s;
constexpr auto look_again = 50ms;  // at what another process makes
constexpr auto never_finished = 15min;
constexpr int places_a_decoder = 2;  // one fetches while another decodes
constexpr std::size_t token_digits = 12;

int decoders() {
  return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 16U));
}

std::string new_token() {
  return to_lower(sha256_hex(new_ulid())).substr(0, token_digits);
}

lease_terms new_terms() {
  auto const at = now();
  return {.token = new_token(),
          .now_ms = to_ms(at),
          .until_ms = to_ms(at + lease_time),
          .doomed_ms = to_ms(at + never_finished)};
}

render_order order_for(config const& settings, thumbnail_size const& size) {
  return {
      .limits = capture_limits_of(settings),
      // Detections are drawn over it in the coordinates of the file.
      .profile = {.apply_orientation = false, .quality = settings.of<thumbnails_config>().quality},
      .specs = {{.label = size.label, .box_width = size.width, .box_height = size.height}}};
}

}  // namespace

thumbnail_maker::thumbnail_maker(engine& work, asio::any_io_executor const& loop)
    : work_(work), decoders_(decoders()), places_(places_a_decoder * decoders()), tasks_(loop) {}

task<> thumbnail_maker::stop() {
  tasks_.cancel();
  co_await tasks_.join();
}

task<result<std::string>> thumbnail_maker::get(std::int64_t capture, thumbnail_size size) {
  if (tasks_.cancelled()) co_return fail(errc::cancelled, "the daemon is shutting down");
  // Those who wait for the same one count, too: each holds a connection.
  if (std::cmp_greater_equal(waiting_, work_.settings()->of<thumbnails_config>().queue)) {
    co_return fail(errc::overloaded, "too many requests wait for thumbnails already");
  }
  ++waiting_;
  auto const leave = [this](void*) { --waiting_; };
  std::unique_ptr<void, decltype(leave)> const counted{this, leave};
  name const what{capture, size.label};
  auto& place = flights_[what];
  if (!place) {
    place = std::make_shared<flight>();
    tasks_.spawn("thumbnail", make_once(what, std::move(size), place));
  }
  auto const one = place;
  while (!one->outcome) co_await one->landed.wait();
  co_return *one->outcome;
}

task<> thumbnail_maker::make_once(name what, thumbnail_size size, std::shared_ptr<flight> one) {
  auto const land = [this, &what, &one](void*) {  // also when it is cancelled
    if (!one->outcome) one->outcome = fail(errc::cancelled, "the daemon is shutting down");
    flights_.erase(what);
    one->landed.notify_all();
  };
  std::unique_ptr<void, decltype(land)> const at_end{this, land};
  auto const began = clock::now();
  auto made = co_await make(what.first, std::move(size));
  auto& meters = instruments::global();
  if (made) {
    meters.thumbnail_duration.observe(std::chrono::duration<double>(clock::now() - began).count());
  } else if (made.error().code != errc::not_found) {
    meters.thumbnail_failures.add();
    log(log_level::info, "thumbnail", made.error().message, field("capture", what.first),
        field("label", what.second), field("reason", made.error().code));
  }
  one->outcome = std::move(made);
}

task<result<thumbnail_start>> thumbnail_maker::begin(std::int64_t capture,
                                                     thumbnail_size const& size, deadline limit) {
  for (;;) {
    auto out = co_await work_.facts().write([capture, size, terms = new_terms()](database& db) {
      return begin_thumbnail(db, capture, size, terms);
    });
    if (!out || out->how != thumbnail_start::outcome::busy) co_return out;
    // Another process makes it. Looking costs a read; only its end is worth a write.
    for (bool busy = true; busy;) {
      if (clock::now() > limit) {
        co_return fail(errc::overloaded, "another process has been making it for too long");
      }
      co_await sleep_for(look_again);
      auto const held = co_await work_.facts().read(
          [capture, label = size.label, at = to_ms(now())](database& db) {
            return is_leased(db, capture, label, at);
          });
      if (!held) co_return std::unexpected(held.error());
      busy = *held;
    }
  }
}

task<result<std::string>> thumbnail_maker::make(std::int64_t capture, thumbnail_size size) {
  auto const limit = within(most_time);
  auto const place = co_await places_.acquire(limit);
  if (!place) co_return fail(errc::overloaded, "its turn did not come in time");
  auto const start = co_await begin(capture, size, limit);
  if (!start) co_return std::unexpected(start.error());
  using outcome = thumbnail_start::outcome;
  if (start->how == outcome::unknown) {
    co_return fail(errc::not_found, fmt::format("there is no capture {}", capture));
  }
  if (start->how == outcome::valid) co_return start->key;
  auto const& lease = start->lease;
  auto drawn = co_await with_group([&](task_group& side) -> task<result<thumbnail>> {
    side.spawn("lease", renew(lease));
    auto out = co_await draw(lease, size, limit);
    side.cancel();
    co_return out;
  });
  if (!drawn) {
    auto const given_up = co_await work_.facts().write(
        [lease, at = to_ms(now())](database& db) { abandon_thumbnail(db, lease, at); });
    if (!given_up) co_return std::unexpected(given_up.error());
    co_return std::unexpected(std::move(drawn.error()));
  }
  auto const kept = co_await work_.facts().write(
      [lease, made = *drawn, former = to_ms(now() + 2 * redirect_lifetime)](database& db) {
        return finish_thumbnail(db, lease, made, former);
      });
  if (!kept) co_return std::unexpected(kept.error());
  if (*kept == thumbnail_end::gone) {
    co_return fail(errc::not_found, fmt::format("capture {} is gone", capture));
  }
  if (*kept == thumbnail_end::overtaken) {
    co_return fail(errc::overloaded, "the store changed, or it took too long: ask again");
  }
  instruments::global().thumbnails_made.add();
  co_return std::move(drawn->key);
}

task<result<thumbnail>> thumbnail_maker::draw(thumbnail_lease const& lease, thumbnail_size size,
                                              deadline limit) {
  auto const outside = work_.hold_outside();
  auto const& settings = *outside->settings;
  auto bytes = co_await fetch_capture(*outside, work_.cpu(), lease.of,
                                      settings.of<thumbnails_config>().max_bytes, limit);
  if (!bytes) co_return std::unexpected(std::move(bytes.error()));
  auto made = co_await decoders_.render(order_for(settings, size), std::move(*bytes), limit);
  if (!made) co_return std::unexpected(std::move(made.error()));
  auto& file = made->made.front();
  thumbnail out{.label = size.label,
                .key = lease.key,
                .width = size.width,
                .height = file.height,
                .bytes = static_cast<std::int64_t>(file.bytes.size()),
                .source_ms = lease.of.modified_ms};
  auto const put = co_await outside->store->put_bytes(lease.key, std::move(file.bytes), limit);
  if (!put) co_return std::unexpected(put.error());
  co_return out;
}

task<> thumbnail_maker::renew(thumbnail_lease const& lease) {
  for (;;) {
    co_await sleep_for(lease_renewed);
    auto const kept =
        co_await work_.facts().write([lease, until = to_ms(now() + lease_time)](database& db) {
          return renew_lease(db, lease, until);
        });
    if (kept && !*kept) co_return;
  }
}

}  // namespace vinny
