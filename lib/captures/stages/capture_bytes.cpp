// SPDX-License-Identifier: MIT
#include "captures/stages/capture_bytes.hpp"

#include <fmt/format.h>

#include "captures/model/capture_settings.hpp"
#include "captures/stages/capture_gear.hpp"
#include "run/patient.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

using namespace std::chrono_literals;

constexpr auto connect_time = 5s;
constexpr auto read_time = 30s;

task<result<std::string>> fetch_url(world& outside, std::string const& address,
                                    std::int64_t max_bytes, deadline limit) {
  auto const target = url::parse(address);
  if (!target) co_return std::unexpected(target.error());
  request what{.target = *target, .max_body = max_bytes, .accept_gzip = false};
  what.connect_time = connect_time;
  what.read_time = read_time;
  what.headers.emplace_back("Accept", accept_pictures);
  auto answer = checked_status(co_await outside.web.send(std::move(what), limit));
  if (!answer) co_return std::unexpected(std::move(answer.error()));
  if (answer->status != 200) {
    co_return fail(errc::http_unexpected,
                   fmt::format("{}: unexpected status {}", answer->final_url, answer->status));
  }
  co_return std::move(answer->body);
}

}  // namespace

task<result<std::string>> fetch_capture(world& outside, asio::thread_pool& pool,
                                        capture const& what, std::int64_t max_bytes,
                                        deadline limit) {
  auto const until = within(connect_time + read_time, limit);
  result<std::string> out;
  switch (what.origin) {
    case capture_origin::url:
      co_return co_await fetch_url(outside, what.location, max_bytes, limit);
    case capture_origin::store:
      out = co_await outside.store->get(what.location, max_bytes, until);
      break;
    case capture_origin::directory:
      out = co_await offload(
          pool,
          [root = file_root{outside.settings->of<collections_config>().of(what.collection).source},
           path = what.location, max_bytes] { return root.read(path, max_bytes); });
      break;
    case capture_origin::bucket: {
      auto const& buckets = outside.gear<capture_gear>().buckets;
      auto const bucket = buckets.find(what.collection);
      if (bucket == buckets.end()) {
        co_return fail(errc::config_invalid,
                       fmt::format("captures.collection.{}.source is no bucket any more, or the "
                                   "store's keys are missing",
                                   what.collection));
      }
      out = co_await bucket->second.client->get(what.location, max_bytes, until);
      break;
    }
  }
  bool const own_ground = what.origin == capture_origin::directory;
  if (!out && out.error().code != errc::body_too_large &&
      (own_ground || out.error().code == errc::not_found)) {
    co_return fail(errc::http_not_found, std::move(out.error().message));
  }
  co_return out;
}

}  // namespace vinny
