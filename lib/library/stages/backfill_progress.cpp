// SPDX-License-Identifier: MIT
#include "library/stages/backfill_progress.hpp"

#include <boost/json.hpp>

#include <array>

#include "library/model/library_counts.hpp"
namespace vinny {
namespace {

namespace json = boost::json;

constexpr std::array kept_counts{&library_counts::scanned, &library_counts::enriched_match,
                                 &library_counts::enriched_match_raced,
                                 &library_counts::enriched_no_match, &library_counts::lml_error};

}  // namespace

void take_counts(library_counts& into, library_counts const& from) {
  for (auto const member : kept_counts) into.*member = from.*member;
}

std::string to_text(backfill_progress const& p) {
  json::array counts;
  for (auto const member : kept_counts) counts.push_back(json::value(p.counts.*member));
  return json::serialize(json::object{{"index", p.part.index},
                                      {"count", p.part.count},
                                      {"recheck", p.recheck},
                                      {"fallback", p.fallback},
                                      {"began_ms", p.began_ms},
                                      {"last", p.last},
                                      {"counts", counts}});
}

std::optional<backfill_progress> backfill_from_text(std::string const& text) {
  boost::system::error_code error;
  auto const parsed = json::parse(text, error);
  if (error || !parsed.is_object()) return std::nullopt;
  try {
    backfill_progress out{.part = {parsed.at("index").as_int64(), parsed.at("count").as_int64()},
                          .recheck = parsed.at("recheck").as_bool(),
                          .fallback = parsed.at("fallback").as_bool(),
                          .began_ms = parsed.at("began_ms").as_int64(),
                          .last = parsed.at("last").as_int64()};
    for (std::size_t i = 0; i < kept_counts.size(); ++i) {
      out.counts.*kept_counts[i] = parsed.at("counts").as_array().at(i).as_int64();
    }
    return out;
  } catch (std::exception const&) {
    return std::nullopt;
  }
}

}  // namespace vinny
