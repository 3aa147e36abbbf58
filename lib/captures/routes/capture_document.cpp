// SPDX-License-Identifier: MIT
#include "captures/routes/capture_document.hpp"

#include <fmt/format.h>
#include <boost/json.hpp>

#include <algorithm>

#include "blob/public_address.hpp"
#include "blob/s3/sigv4.hpp"
#include "captures/model/capture_settings.hpp"
#include "captures/model/thumbnail.hpp"
#include "captures/stages/capture_gear.hpp"
#include "core/percent.hpp"
#include "core/text.hpp"
#include "run/world.hpp"

namespace vinny {
namespace {

constexpr std::size_t usual_document_bytes = 512;

/// Most texts here are addresses and need no escaping; those that do are rare.
void append_text(std::string& to, std::string_view text) {
  bool const plain = std::ranges::all_of(
      text, [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; });
  if (!plain) {
    to += boost::json::serialize(boost::json::value(valid_utf8(text)));
    return;
  }
  to += '"';
  to += text;
  to += '"';
}

/// Signed at the beginning of a stretch of half its life, so that an address is the same for a
/// while and browsers' caches know it again; at least the other half is left.
instant stretch_of(instant at, std::chrono::seconds lasts) {
  if (lasts.count() == 0) return at;
  auto const half = std::chrono::milliseconds{lasts} / 2;
  return instant{at.time_since_epoch() / half * half};
}

}  // namespace

capture_addresses::capture_addresses(config const& settings, std::string base, instant at)
    : settings_(settings),
      base_(std::move(base)),
      signed_at_(stretch_of(at, settings_.of<thumbnails_config>().presigned)) {
  if (settings_.of<thumbnails_config>().presigned.count() == 0) return;
  if (auto signer = s3_signer::from(settings_.store)) signer_ = std::move(*signer);
}

std::string capture_addresses::of_object(std::string const& key) const {
  if (signer_)
    return signer_->address(key, settings_.of<thumbnails_config>().presigned, signed_at_);
  return public_address(settings_.store.public_url, key);
}

std::string capture_addresses::of_source(capture const& what) const {
  if (what.origin == capture_origin::url) return what.location;
  if (what.origin == capture_origin::store) return of_object(what.location);
  auto const& collection = settings_.of<collections_config>().of(what.collection);
  if (!collection.public_url.empty()) {
    return collection.public_url + '/' + uri_encode(what.location, true);
  }
  auto const place = collection.bucket();
  if (what.origin != capture_origin::bucket || !place || !signer_) return {};
  auto const signer = s3_signer::from(bucket_settings(settings_.store, *place));
  return signer ? signer->address(what.location, settings_.of<thumbnails_config>().presigned,
                                  signed_at_)
                : std::string{};
}

thumbnail const* capture_addresses::valid(listed_capture const& what,
                                          thumbnail_size const& size) noexcept {
  auto const made = std::ranges::find(what.thumbnails, size.label, &thumbnail::label);
  bool const good = made != what.thumbnails.end() && is_valid(*made, size, what.what.modified_ms);
  return good ? &*made : nullptr;
}

std::string capture_addresses::of_thumbnail(listed_capture const& what,
                                            thumbnail_size const& size) const {
  auto const* const made = valid(what, size);
  return made != nullptr ? of_object(made->key) : base_ + thumbnail_route(what.what.id, size.label);
}

void capture_addresses::append(std::string& to, listed_capture const& what) const {
  auto const& one = what.what;
  fmt::format_to(std::back_inserter(to), R"({{"id":{},"collection":)", one.id);
  append_text(to, one.collection);
  to += R"(,"location":)";
  append_text(to, one.location);
  to += R"(,"url":)";
  if (auto const source = of_source(one); source.empty()) {
    to += "null";
  } else {
    append_text(to, source);
  }
  if (one.bytes > 0) {
    fmt::format_to(std::back_inserter(to), R"(,"bytes":{})", one.bytes);
  } else {
    to += R"(,"bytes":null)";
  }
  to += R"(,"modified_at":)";
  if (one.modified_ms) {
    append_text(to, to_rfc3339(instant{std::chrono::milliseconds{*one.modified_ms}}));
  } else {
    to += "null";
  }
  to += R"(,"thumbnails":)";
  if (settings_.of<collections_config>().of(one.collection).is_private) {
    to += "null}";
    return;
  }
  char before = '{';
  for (auto const& size : settings_.of<thumbnails_config>().sizes) {
    to += before;
    append_text(to, size.label);
    to += ':';
    append_text(to, of_thumbnail(what, size));
    before = ',';
  }
  to += before == '{' ? "{}}" : "}}";
}

std::string capture_addresses::page(std::vector<listed_capture> const& rows,
                                    std::size_t limit) const {
  std::string out = R"({"captures":[)";
  auto const shown = std::min(rows.size(), limit);
  out.reserve(shown * usual_document_bytes);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += ',';
    append(out, rows[i]);
  }
  if (shown == rows.size()) return out + R"(],"next":null})";
  return out + fmt::format(R"(],"next":"{}"}})", rows[shown - 1].what.id);
}

}  // namespace vinny
