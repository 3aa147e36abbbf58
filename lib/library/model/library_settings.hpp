// SPDX-License-Identifier: MIT
//
// [library]: where it is, and who is asked for artwork.
#pragma once

#include <chrono>
#include <string>

#include "core/secret.hpp"

namespace vinny {

namespace settings {
class settings_table;
}

struct library_config {
  std::string lookup_url;                   // of the lookup service; empty: nothing is looked up
  int batch_size = 500;                     // rows of a transaction
  std::chrono::milliseconds throttle{100};  // between the starts of two lookups of a backfill
  int concurrency = 1;                      // lookups of a backfill in flight
  std::chrono::milliseconds enrichment_budget{500};  // a search waits for lookups; 0: not at all
  int recheck_days = 30;                             // until "there is no artwork" is asked again
  bool mirror = false;                               // artwork is copied into the store
  secret api_key;
  secret database;  // of PostgreSQL; empty: the library is in the catalog
  std::string schema = "wxyc_schema";
  std::string library_table = "library";
  std::string artists_table = "artists";
  std::chrono::milliseconds statement_timeout{300'000};
  bool synchronous_commit = false;
  std::string application_name = "wxyc-library-artwork-url-backfill";
};

/// The system's sections of the configuration.
void configure_library(settings::settings_table& to);

}  // namespace vinny
