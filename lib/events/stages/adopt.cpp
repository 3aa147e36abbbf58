// SPDX-License-Identifier: MIT
#include "events/stages/adopt.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <map>

#include "catalog/notes.hpp"
#include "core/digest.hpp"
#include "core/text.hpp"
#include "image/image.hpp"
#include "observe/log.hpp"
#include "run/image_limits.hpp"
#include "task/offload.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr char const* imported_note = "manifest_imported";
constexpr std::string_view manifest_name = "image_manifest.json";
constexpr std::int64_t max_manifest_bytes = 256LL << 20;
constexpr int max_depth = 8;

/// "artists/x/x_liv_main.jpg" out of whatever path an older manifest gives, or nothing.
std::string rendition_path(std::string_view text) {
  auto const at = text.rfind("artists/");
  if (at == std::string_view::npos || !text.ends_with(".jpg")) return {};
  return std::string{text.substr(at)};
}

/// Older manifests differ in shape but all name files; a SHA-256 beside a name goes with it.
void collect(json::value const& value, int depth, std::map<std::string, std::string>& out) {
  if (depth > max_depth) return;
  if (value.is_array()) {
    for (auto const& one : value.get_array()) collect(one, depth + 1, out);
    return;
  }
  if (!value.is_object()) return;
  std::string path;
  std::string digest;
  for (auto const& [key, inner] : value.get_object()) {
    if (inner.is_string()) {
      if (auto found = rendition_path(inner.get_string()); !found.empty()) path = std::move(found);
      if (key == "sha256") digest = std::string{inner.get_string()};
    } else {
      collect(inner, depth + 1, out);
    }
    if (auto found = rendition_path(key); !found.empty()) out.emplace(std::move(found), "");
  }
  if (!path.empty()) out[path] = digest;
}

struct proof {
  made_rendition made;
  std::string path;
};

/// Reads and decodes a candidate file.
std::optional<proof> prove(file_root const& files, std::string const& path, rendition_id const& id,
                           std::uint32_t pixels, std::string const& digest,
                           image_limits const& limits) {
  auto const bytes = files.read(path, limits.max_bytes);
  if (!bytes) return std::nullopt;
  auto const sum = sha256_hex(*bytes);
  if (!digest.empty() && digest != sum) return std::nullopt;
  auto const info = inspect(*bytes, limits);
  if (!info || info->type != image_type::jpeg || info->width > pixels || info->height > pixels ||
      !verify(*bytes, *info)) {
    return std::nullopt;
  }
  return proof{{.id = id,
                .sha256 = sum,
                .md5 = md5_hex(*bytes),
                .width = info->width,
                .height = info->height,
                .bytes = static_cast<std::int64_t>(bytes->size())},
               path};
}

}  // namespace

task<result<>> import_manifest(run_context& context) {
  auto const done = co_await context.facts.read(
      [](database& db) { return read_note(db, imported_note).has_value(); });
  if (!done) co_return std::unexpected(done.error());
  if (*done) co_return result<>{};
  auto found = co_await on_cpu(context, [files = context.files] {
    std::map<std::string, std::string> out;
    auto const text = files.read(manifest_name, max_manifest_bytes);
    if (!text) return out;
    boost::system::error_code error;
    auto const parsed = json::parse(*text, error);
    if (error) {
      log(log_level::warn, "images",
          "image_manifest.json cannot be read as JSON and is not adopted");
    } else {
      collect(parsed, 0, out);
    }
    return out;
  });
  co_return co_await context.facts.write([found = std::move(found)](database& db) {
    for (auto const& [path, digest] : found) {
      db.execute("INSERT INTO adopted (path, sha256) VALUES (?, ?) ON CONFLICT DO NOTHING", path,
                 digest);
    }
    set_note(db, imported_note, to_rfc3339(now()));
  });
}

task<result<std::optional<made_rendition>>> adopt(run_context& context, wanted_rendition wanted) {
  auto const key = wanted.id.key();
  auto const listed = co_await context.facts.read(
      [key](database& db) { return db.text("SELECT sha256 FROM adopted WHERE path = ?", key); });
  if (!listed) co_return std::unexpected(listed.error());
  auto const older = "images/" + key;
  bool const by_manifest = listed->has_value();
  auto proven = co_await on_cpu(
      context, [files = context.files, key, older, wanted, by_manifest,
                digest = listed->value_or(""), limits = image_limits_of(context.settings)] {
        std::optional<proof> out;
        if (by_manifest) out = prove(files, key, wanted.id, wanted.pixels, digest, limits);
        if (!out) out = prove(files, older, wanted.id, wanted.pixels, digest, limits);
        return out;
      });
  if (!proven) co_return std::nullopt;
  if (proven->path != key) {
    // Noted first: after a crash between the two, the file is known at its new place.
    auto const noted = co_await context.facts.write([key, sum = proven->made.sha256](database& db) {
      db.execute(
          "INSERT INTO adopted (path, sha256) VALUES (?, ?) ON CONFLICT DO UPDATE SET "
          "sha256 = excluded.sha256",
          key, sum);
    });
    if (!noted) co_return std::unexpected(noted.error());
    auto const moved = co_await on_cpu(context, [files = context.files, from = proven->path, key] {
      return files.move(from, key);
    });
    if (!moved) co_return std::unexpected(moved.error());
  }
  log(log_level::info, "images", "adopted a file of an older installation", field("key", key));
  co_return proven->made;
}

}  // namespace vinny
