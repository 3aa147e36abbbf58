// SPDX-License-Identifier: MIT
#include "events/source/draft.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/slug.hpp"
#include "core/text.hpp"
#include "events/source/event_code.hpp"
#include "events/source/when.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_images = 8;

std::string_view site(url const& u) {
  std::string_view host{u.host()};
  return host.starts_with("www.") ? host.substr(4) : host;
}

/// Without query and fragment, an event code in the query apart: there it is the page's name.
std::string canonical(url const& u) {
  auto out = u.without_query().str();
  for (auto const part : split(u.query(), '&')) {
    if (iequals(part.substr(0, 10), "eventcode=")) return out + '?' + std::string{part};
  }
  return out;
}

std::string own_link(std::string_view reference, url const& page) {
  if (trim(reference).empty()) return {};
  auto const resolved = page.resolve(reference);
  if (!resolved || site(*resolved) != site(page)) return {};
  return canonical(*resolved);
}

/// Words that stand for "nobody yet", and bare schema.org types, which calendar plugins write where
/// no performer was entered.
bool is_placeholder(std::string_view performer) {
  constexpr std::array names{
      "tba",  "tbd",          "tbc",    "n/a",        "to be announced", "none",
      "null", "organization", "person", "musicgroup", "performinggroup", "thing"};
  return std::ranges::any_of(names, [&](char const* n) { return iequals(n, performer); });
}

std::vector<std::string> lineup(raw_event const& raw, venue_finder const& finder) {
  std::vector<std::string> out;
  std::vector<std::string> seen;
  auto const place = slugify(raw.place, "place").slug;
  for (auto const& name : raw.performers) {
    auto const slug = slugify(name);
    bool const venue =
        slug.slug == place ||
        std::ranges::any_of(finder.venues(), [&](venue_names const& v) { return v.equals(name); });
    bool const known = std::ranges::find(seen, slug.identity) != seen.end();
    if (venue || known || is_placeholder(name)) continue;
    seen.push_back(slug.identity);
    out.push_back(name);
  }
  return out;
}

void name_keys(event_draft& d) {
  d.act_key = d.performers.empty() ? std::string{} : slugify(d.performers.front()).identity;
  d.title_key = d.raw.name.empty() ? std::string{} : slugify(d.raw.name).identity;
}

bool same_day(event_draft const& a, event_draft const& b) {
  return a.moment && b.moment && a.moment->day == b.moment->day;
}
bool day_differs(event_draft const& a, event_draft const& b) {
  return a.moment && b.moment && a.moment->day != b.moment->day;
}
bool time_differs(event_draft const& a, event_draft const& b) {
  if (!a.moment || !b.moment || a.moment->day != b.moment->day) return false;
  auto const& one = a.moment->time_of_day;
  auto const& other = b.moment->time_of_day;
  return one.has_value() && other.has_value() && one != other;
}
bool place_differs(event_draft const& a, event_draft const& b) {
  if (!a.place.told || !b.place.told) return false;
  if (a.place.at != nullptr || b.place.at != nullptr) return a.place.at != b.place.at;
  return fold_words(a.raw.place) != fold_words(b.raw.place);
}

bool same_name(event_draft const& a, event_draft const& b) {
  return (!a.act_key.empty() && a.act_key == b.act_key) ||
         (!a.title_key.empty() && a.title_key == b.title_key);
}

bool has_date(std::string_view code) {
  auto const found = find_event_code(code);
  return found && found->date;
}

/// Two records of one source are one event only when nothing tells them apart.
bool repeats(event_draft const& a, event_draft const& b) {
  // A dated code is one event, whichever cell of a calendar it stands in.
  bool const calendar = a.raw.source == event_source::calendar;
  if (calendar && a.code == b.code && has_date(a.code)) return true;
  if (day_differs(a, b) || time_differs(a, b) || place_differs(a, b)) return false;
  if (a.moment.has_value() != b.moment.has_value()) return false;
  if (!a.code.empty() && !b.code.empty()) return a.code == b.code;
  return same_name(a, b) || (a.title_key.empty() && b.title_key.empty());
}

/// The record that a lower source's draft is about, or none.
event_draft* find_match(std::vector<event_draft>& drafts, event_draft const& d) {
  event_draft* match = nullptr;
  int best = 0;
  int linked = 0;
  event_draft* by_link = nullptr;
  auto const link = link_key(d.link);
  for (auto& known : drafts) {
    int score = 0;
    bool const one_undated = !known.moment || !d.moment;
    bool const one_nameless = known.title_key.empty() || d.title_key.empty();
    if (known.raw.source == d.raw.source) {
      if (repeats(known, d)) score = 5;
    } else {
      if (place_differs(known, d) || day_differs(known, d)) continue;
      if (!d.code.empty() && known.code == d.code)
        score = 4;
      else if (same_day(known, d) && same_name(known, d))
        score = 3;
      else if (same_day(known, d) && one_nameless)
        score = 2;
      else if (one_undated && same_name(known, d))
        score = 1;
      if (!d.link.empty() && link_key(known.link) == link) {
        ++linked;
        by_link = &known;
      }
    }
    if (score > 0) score = score * 2 + (time_differs(known, d) ? 0 : 1);
    if (score > best) {
      best = score;
      match = &known;
    }
  }
  return match == nullptr && linked == 1 ? by_link : match;
}

std::string is_quoted(std::string_view text) {
  return fmt::format("'{}'", clip(squeeze(drop_controls(text)), 80));
}

std::string_view source_name(event_source source) {
  switch (source) {
    case event_source::json_ld:
      return "JSON-LD event";
    case event_source::microdata:
      return "microdata event";
    case event_source::calendar:
      return "calendar event";
    case event_source::open_graph:
      return "Open Graph event";
  }
  return "event";
}

}  // namespace

std::string link_key(std::string_view link) {
  if (auto const scheme = link.find("://"); scheme != std::string_view::npos) {
    link.remove_prefix(scheme + 3);
  }
  if (link.starts_with("www.")) link.remove_prefix(4);
  while (link.ends_with('/')) link.remove_suffix(1);
  return std::string{link};
}

event_draft make_draft(raw_event raw, venue_finder const& finder, url const& page) {
  event_draft d;
  d.place = finder.find(raw);
  auto const& known = finder.venues();
  std::string_view const zone = d.place.at != nullptr ? std::string_view{d.place.at->time_zone}
                                : known.empty()       ? std::string_view{"UTC"}
                                                : std::string_view{known.front().of().time_zone};
  if (auto const w = parse_when(raw.start)) d.moment = to_moment(*w, zone);
  d.performers = lineup(raw, finder);
  d.has_lineup = !d.performers.empty();
  if (!d.has_lineup && !raw.name.empty()) d.performers.push_back(act_of_title(raw.name, known));
  d.link = own_link(raw.url, page);
  d.code = raw.external_id;
  auto const code = find_event_code(raw.url);
  if (d.code.empty() && code && (!code->date || !d.moment || *code->date == d.moment->day)) {
    d.code = code->code;
  }
  for (auto& image : raw.images) {
    auto const resolved = page.resolve(image);
    image = resolved ? resolved->str() : std::string{};
  }
  std::erase(raw.images, std::string{});
  d.raw = std::move(raw);
  name_keys(d);
  return d;
}

void complete(event_draft& into, event_draft from) {
  auto const fill = [](std::string& to, std::string& value) {
    if (to.empty()) to = std::move(value);
  };
  bool const nameless = into.raw.name.empty();
  fill(into.raw.name, from.raw.name);
  fill(into.raw.description, from.raw.description);
  fill(into.link, from.link);
  fill(into.code, from.code);
  if (!into.has_lineup && (from.has_lineup || nameless)) {
    into.performers = std::move(from.performers);
    into.has_lineup = from.has_lineup;
  }
  if (!into.moment || (from.moment && !into.moment->time_of_day)) {
    if (from.moment) into.moment = std::move(from.moment);
  }
  if (!into.place.told && (from.place.told || into.place.at == nullptr)) into.place = from.place;
  if (into.raw.status == event_status::scheduled) into.raw.status = from.raw.status;
  if (into.raw.tiers.empty()) into.raw.tiers = std::move(from.raw.tiers);
  for (auto& image : from.raw.images) into.raw.images.push_back(std::move(image));
  name_keys(into);
}

void merge_draft(std::vector<event_draft>& drafts, event_draft draft) {
  if (auto* const known = find_match(drafts, draft)) {
    complete(*known, std::move(draft));
  } else {
    drafts.push_back(std::move(draft));
  }
}

event finish(event_draft const& draft, local_moment const& moment, url const& page) {
  event out;
  out.venue_tag = draft.place.at->tag;
  out.date = to_date(moment.day);
  if (moment.time_of_day) {
    auto const minutes = moment.time_of_day->count();
    out.time = fmt::format("{:02}:{:02}", minutes / 60, minutes % 60);
    out.starts_at = moment.rfc3339;
  }
  out.title = draft.raw.name;
  out.description = draft.raw.description;
  out.url = draft.link.empty() ? page.str() : draft.link;
  out.external_id = draft.code;
  out.status = draft.raw.status;
  out.performers = draft.performers;
  if (out.performers.empty()) out.performers.push_back(out.title);
  for (auto const& image : draft.raw.images) {
    if (out.images.size() >= max_images) break;
    if (std::ranges::find(out.images, image) == out.images.end()) out.images.push_back(image);
  }
  out.tiers = draft.raw.tiers;
  out.source = draft.raw.source;
  return out;
}

std::string problem_of(event_draft const& draft) {
  auto const source = source_name(draft.raw.source);
  if (draft.raw.name.empty()) {
    return draft.raw.start.empty()
               ? fmt::format("{} without a name and a startDate", source)
               : fmt::format("{} on {}: it has no name", source, is_quoted(draft.raw.start));
  }
  if (draft.moment) return {};
  if (draft.raw.start.empty()) {
    return fmt::format("{} {}: it has no startDate", source, is_quoted(draft.raw.name));
  }
  return fmt::format("{} {}: startDate {} cannot be read", source, is_quoted(draft.raw.name),
                     is_quoted(draft.raw.start));
}

}  // namespace vinny
