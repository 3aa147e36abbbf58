// SPDX-License-Identifier: MIT
#include "specimens/stages/ingest_job.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "control/json_body.hpp"
#include "core/text.hpp"
#include "specimens/stages/download_job.hpp"
#include "specimens/stages/ingest.hpp"

namespace vinny {
namespace {

class ingest_words final : public slack_words {
 public:
  task<std::string> beginning(run_context& run) const override {
    co_return run.asked<ingest_job>().list;
  }
  std::string so_far(tally const& counts) const override {
    return fmt::format("{} rows, {} images of {} specimens, {} rows rejected",
                       grouped(counts["list_rows"]), grouped(counts["list_images"]),
                       grouped(counts["list_gbif_ids"]), grouped(counts["list_rejected"]));
  }
  std::int64_t items(tally const&) const override { return -1; }
  task<std::string> standing(run_context&) const override { co_return std::string{}; }
};

}  // namespace

void ingest_job::write_to(boost::json::object& out) const {
  out["list"] = list;
  out["reset"] = reset;
  out["finalize_only"] = finalize_only;
  out["legacy_only"] = legacy_only;
  out["install_path"] = install_path;
}

result<> ingest_job::check(config const&) const {
  if (legacy_only && install_path.empty()) {
    return fail(errc::not_found, "--legacy-only needs --install-path: where are the older files?");
  }
  if (finalize_only || legacy_only) return {};
  if (list.empty()) {
    return fail(errc::not_found, "which list? Give multimedia.txt, or the archive that holds it");
  }
  std::error_code ignored;
  if (std::filesystem::exists(list, ignored)) return {};
  return fail(errc::not_found, fmt::format("{}: there is no such file", list));
}

task<> ingest_job::run(run_context& run) {
  run.note_halt(co_await ingest(run));
}

std::span<std::string_view const> ingest_job::places() const {
  return place_of_specimens;
}

slack_words const* ingest_job::words() const {
  static ingest_words const all;
  return &all;
}

result<std::shared_ptr<job>> parse_ingest(boost::json::object const& body) {
  auto out = std::make_shared<ingest_job>();
  auto read = read_path(body, "list", out->list);
  if (read) read = read_flag(body, "reset", out->reset);
  if (read) read = read_flag(body, "finalize_only", out->finalize_only);
  if (read) read = read_flag(body, "legacy_only", out->legacy_only);
  if (read) read = read_path(body, "install_path", out->install_path);
  if (!read) return std::unexpected(read.error());
  if (out->legacy_only && out->install_path.empty()) {
    return fail(errc::bad_json, "'legacy_only' needs an 'install_path'");
  }
  return out;
}

}  // namespace vinny
