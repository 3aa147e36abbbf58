// SPDX-License-Identifier: MIT
#include "events/markup/open_graph.hpp"

#include <algorithm>

#include "core/text.hpp"
#include "events/markup/bounds.hpp"
#include "events/source/event_code.hpp"
#include "events/source/when.hpp"

namespace vinny {
namespace {

std::string plain(std::string_view text, std::size_t bytes) {
  return std::string{trim(clip(plain_text(clip(text, bytes * 4)), bytes))};
}

/// "Kygo | XS Nightclub" without the site's name.
std::string without_site(std::string title, std::string_view site) {
  if (site.empty() || title.size() <= site.size() + 2) return title;
  auto const head = std::string_view{title}.substr(0, title.size() - site.size());
  if (!iequals(std::string_view{title}.substr(head.size()), site)) return title;
  auto const kept = trim(head);
  for (std::string_view const mark : {"|", "-", "\xE2\x80\x93", "\xE2\x80\x94", "\xC2\xB7"}) {
    if (kept.ends_with(mark) && kept.size() > mark.size()) {
      return std::string{trim(kept.substr(0, kept.size() - mark.size()))};
    }
  }
  return title;
}

/// The first time element whose text a clock understands; on the day that is asked for, if any.
std::string time_element(html_node page, std::optional<year_month_day> day) {
  auto const times = page.find_all(
      [](html_node n) { return n.tag() == "time" && !n.attribute("datetime").empty(); });
  for (auto const node : times) {
    auto const text = node.attribute("datetime");
    auto const read = parse_when(text);
    if (read && (!day || (read->day == *day && read->time_of_day))) return std::string{text};
  }
  return {};
}

std::string find_start(html_node page, std::optional<event_code> const& code,
                       std::string_view type) {
  for (auto const* name : {"event:start_time", "event:start_date", "event:start", "og:start_time",
                           "event:date", "event_date", "startDate"}) {
    auto const text = meta_content(page, name);
    if (parse_when(text)) return std::string{text};
  }
  if (code && code->date) {
    auto timed = time_element(page, code->date);
    return timed.empty() ? to_date(*code->date) : timed;
  }
  bool const dated_text = iequals(type, "article") || iequals(type, "blog") ||
                          !meta_content(page, "article:published_time").empty();
  return dated_text ? std::string{} : time_element(page, {});
}

}  // namespace

std::string_view meta_content(html_node page, std::string_view name) {
  auto const found = page.find([&](html_node n) {
    return n.tag() == "meta" && !n.attribute("content").empty() &&
           (iequals(n.attribute("property"), name) || iequals(n.attribute("name"), name));
  });
  return found.attribute("content");
}

open_graph read_open_graph(html_node page, url const& address) {
  open_graph out;
  auto& event = out.event;
  event.source = event_source::open_graph;
  auto const type = meta_content(page, "og:type");
  auto const code = find_event_code(address.target());
  out.is_event = icontains(type, "event") || (code && code->date);
  event.name = without_site(plain(meta_content(page, "og:title"), max_name),
                            plain(meta_content(page, "og:site_name"), max_name));
  event.description = plain(meta_content(page, "og:description"), max_description);
  event.start = find_start(page, code, type);
  if (code) event.external_id = code->code;
  event.locality = plain(meta_content(page, "og:locality"), max_name);
  event.region = plain(meta_content(page, "og:region"), max_name);
  for (auto const* name : {"og:image:secure_url", "og:image", "og:image:url", "twitter:image"}) {
    auto const text = meta_content(page, name);
    if (!text.empty() && std::ranges::find(event.images, text) == event.images.end()) {
      event.images.emplace_back(text);
    }
  }
  return out;
}

}  // namespace vinny
