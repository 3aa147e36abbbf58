// SPDX-License-Identifier: MIT
#include "events/source/read_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/text.hpp"
#include "events/markup/charset.hpp"
#include "events/markup/event_graph.hpp"
#include "events/markup/html.hpp"
#include "events/markup/json_ld.hpp"
#include "events/markup/microdata.hpp"
#include "events/markup/open_graph.hpp"
#include "events/markup/urvenue.hpp"
#include "events/source/draft.hpp"
#include "events/source/event_code.hpp"
#include "events/source/place.hpp"
#include "events/source/schema_event.hpp"

namespace vinny {
namespace {

constexpr std::size_t max_drafts = 2'000;
constexpr std::size_t max_problems = 50;

class page_reader {
 public:
  page_reader(html_node page, url const& address, std::span<venue const> candidates)
      : page_(page), address_(address), finder_(candidates, page, address) {
    if (auto const code = find_event_code(address.target())) code_ = *code;
  }

  page_reading read(instant now) {
    auto linked = read_json_ld(page_);
    add_schema(std::move(linked.blocks), event_source::json_ld);
    add_schema(read_microdata(page_), event_source::microdata);
    for (auto& raw : read_urvenue(page_)) add(std::move(raw));
    add_page_code();
    add_open_graph();
    add_table_items();
    auto reading = sort_out(now);
    for (auto& problem : linked.problems) note(reading, std::move(problem));
    return reading;
  }

 private:
  void add(raw_event raw) {
    if (drafts_.size() < max_drafts) {
      merge_draft(drafts_, make_draft(std::move(raw), finder_, address_));
    }
  }

  void add_schema(std::vector<boost::json::value> blocks, event_source source) {
    event_graph const graph{std::move(blocks)};
    for (auto const& found : graph.events()) add(read_schema_event(graph, found, source));
  }

  /// The draft that this page is about: the one with its code or its URL; else the only one in
  /// structured data, or the only one at all, that names no other page.
  event_draft* main_draft() {
    auto const here = link_key(address_.without_query().str());
    auto const whole = link_key(address_.str());
    auto const root = link_key(address_.origin());
    std::vector<event_draft*> linked;
    std::vector<event_draft*> structured;
    std::vector<event_draft*> open;
    for (auto& d : drafts_) {
      if (!code_.code.empty() && d.code == code_.code) return &d;
      auto const link = link_key(d.link);
      bool const structure = d.raw.source <= event_source::microdata;
      if (!link.empty() && (link == here || link == whole)) linked.push_back(&d);
      if (!link.empty() && link != root) continue;
      open.push_back(&d);
      if (structure) structured.push_back(&d);
    }
    for (auto const* one : {&linked, &structured, &open}) {
      if (!one->empty()) return one->size() == 1 ? one->front() : nullptr;
    }
    return nullptr;
  }

  /// The code in the page's own URL belongs to the page's event, when their dates agree.
  void add_page_code() {
    if (code_.code.empty()) return;
    auto* const main = main_draft();
    if (main == nullptr || !main->code.empty()) return;
    bool const agrees = !code_.date || (main->moment && main->moment->day == *code_.date);
    if (agrees || !main->moment) main->code = code_.code;
  }

  void add_open_graph() {
    auto og = read_open_graph(page_, address_);
    bool const makes_event = (og.is_event || finder_.pages_are_events()) &&
                             !og.event.name.empty() && !og.event.start.empty();
    auto draft = make_draft(std::move(og.event), finder_, address_);
    if (auto* const main = main_draft()) {
      // A time element may be the doors': it gives a missing date, not a missing time.
      if (main->moment) draft.moment.reset();
      complete(*main, std::move(draft));
      return;
    }
    // Where structured data tells of events, the page is described by them.
    bool const structured = std::ranges::any_of(drafts_, [](event_draft const& d) {
      return d.raw.source == event_source::json_ld || d.raw.source == event_source::microdata;
    });
    if (makes_event && draft.moment && !structured) merge_draft(drafts_, std::move(draft));
  }

  void add_table_items() {
    auto* const main = main_draft();
    if (main == nullptr) return;
    for (auto& tier : read_table_items(page_)) {
      auto const same = [&](table_tier const& t) { return iequals(t.name, tier.name); };
      if (std::ranges::none_of(main->raw.tiers, same)) main->raw.tiers.push_back(std::move(tier));
    }
  }

  page_reading sort_out(instant now) {
    page_reading reading;
    for (auto const& d : drafts_) {
      if (d.place.at == nullptr) {
        ++reading.elsewhere;
      } else if (auto problem = problem_of(d); !problem.empty()) {
        note(reading, std::move(problem));
      } else if (d.moment && d.moment->day < local_day(now, d.place.at->time_zone)) {
        ++reading.past;
      } else if (d.moment) {
        reading.events.push_back(finish(d, *d.moment, address_));
      }
    }
    return reading;
  }

  static void note(page_reading& reading, std::string problem) {
    auto& all = reading.problems;
    if (all.size() < max_problems && std::ranges::find(all, problem) == all.end()) {
      all.push_back(std::move(problem));
    }
  }

  html_node page_;
  url const& address_;
  venue_finder finder_;
  event_code code_;
  std::vector<event_draft> drafts_;
};

}  // namespace

page_reading read_page(std::string_view html, url const& page, std::span<venue const> candidates,
                       instant now, std::string_view content_type) {
  page_reading reading;
  auto const document = html_document::parse(to_utf8(html, content_type));
  if (!document) {
    reading.problems.push_back(document.error().message);
    return reading;
  }
  return page_reader{document->root(), page, candidates}.read(now);
}

}  // namespace vinny
