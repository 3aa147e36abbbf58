// SPDX-License-Identifier: MIT
#include <fmt/format.h>
#include <boost/json.hpp>

#include "control/api.hpp"
#include "control/json_body.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::size_t max_venues = 256;

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

result<> read_venues(json::value const& value, run_request& out) {
  if (!value.is_array() || value.get_array().size() > max_venues) {
    return wrong_member("venues", "a list of venue tags");
  }
  for (auto const& one : value.get_array()) {
    if (!one.is_string()) return wrong_member("venues", "a list of venue tags");
    out.venues.emplace_back(one.get_string());
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
  if (out.ingest || out.specimens) {
    out.scrape = out.images = out.upload = out.publish = false;
    return {};
  }
  if (text == "sync") return {};
  return wrong_member("pipeline", "sync, specimens-ingest or specimens-download");
}

bool* flag_of(std::string_view name, run_request& out) {
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
      read = read_venues(value, out);
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
      return unknown_member(member,
                            "pipeline, steps, venues, full, run, local, force, validate, execute, "
                            "use_wrangler, list, reset, finalize_only, legacy_only, install_path");
    }
    if (!read) return std::unexpected(read.error());
  }
  if (out.legacy_only && out.install_path.empty()) {
    return fail(errc::bad_json, "'legacy_only' needs an 'install_path'");
  }
  return out;
}

}  // namespace vinny
