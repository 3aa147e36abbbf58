// SPDX-License-Identifier: MIT
//
// An event as one source on a page tells it, before venue and clock are known: the record that
// all sources share.
#pragma once

#include <string>
#include <vector>

#include "events/model/event.hpp"

namespace vinny {

struct raw_event {
  event_source source = event_source::json_ld;
  std::string name;         // plain text
  std::string start;        // as it stood
  std::string description;  // plain text
  std::string url;          // a reference, as it stood
  std::string external_id;
  event_status status = event_status::scheduled;
  std::string place;                    // the location's name
  std::string address;                  // its address, parts joined by ", "
  std::string locality;                 // the town in it
  std::string region;                   // the state in it
  std::vector<std::string> performers;  // plain text
  std::vector<std::string> images;      // references, as they stood
  std::vector<table_tier> tiers;
};

}  // namespace vinny
