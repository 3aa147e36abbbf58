// SPDX-License-Identifier: MIT
#include "library/source/lookup.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include "core/text.hpp"
#include "library/model/artwork_match.hpp"
#include "policy/classify.hpp"
#include "policy/retry_after.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

json::object const* object_in(json::object const& from, std::string_view name) {
  auto const* const value = from.if_contains(name);
  return value == nullptr ? nullptr : value->if_object();
}

std::string_view text_in(json::object const& from, std::string_view name) {
  auto const* const value = from.if_contains(name);
  return value != nullptr && value->is_string() ? std::string_view{value->get_string()}
                                                : std::string_view{};
}

bool flag_in(json::object const& from, std::string_view name) {
  auto const* const value = from.if_contains(name);
  return value != nullptr && value->is_bool() && value->get_bool();
}

/// Of this row, and a cover rather than a picture of the artist or of the label.
std::string_view doubt(json::object const& document, json::object const& item,
                       json::object const& artwork, library_question const& what) {
  if (text_in(document, "search_type") != "direct") return "not a direct match";
  if (!same_name(text_in(item, "artist"), what.artist)) return "another artist";
  if (!same_name(text_in(item, "title"), what.album)) return "another album";
  auto const* const release = artwork.if_contains("release_id");
  bool const released = (release != nullptr && release->is_int64() && release->get_int64() > 0) ||
                        !text_in(artwork, "release_url").empty();
  if (!released) return "not of a release";
  auto const of = text_in(artwork, "album");
  if (!of.empty() && !same_name(of, what.album)) return "artwork of another album";
  return {};
}

lookup_outcome judge(json::object const& document, library_question const& what,
                     artwork_trust trust) {
  auto const* const results = document.if_contains("results");
  auto const* const list = results == nullptr ? nullptr : results->if_array();
  if (list == nullptr || list->empty()) return {.why = "no result"};
  auto const* const first = list->front().if_object();
  auto const* const artwork = first == nullptr ? nullptr : object_in(*first, "artwork");
  auto const address = artwork == nullptr ? std::string_view{} : text_in(*artwork, "artwork_url");
  if (address.empty()) return {.why = "no artwork"};
  if (auto const why = why_no_artwork(address); !why.empty()) return {.why = std::string{why}};
  if (trust == artwork_trust::strict) {
    json::object const none;
    auto const* const item = object_in(*first, "library_item");
    auto const why = doubt(document, item == nullptr ? none : *item, *artwork, what);
    if (!why.empty()) return {.why = std::string{why}};
  }
  return {.url = std::string{address}};
}

failure refused(response const& answer, instant at) {
  auto const status = answer.status;
  if (status == 401 || status == 403) {
    return {errc::lookup_credentials,
            fmt::format("the lookup service refuses us (status {}): {}", status,
                        status == 401 ? "it wants a token; set LML_API_KEY"
                                      : "LML_API_KEY is not the right token")};
  }
  if (status == 404 || status == 405) {
    return {errc::config_invalid,
            fmt::format("the lookup service knows no /api/v1/lookup (status {}); is "
                        "library.lookup_url right?",
                        status)};
  }
  failure out{from_status(status), fmt::format("the lookup service answered {}", status)};
  if (status == 429 || status == 503)
    out.retry_at = parse_retry_after(answer.header("Retry-After"), at);
  return out;
}

}  // namespace

result<url> lookup_address(std::string_view base) {
  auto text = trim(base);
  while (text.ends_with('/')) text.remove_suffix(1);
  if (text.ends_with("/api/v1")) text.remove_suffix(7);
  while (text.ends_with('/')) text.remove_suffix(1);
  return url::parse(std::string{text} + "/api/v1/lookup");
}

std::string lookup_body(library_question const& what) {
  auto const artist = valid_utf8(what.artist);
  auto const album = valid_utf8(what.album);
  json::object out{{"artist", artist}};
  if (!album.empty()) out["album"] = album;
  out["raw_message"] = album.empty() ? artist : fmt::format("{} - {}", artist, album);
  return json::serialize(out);
}

result<lookup_outcome> read_lookup(response const& answer, library_question const& what,
                                   artwork_trust trust, instant at) {
  if (answer.status != 200) return std::unexpected(refused(answer, at));
  boost::system::error_code error;
  auto const parsed = json::parse(answer.body, error);
  auto const* const document = error ? nullptr : parsed.if_object();
  if (document == nullptr || !document->contains("results")) {
    return fail(errc::bad_json,
                "the lookup service's answer is not what it should be; is "
                "library.lookup_url right?");
  }
  auto out = judge(*document, what, trust);
  if (out.url.empty() && (flag_in(*document, "timeout") || flag_in(*document, "degraded"))) {
    auto const reason = text_in(*document, "degraded_reason");
    return fail(errc::lookup_degraded,
                fmt::format("the lookup service gave up early ({})",
                            reason.empty() ? "timeout" : printable(clip(reason, 60))));
  }
  return out;
}

}  // namespace vinny
