// SPDX-License-Identifier: MIT
#include "library/stages/library_job.hpp"

#include <fmt/format.h>
#include <boost/json/array.hpp>

#include <array>
#include <filesystem>

#include "control/json_body.hpp"
#include "library/model/partition.hpp"
#include "library/stages/library_jobs.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::array<std::string_view, 1> places_taken{"library"};
constexpr std::size_t max_files = 100;
constexpr std::int64_t max_batch = 10'000;
constexpr std::int64_t max_throttle_ms = 3'600'000;

result<> read_files(json::object const& body, std::vector<std::string>& out) {
  constexpr std::string_view want = "a list of absolute paths";
  auto const read = read_names(body, "files", want, max_files, out);
  if (!read) return read;
  for (auto const& one : out) {
    if (!one.starts_with('/')) return wrong_member("files", want);
  }
  return {};
}

result<> read_batch_size(json::object const& body, library_request& out) {
  return read_number(body, "batch_size", 1, max_batch, out.batch_size);
}

result<> read_partition(json::object const& body, library_part& out) {
  auto const* const value = body.if_contains("partition");
  if (value == nullptr) return {};
  auto const text = value->is_string() ? std::string_view{value->get_string()} : std::string_view{};
  auto const part = parse_partition(text);
  if (!part) return wrong_member("partition", part.error().message);
  out = *part;
  return {};
}

template <class Job>
result<std::shared_ptr<job>> if_read(result<> const& read, std::shared_ptr<Job> made) {
  if (!read) return std::unexpected(read.error());
  return made;
}

}  // namespace

std::span<std::string_view const> library_job::places() const {
  return places_taken;
}

void import_job::write_to(json::object& out) const {
  out["files"] = json::array(wish.files.begin(), wish.files.end());
}

result<> import_job::check(config const&) const {
  for (auto const& file : wish.files) {
    std::error_code ignored;
    if (std::filesystem::exists(file, ignored)) continue;
    return fail(errc::not_found, fmt::format("{}: there is no such file", file));
  }
  return {};
}

task<> import_job::run(run_context& run) {
  run.note_halt(co_await import_library(run));
}

void backfill_job::write_to(json::object& out) const {
  if (wish.batch_size > 0) out["batch_size"] = wish.batch_size;
  if (wish.throttle_ms >= 0) out["throttle_ms"] = wish.throttle_ms;
  if (wish.part.count > 1) {
    out["partition"] = fmt::format("{}/{}", wish.part.index, wish.part.count);
  }
  out["recheck"] = wish.recheck;
  out["accept_fallback"] = wish.accept_fallback;
}

task<> backfill_job::run(run_context& run) {
  run.note_halt(co_await backfill_artwork(run));
}

void artist_names_job::write_to(json::object& out) const {
  if (wish.batch_size > 0) out["batch_size"] = wish.batch_size;
}

task<> artist_names_job::run(run_context& run) {
  run.note_halt(co_await backfill_artist_names(run));
}

result<std::shared_ptr<job>> parse_import(json::object const& body) {
  auto out = std::make_shared<import_job>();
  auto const read = read_files(body, out->wish.files);
  if (read && out->wish.files.empty()) {
    return fail(errc::bad_json, "'library-import' needs 'files'");
  }
  return if_read(read, std::move(out));
}

result<std::shared_ptr<job>> parse_backfill(json::object const& body) {
  auto out = std::make_shared<backfill_job>();
  auto& wish = out->wish;
  auto read = read_batch_size(body, wish);
  if (read) read = read_number(body, "throttle_ms", 0, max_throttle_ms, wish.throttle_ms);
  if (read) read = read_partition(body, wish.part);
  if (read) read = read_flag(body, "recheck", wish.recheck);
  if (read) read = read_flag(body, "accept_fallback", wish.accept_fallback);
  return if_read(read, std::move(out));
}

result<std::shared_ptr<job>> parse_artist_names(json::object const& body) {
  auto out = std::make_shared<artist_names_job>();
  auto const read = read_batch_size(body, out->wish);
  return if_read(read, std::move(out));
}

}  // namespace vinny
