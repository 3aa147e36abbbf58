// SPDX-License-Identifier: MIT
//
// The JSON-LD blocks of a page (schema.org's preferred form).
#pragma once

#include <boost/json/value.hpp>

#include <string>
#include <vector>

#include "events/markup/html.hpp"

namespace vinny {

struct linked_data {
  std::vector<boost::json::value> blocks;
  std::vector<std::string> problems;  // blocks with event data that cannot be parsed
};

/// Every `<script type="application/ld+json">`, in order. A broken block does not spoil the
/// others, and is a problem only when it names an event.
[[nodiscard]] linked_data read_json_ld(html_node page);

}  // namespace vinny
