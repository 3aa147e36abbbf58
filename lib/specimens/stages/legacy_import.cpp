// SPDX-License-Identifier: MIT
#include "specimens/stages/legacy_import.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <fstream>
#include <limits>

#include "observe/log.hpp"
#include "specimens/model/specimen_counts.hpp"
#include "specimens/stages/ingest_job.hpp"
#include "specimens/tables/specimen_list.hpp"
#include "specimens/tables/specimen_work.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

constexpr std::size_t ids_at_once =
    500;  // each may have to be copied, and a shutdown waits for them
constexpr std::size_t longest_line = 64;
constexpr std::string_view id_file = "processed_ids.txt";

struct legacy_batch {
  std::vector<std::int64_t> gbif_ids;
  bool more = false;
};

/// The numbers of the next lines; other lines are passed over.
legacy_batch next_ids(std::ifstream& from) {
  legacy_batch out;
  std::array<char, longest_line> buffer{};
  while (out.gbif_ids.size() < ids_at_once) {
    from.getline(buffer.data(), buffer.size());
    if (from.eof() && from.gcount() == 0) return out;
    if (from.fail() && !from.eof()) {  // too long for a number
      from.clear();
      from.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
      continue;
    }
    std::string_view line{buffer.data()};
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    std::int64_t id = 0;
    auto const [end, error] = std::from_chars(line.data(), line.data() + line.size(), id);
    bool const number = error == std::errc{} && end == line.data() + line.size();
    if (number && id > 0 && id <= largest_gbif_id) out.gbif_ids.push_back(id);
  }
  out.more = true;
  return out;
}

/// Where the older program had put a specimen's first image; nothing: nowhere.
std::optional<std::filesystem::path> legacy_file(std::filesystem::path const& root,
                                                 specimen_image_id id, std::int64_t least_bytes) {
  auto const name = std::to_string(id.gbif_id);
  // "specimens/124/578/1245780001-00.jpg": the same folders, below the other root.
  auto const folder =
      (root / std::filesystem::path{id.key("jpg")}.lexically_relative("specimens")).parent_path();
  for (auto const& file : std::array{folder / (name + "-00.jpg"), folder / (name + ".jpg")}) {
    std::error_code error;
    bool const regular =
        std::filesystem::is_regular_file(std::filesystem::symlink_status(file, error));
    if (regular && std::cmp_greater_equal(std::filesystem::file_size(file, error), least_bytes)) {
      return file;
    }
  }
  return std::nullopt;
}

/// Brings a file to its place, which costs nothing on the same filesystem.
result<specimen_file> take_over(file_root const& files, specimen_image_id id,
                                std::filesystem::path const& from) {
  auto const key = id.key("jpg");
  auto const bytes = files.link_in(from, key);
  if (!bytes) return std::unexpected(bytes.error());
  return specimen_file{.extension = "jpg",
                       .kind = specimen_kind::legacy,
                       .sha256 = {},
                       .bytes = *bytes,
                       .width = 0,
                       .height = 0};
}

/// One file that cannot be had is a missing one; a full disk ends the import.
bool is_of_the_file(errc code) noexcept {
  return code == errc::permission_denied || code == errc::not_found;
}

}  // namespace

task<result<>> import_legacy(run_context& context) {
  std::filesystem::path const root = context.asked<ingest_job>().install_path;
  auto const source = co_await on_cpu(context, [file = root / id_file] {
    std::error_code error;
    auto out = std::make_shared<std::ifstream>();
    if (std::filesystem::is_regular_file(file, error)) out->open(file);
    return out;
  });
  if (!source->is_open()) {
    co_return fail(errc::not_found,
                   fmt::format("{}: cannot be read; it has the gbifIDs that the older program had "
                               "processed, one a line",
                               (root / id_file).string()));
  }
  auto const listed = co_await context.facts.read(
      [](database& db) { return read_specimen_totals(db).all_images(); });
  if (!listed) co_return std::unexpected(listed.error());
  if (*listed == 0) {
    co_return fail(errc::config_invalid,
                   "no list is in the catalog: ingest multimedia.txt first, then the older files");
  }
  std::int64_t missing = 0;
  std::int64_t asked = 0;
  for (bool more = true; more && !context.draining;) {
    auto const batch = co_await on_cpu(context, [source] { return next_ids(*source); });
    more = batch.more;
    auto open = co_await context.facts.read(
        [ids = batch.gbif_ids](database& db) { return first_images_open(db, ids); });
    if (!open) co_return std::unexpected(open.error());
    asked += static_cast<std::int64_t>(open->size());
    auto found = co_await on_cpu(
        context,
        [root, files = context.files, open = std::move(*open),
         least = context.settings.images.min_bytes]() -> result<std::vector<specimen_success>> {
          std::vector<specimen_success> out;
          for (auto const& [id, host] : open) {
            auto const file = legacy_file(root, id, least);
            if (!file) continue;
            auto taken = take_over(files, id, *file);
            if (!taken && is_of_the_file(taken.error().code)) continue;
            if (!taken) return std::unexpected(taken.error());
            out.push_back({id, host, std::move(*taken)});
          }
          return out;
        });
    if (!found) co_return std::unexpected(found.error());
    auto const adopted = static_cast<std::int64_t>(found->size());
    auto const recorded =
        co_await context.facts.write([found = std::move(*found), at = to_ms(now())](database& db) {
          specimens_done(db, found, at);
        });
    if (!recorded) co_return recorded;
    context.counts<specimen_counts>().specimens_adopted += adopted;
    context.board(step::ingest).done += static_cast<std::int64_t>(batch.gbif_ids.size());
    missing = asked - context.counts<specimen_counts>().specimens_adopted;
  }
  if (missing > 0) {
    log(log_level::warn, "ingest",
        "of some that were processed there is no file; they stay pending",
        field("missing", missing));
  }
  co_return result<>{};
}

}  // namespace vinny
