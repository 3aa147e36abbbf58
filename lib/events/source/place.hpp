// SPDX-License-Identifier: MIT
//
// At which registered venue an event is. Strict: a location that matches nothing is elsewhere,
// not at the nearest guess.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/url.hpp"
#include "events/markup/html.hpp"
#include "events/markup/raw_event.hpp"
#include "events/source/event_code.hpp"
#include "events/source/venue_names.hpp"

namespace vinny {

class venue_finder {
 public:
  struct placing {
    venue const* at = nullptr;  // none: elsewhere
    bool told = false;          // the event names its own location
  };

  /// The venues and the page must outlive it.
  venue_finder(std::span<venue const> candidates, html_node page, url const& address);

  [[nodiscard]] placing find(raw_event const& event) const;
  /// In extractor order.
  [[nodiscard]] std::vector<venue_names> const& venues() const noexcept { return venues_; }
  /// The registered candidates' extractors make events of pages that have Open Graph only.
  [[nodiscard]] bool pages_are_events() const noexcept;

 private:
  [[nodiscard]] venue const* by_location(raw_event const& event) const;
  [[nodiscard]] venue const* by_page() const;
  [[nodiscard]] venue const* by_code(raw_event const& event) const;
  [[nodiscard]] venue const* by_text(std::string_view text, bool whole_page) const;

  std::vector<venue_names> venues_;
  html_node page_;
  std::string path_;
  std::optional<event_code> page_code_;
  mutable std::optional<venue const*> of_page_;
};

}  // namespace vinny
