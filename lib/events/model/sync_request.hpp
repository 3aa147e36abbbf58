// SPDX-License-Identifier: MIT
//
// What a run over events is asked to do.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace vinny {

struct sync_request {
  bool scrape = true;
  bool images = true;
  bool upload = true;
  bool publish = true;
  std::vector<std::string> venues{};  // tags or extractors; empty: all that have a sitemap
  std::string reuse{};                // "latest" or a run's id: do not scrape
  bool full = false;                  // ignore lastmod, publish everything
  bool local = false;                 // publish to local-d1.sqlite
  bool force = false;                 // fetch images again
  bool validate = false;              // ask the store about every object
  bool execute = false;               // publish by REST
  bool use_wrangler = false;          // publish by wrangler

  /// "sync" when several steps are asked for, else the name of the one.
  [[nodiscard]] std::string_view pipeline() const noexcept {
    int const steps = int{scrape} + int{images} + int{upload} + int{publish};
    if (steps > 1) return "sync";
    return scrape ? "scrape" : images ? "images" : upload ? "upload" : "publish";
  }
};

}  // namespace vinny
