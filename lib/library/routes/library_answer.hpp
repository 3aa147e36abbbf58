// SPDX-License-Identifier: MIT
//
// GET /v1/library/search?q=&limit=
#pragma once

#include "http/server.hpp"
#include "library/stages/library_search.hpp"

namespace vinny {

class library_answer {
 public:
  explicit library_answer(engine& work) : searches_(work, work.loop()) {}

  [[nodiscard]] task<server_response> search(server_request const& request);
  [[nodiscard]] task<> stop() { return searches_.stop(); }

 private:
  library_search searches_;
};

/// {"results":[{"id","artist","album","label","artwork_url","pending"}],"pending":…}
[[nodiscard]] std::string search_document(std::vector<found_row> const& rows);

}  // namespace vinny
