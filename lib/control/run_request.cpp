// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <boost/json.hpp>

#include "control/api.hpp"
#include "control/json_body.hpp"
#include "library/model/partition.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_venues = 256;
constexpr std::size_t max_collections = 1'000;
constexpr std::size_t max_files = 100;
constexpr std::int64_t max_batch = 10'000;
constexpr std::int64_t max_throttle_ms = 3'600'000;

result<> read_steps(json::value const& value, run_request& out) {
  if (!value.is_array() || value.get_array().empty())
    return wrong_member("steps", "a list of steps");
  out.scrape = out.images = out.upload = out.publish = false;
  for (auto const& one : value.get_array()) {
    auto const text = one.is_string() ? std::string_view{one.get_string()} : std::string_view{};
    if (text == "scrape") {
      out.scrape = true;
    } else if (text == "images") {
      out.images = true;
    } else if (text == "upload") {
      out.upload = true;
    } else if (text == "publish") {
      out.publish = true;
    } else {
      return wrong_member("steps", "a list of: scrape, images, upload, publish");
    }
  }
  return {};
}

result<> read_names(std::string_view member, std::string_view want, std::size_t most,
                    json::value const& value, std::vector<std::string>& out) {
  if (!value.is_array() || value.get_array().size() > most) return wrong_member(member, want);
  for (auto const& one : value.get_array()) {
    if (!one.is_string()) return wrong_member(member, want);
    out.emplace_back(one.get_string());
  }
  return {};
}

std::string* path_of(std::string_view name, run_request& out) {
  if (name == "list") return &out.list;
  if (name == "install_path") return &out.install_path;
  return nullptr;
}

result<> read_path(std::string_view member, json::value const& value, std::string& out) {
  constexpr std::size_t longest = 4096;
  bool const fits = value.is_string() && value.get_string().size() <= longest &&
                    (value.get_string().empty() || value.get_string().starts_with('/'));
  if (!fits) return wrong_member(member, "an absolute path");
  out = std::string{value.get_string()};
  return {};
}

result<> read_pipeline(json::value const& value, run_request& out) {
  auto const text = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
  out.ingest = text == "specimens-ingest";
  out.specimens = text == "specimens-download";
  out.captures = text == "captures-sync";
  out.verify = text == "verify";
  using job = library_request::job;
  out.library.what = text == "library-import"         ? job::import
                     : text == "library-backfill"     ? job::backfill
                     : text == "library-artist-names" ? job::artist_names
                                                      : job::none;
  if (!out.is_sync()) {
    out.scrape = out.images = out.upload = out.publish = false;
    return {};
  }
  if (text == "sync") return {};
  return wrong_member("pipeline",
                      "sync, specimens-ingest, specimens-download, captures-sync, verify, "
                      "library-import, library-backfill or library-artist-names");
}

result<> read_number(std::string_view member, std::int64_t least, std::int64_t most,
                     json::value const& value, std::int64_t& out) {
  if (!value.is_int64() || value.get_int64() < least || value.get_int64() > most) {
    return wrong_member(member, fmt::format("a number from {} to {}", least, most));
  }
  out = value.get_int64();
  return {};
}

result<> read_files(json::value const& value, std::vector<std::string>& out) {
  auto const read = read_names("files", "a list of absolute paths", max_files, value, out);
  if (!read) return read;
  for (auto const& one : out) {
    if (!one.starts_with('/')) return wrong_member("files", "a list of absolute paths");
  }
  return {};
}

result<> read_partition(json::value const& value, library_part& out) {
  auto const text = value.is_string() ? std::string_view{value.get_string()} : std::string_view{};
  auto const part = parse_partition(text);
  if (!part) return wrong_member("partition", part.error().message);
  out = *part;
  return {};
}

bool* flag_of(std::string_view name, run_request& out) {
  if (name == "recheck") return &out.library.recheck;
  if (name == "accept_fallback") return &out.library.accept_fallback;
  if (name == "reset") return &out.reset;
  if (name == "finalize_only") return &out.finalize_only;
  if (name == "legacy_only") return &out.legacy_only;
  if (name == "full") return &out.full;
  if (name == "local") return &out.local;
  if (name == "force") return &out.force;
  if (name == "validate") return &out.validate;
  if (name == "execute") return &out.execute;
  if (name == "use_wrangler") return &out.use_wrangler;
  return nullptr;
}

}  // namespace

result<run_request> parse_run_request(std::string_view body) {
  auto const document = read_json_body(body);
  if (!document) return std::unexpected(document.error());
  run_request out;
  for (auto const& [key, value] : *document) {
    std::string_view const member = key;
    result<> read;
    if (member == "pipeline") {
      read = read_pipeline(value, out);
    } else if (auto* const path = path_of(member, out)) {
      read = read_path(member, value, *path);
    } else if (member == "steps") {
      read = read_steps(value, out);
    } else if (member == "venues") {
      read = read_names(member, "a list of venue tags", max_venues, value, out.venues);
    } else if (member == "collections") {
      read = read_names(member, "a list of collections", max_collections, value, out.collections);
    } else if (member == "files") {
      read = read_files(value, out.library.files);
    } else if (member == "batch_size") {
      read = read_number(member, 1, max_batch, value, out.library.batch_size);
    } else if (member == "throttle_ms") {
      read = read_number(member, 0, max_throttle_ms, value, out.library.throttle_ms);
    } else if (member == "partition") {
      read = read_partition(value, out.library.part);
    } else if (member == "run") {
      if (value.is_null()) continue;
      if (!value.is_string() || value.get_string().size() > 32) {
        return wrong_member(member, "\"latest\" or the id of a run");
      }
      out.reuse = std::string{value.get_string()};
    } else if (bool* const flag = flag_of(member, out)) {
      if (!value.is_bool()) return wrong_member(member, "true or false");
      *flag = value.get_bool();
    } else {
      return unknown_member(
          member,
          "pipeline, steps, venues, collections, full, run, local, force, validate, execute, "
          "use_wrangler, list, reset, finalize_only, legacy_only, install_path, files, batch_size, "
          "throttle_ms, partition, recheck, accept_fallback");
    }
    if (!read) return std::unexpected(read.error());
  }
  if (out.legacy_only && out.install_path.empty()) {
    return fail(errc::bad_json, "'legacy_only' needs an 'install_path'");
  }
  if (out.library.what == library_request::job::import && out.library.files.empty()) {
    return fail(errc::bad_json, "'library-import' needs 'files'");
  }
  return out;
}

}  // namespace vinny
