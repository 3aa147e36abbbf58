// SPDX-License-Identifier: MIT
//
// An event as its page tells it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace vinny {

enum class event_status { scheduled, cancelled, postponed, rescheduled, moved_online };
[[nodiscard]] std::string_view name(event_status status) noexcept;
[[nodiscard]] event_status event_status_from_name(std::string_view name) noexcept;

/// A table tier: what a table costs.
struct table_tier {
  std::string name;
  std::optional<double> price;
  std::optional<int> guests;
  std::optional<bool> available;
  friend bool operator==(table_tier const&, table_tier const&) = default;
};

/// Where an event was read from. When two pages tell of one event, the lower value wins.
enum class event_source { json_ld = 0, microdata = 1, calendar = 2, open_graph = 3 };

struct event {
  std::string venue_tag;
  std::string date;       // YYYY-MM-DD, in the venue's zone
  std::string time;       // HH:MM, in the venue's zone; empty: the page gives a date only
  std::string starts_at;  // RFC 3339 with the venue's offset; empty: a date only
  std::string title;
  std::string description;
  std::string url;          // absolute
  std::string external_id;  // the venue's own id, e.g. EVE121488100020260627
  event_status status = event_status::scheduled;
  std::vector<std::string> performers;  // headliner first, then support acts in order; never empty
  std::vector<std::string> images;      // absolute URLs, best first
  std::vector<table_tier> tiers;
  event_source source = event_source::json_ld;

  friend bool operator==(event const&, event const&) = default;
};

}  // namespace vinny
