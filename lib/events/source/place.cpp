// SPDX-License-Identifier: MIT
#include "events/source/place.hpp"

#include <algorithm>

#include "core/percent.hpp"
#include "core/text.hpp"
#include "events/markup/open_graph.hpp"
#include "events/source/extractor.hpp"

namespace vinny {
namespace {

extractor_rules const& rules(venue_names const& v) {
  return rules_of(v.of().extractor);
}

/// The part of a location or title before its first separator, and what is behind it.
struct cut {
  std::string_view head;
  std::string_view rest;
};
cut first_part(std::string_view text) {
  constexpr std::string_view one[] = {
      ",", "|", "(", ";", "/", " - ", " @ ", " at ", " \xE2\x80\x93 ", " \xE2\x80\x94 "};
  auto end = text.size();
  std::size_t skip = 0;
  for (auto const s : one) {
    auto const at = to_lower(text).find(s);
    if (at != std::string::npos && at < end) {
      end = at;
      skip = s.size();
    }
  }
  return {trim(text.substr(0, end)), trim(text.substr(std::min(text.size(), end + skip)))};
}

bool is_state(std::string_view code) {
  constexpr std::string_view states =
      " AL AK AZ AR CA CO CT DE DC FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH "
      "NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY ";
  return states.find(' ' + std::string{code} + ' ') != std::string_view::npos;
}

/// The state in an address that is one text: "1 Main St, New York, NY 10001"; "" when none is told.
std::string state_in(std::string_view address) {
  auto const parts = split(address, ',');
  for (auto i = parts.size(); i-- > 1;) {
    auto const part = trim(parts[i]);
    if (part.size() < 2 || !is_state(part.substr(0, 2))) continue;
    auto const zip = part.substr(2);
    if (zip.find_first_not_of(" -0123456789") == std::string_view::npos) {
      return std::string{part.substr(0, 2)};
    }
  }
  return {};
}

/// These sites list other towns beside Las Vegas; a venue that the configuration puts elsewhere
/// (its clock tells) is not held to that.
bool contradicts(raw_event const& event, venue const& at) {
  auto const& r = rules_of(at.extractor);
  if (!r.las_vegas_only) return false;
  if (r.name != "tao" && at.time_zone != "America/Los_Angeles") return false;
  if (!event.locality.empty() || !event.region.empty()) {
    return is_other_town(event.locality, event.region);
  }
  auto const text = event.place + ", " + event.address;
  auto const state = state_in(text);
  return !state.empty() && is_other_town({}, state);
}

}  // namespace

venue_finder::venue_finder(std::span<venue const> candidates, html_node page, url const& address)
    : page_(page),
      path_(percent_decode(address.path())),
      page_code_(find_event_code(address.target())) {
  for (int order = 0; order <= last_extractor; ++order) {
    for (auto const& v : candidates) {
      if (rules_of(v.extractor).order == order) venues_.emplace_back(v);
    }
  }
}

bool venue_finder::pages_are_events() const noexcept {
  return std::ranges::any_of(venues_, [](auto const& v) { return rules(v).pages_are_events; });
}

venue_finder::placing venue_finder::find(raw_event const& event) const {
  bool const told = !event.place.empty();
  venue const* at = told || !event.address.empty() ? by_location(event) : nullptr;
  bool const alone = venues_.size() == 1;
  if (at == nullptr && told && alone && rules(venues_.front()).name == "schema-org") {
    // The site of one house often names a room or a stage.
    at = &venues_.front().of();
  }
  if (at == nullptr && !told) at = by_page();
  if (at == nullptr && !told) at = by_code(event);
  if (at != nullptr && contradicts(event, *at)) at = nullptr;
  return {.at = at, .told = told};
}

venue const* venue_finder::by_location(raw_event const& event) const {
  auto const place = fold_words(event.place);
  for (auto const& v : venues_) {
    if (std::ranges::find(v.all(), place) != v.all().end()) return &v.of();
  }
  for (auto const& text : {place, place + '-' + fold_words(event.address)}) {
    venue const* best = nullptr;
    std::size_t longest = 0;
    for (auto const& v : venues_) {
      auto const length = v.longest_within(text);
      if (length > longest) {
        longest = length;
        best = &v.of();
      }
    }
    if (best != nullptr) return best;
  }
  // "XS at Wynn": a name of one word counts when it stands alone.
  auto const head = first_part(event.place).head;
  for (auto const& v : venues_) {
    if (!head.empty() && v.equals(head)) return &v.of();
  }
  return nullptr;
}

venue const* venue_finder::by_code(raw_event const& event) const {
  auto code = event.external_id;
  if (auto const found = find_event_code(event.url); code.empty() && found) code = found->code;
  if (code.empty() && page_code_) code = page_code_->code;
  auto const tag = tag_of_event_code(code);
  auto const it = std::ranges::find_if(venues_, [&](auto const& v) { return v.of().tag == tag; });
  return tag.empty() || it == venues_.end() ? nullptr : &it->of();
}

venue const* venue_finder::by_text(std::string_view text, bool whole_page) const {
  auto const folded = fold_words(text);
  venue const* best = nullptr;
  std::size_t longest = 0;
  for (auto const& v : venues_) {
    if (whole_page && !rules(v).text_names_venue) continue;
    auto const length = v.longest_within(folded);
    if (length > longest) {
      longest = length;
      best = &v.of();
    }
  }
  if (best != nullptr || whole_page) return best;
  for (cut c = first_part(text); !c.head.empty() || !c.rest.empty(); c = first_part(c.rest)) {
    for (auto const& v : venues_) {
      if (!c.head.empty() && v.equals(c.head)) return &v.of();
    }
    if (c.rest.empty()) break;
  }
  return nullptr;
}

venue const* venue_finder::by_page() const {
  if (venues_.empty()) return nullptr;
  if (venues_.size() == 1) return &venues_.front().of();
  if (of_page_) return *of_page_;
  auto const title = page_.find([](html_node n) { return n.tag() == "title"; });
  venue const* found = nullptr;
  for (auto const& text :
       {title.text(), plain_text(clip(meta_content(page_, "og:title"), 4'000))}) {
    if (found == nullptr) found = by_text(clip(text, 1'000), false);
  }
  int headings = 0;
  for (auto n = page_.next(page_); n && found == nullptr && headings < 50; n = n.next(page_)) {
    auto const tag = n.tag();
    if (tag.size() != 2 || tag[0] != 'h' || tag[1] < '1' || tag[1] > '3') continue;
    ++headings;
    found = by_text(clip(n.text(), 1'000), false);
  }
  if (found == nullptr) found = by_text(clip(path_, 1'000), false);
  bool const reads_text =
      std::ranges::any_of(venues_, [](auto const& v) { return rules(v).text_names_venue; });
  if (found == nullptr && reads_text) found = by_text(page_.text(html_node::menus::skipped), true);
  if (found == nullptr) {
    auto const& first = venues_.front();
    auto const same = [&](venue_names const& v) { return rules(v).order == rules(first).order; };
    bool const only = std::ranges::count_if(venues_, same) == 1;
    if (only && rules(first).has_default) found = &first.of();
  }
  of_page_ = found;
  return found;
}

}  // namespace vinny
