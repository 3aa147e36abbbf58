// SPDX-License-Identifier: MIT
//
// From the bytes of one page to the events on it: structured data is read, the venue is found,
// times are laid into its zone. Pure: no I/O, the clock is an argument.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/time.hpp"
#include "core/url.hpp"
#include "events/model/event.hpp"
#include "model/venue.hpp"

namespace vinny {

struct page_reading {
  std::vector<event> events;          // at registered venues, today or later
  std::vector<std::string> problems;  // event data that is there and cannot be read, one line each
  int past = 0;                       // events before today, left out
  int elsewhere = 0;                  // events at places that are not in the registry, left out
};

/// `candidates`: the venues whose site this page belongs to (one sitemap), in extractor order
/// liv, xs, ebc, tao, schema-org. The first extractor that can handle the page wins.
/// `content_type`: the answer's header, for the page's encoding.
[[nodiscard]] page_reading read_page(std::string_view html, url const& page,
                                     std::span<venue const> candidates, instant now,
                                     std::string_view content_type = {});

}  // namespace vinny
