// SPDX-License-Identifier: MIT
#include "events/markup/urvenue.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "core/text.hpp"
#include "events/markup/bounds.hpp"
#include "events/source/event_code.hpp"
#include "events/source/when.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_cells = 2'000;
constexpr std::string_view date_class = "uvtddate-";

std::string clean(std::string_view text) {
  return std::string{trim(clip(plain_text(clip(text, max_name * 4)), max_name))};
}

/// The date in a class of the cell, or "".
std::string cell_date(html_node node) {
  auto const classes = node.attribute("class");
  auto const at = classes.find(date_class);
  if (at == std::string_view::npos) return {};
  auto const text = classes.substr(at + date_class.size(), 10);
  return from_date(text) ? std::string{text} : std::string{};
}

/// The text of the first element below with one of these classes that has any.
template <std::size_t N>
std::string text_by_class(html_node scope, std::array<std::string_view, N> const& classes) {
  for (auto const name : classes) {
    auto const found = scope.find_class(name);
    if (auto text = clean(found.text()); !text.empty()) return text;
  }
  return {};
}

std::string flyer_title(html_node anchor, html_node cell, bool alone) {
  static constexpr std::array<std::string_view, 3> names{"name", "uv-event-title", "uv-event-name"};
  if (auto const over = anchor.find_class("uv-cellover")) {
    if (auto text = text_by_class(over, names); !text.empty()) return text;
  }
  if (auto text = text_by_class(anchor, names); !text.empty()) return text;
  if (alone) {
    if (auto text = text_by_class(cell, names); !text.empty()) return text;
  }
  for (auto const* attribute : {"aria-label", "title"}) {
    if (auto text = clean(anchor.attribute(attribute)); !text.empty()) return text;
  }
  auto const image = anchor.find([](html_node n) { return n.tag() == "img"; });
  return clean(image.attribute("alt"));
}

std::string flyer_image(html_node anchor) {
  auto folder = anchor.attribute("data-folder");
  auto const file = anchor.attribute("data-file");
  if (folder.empty() || file.empty()) return {};
  while (folder.ends_with('/')) folder.remove_suffix(1);
  return std::string{folder} + "/500SC0/" + std::string{file};
}

void read_cells(html_node page, std::vector<raw_event>& out) {
  auto const cells = page.find_all([](html_node n) { return !cell_date(n).empty(); });
  for (auto const cell : cells) {
    auto const flyers = cell.find_all([](html_node n) {
      return n.tag() == "a" && n.has_class("flyer") && !n.has_class("datelink");
    });
    for (auto const anchor : flyers) {
      if (out.size() >= max_cells) return;
      raw_event event;
      event.source = event_source::calendar;
      event.start = cell_date(cell);
      event.name = flyer_title(anchor, cell, flyers.size() == 1);
      event.url = std::string{anchor.attribute("href")};
      if (auto const code = find_event_code(event.url)) event.external_id = code->code;
      if (auto image = flyer_image(anchor); !image.empty()) event.images.push_back(image);
      if (!event.name.empty()) out.push_back(std::move(event));
    }
  }
}

bool is_list_item(html_node n) {
  return (n.tag() == "li" && n.has_class("eventitem")) || n.has_class("uws-event-list-item");
}

std::optional<event_code> item_code(html_node item, html_node anchor) {
  for (auto const text :
       {item.attribute("data-eventcode"), item.attribute("class"), anchor.attribute("href")}) {
    if (auto code = find_event_code(text)) return code;
  }
  return {};
}

/// "Kygo - XS Nightclub" without the venue that the item names itself.
std::string without_venue(std::string name, std::string_view venue) {
  if (venue.empty() || name.size() <= venue.size() ||
      !iequals(std::string_view{name}.substr(name.size() - venue.size()), venue)) {
    return name;
  }
  auto rest = trim(std::string_view{name}.substr(0, name.size() - venue.size()));
  bool separated = false;
  static constexpr std::array<std::string_view, 9> separators{
      "-", "|", "@", ",", ":", "\xE2\x80\x93", "\xE2\x80\x94", " at", "\xC2\xB7"};
  for (auto const s : separators) {
    if (rest.size() > s.size() && iequals(rest.substr(rest.size() - s.size()), s)) {
      rest = trim(rest.substr(0, rest.size() - s.size()));
      separated = true;
      break;
    }
  }
  return separated && !rest.empty() ? std::string{rest} : name;
}

/// What buttons say, and no event is called.
bool is_button_text(std::string_view text) {
  static constexpr std::array<std::string_view, 14> words{
      "book",      "book now", "buy tickets",  "tickets",   "get tickets",
      "more info", "more",     "learn more",   "details",   "view",
      "event",     "reserve",  "view details", "view event"};
  return std::ranges::any_of(words, [&](std::string_view w) { return iequals(w, text); });
}

std::string item_name(html_node item, html_node anchor, std::string_view venue) {
  static constexpr std::array<std::string_view, 4> titles{"uv-event-name-title", "uv-events-name",
                                                          "uwsname", "uv-event-title"};
  auto const heading = item.find([](html_node n) {
    return n.tag().size() == 2 && n.tag()[0] == 'h' && n.tag()[1] >= '1' && n.tag()[1] <= '6';
  });
  for (auto const& text :
       {clean(item.attribute("aria-label")), text_by_class(item, titles),
        clean(anchor.attribute("aria-label")), clean(heading.text()), clean(anchor.text())}) {
    if (!text.empty() && !is_button_text(text)) return without_venue(text, venue);
  }
  return {};
}

std::string item_date(html_node item, std::optional<event_code> const& code) {
  if (code && code->date) return to_date(*code->date);
  auto const time = item.find([](html_node n) { return n.tag() == "time"; });
  for (auto const& text :
       {std::string{time.attribute("datetime")}, std::string{item.attribute("data-date")},
        cell_date(item), item.find_class("uv-list-date").text(),
        item.find_class("uwsddate").text()}) {
    if (parse_when(text)) return text;
  }
  return {};
}

void read_items(html_node page, std::vector<raw_event>& out) {
  static constexpr std::array<std::string_view, 4> venues{"uv-events-venue", "uv-ev-venue",
                                                          "uwsvenuename", "venueurl"};
  for (auto const item : page.find_all(is_list_item)) {
    if (out.size() >= max_cells) return;
    auto anchor = item.find(
        [](html_node n) { return n.tag() == "a" && find_event_code(n.attribute("href")); });
    if (!anchor) anchor = item.find([](html_node n) { return n.has_attribute("href"); });
    auto const code = item_code(item, anchor);
    raw_event event;
    event.source = event_source::calendar;
    event.start = item_date(item, code);
    event.place = text_by_class(item, venues);
    event.name = item_name(item, anchor, event.place);
    if (event.start.empty() || event.name.empty()) continue;
    if (code) event.external_id = code->code;
    event.url = std::string{anchor.attribute("href")};
    // A clock beside the date belongs to it; alone it says nothing.
    auto const clock = item.find_class("uwsdtime").text();
    if (event.start.size() == 10 && parse_time_of_day(clock)) event.start += ' ' + clock;
    auto const lazy = item.find(
        [](html_node n) { return n.has_class("uv-lazyimage") && n.has_attribute("data-bg"); });
    auto const image = item.find([](html_node n) { return n.tag() == "img"; });
    for (auto const text :
         {lazy.attribute("data-bg"), image.attribute("data-src"), image.attribute("src")}) {
      if (text.empty() || text.starts_with("data:")) continue;
      event.images.emplace_back(text);
      break;
    }
    out.push_back(std::move(event));
  }
}

}  // namespace

std::vector<raw_event> read_urvenue(html_node page) {
  std::vector<raw_event> all;
  read_cells(page, all);
  read_items(page, all);
  return all;
}

}  // namespace vinny
