// SPDX-License-Identifier: MIT
//
// Searches in the library. Rows without artwork are looked up side by side while the search waits
// for its budget; what comes later fills the row for the next one. No failure of a lookup reaches
// who searches. Lives on the loop.
#pragma once

#include <map>
#include <memory>

#include "library/model/library.hpp"
#include "run/engine.hpp"
#include "task/task_group.hpp"

namespace vinny {

struct found_row {
  library_hit what;
  bool pending = false;  // its artwork is being looked up
};

class library_search {
 public:
  library_search(engine& work, asio::any_io_executor const& loop) : work_(work), lookups_(loop) {}

  /// The best `most` rows for a query. Errors: those of the database.
  [[nodiscard]] task<result<std::vector<found_row>>> find(std::string query, std::size_t most);

  /// Ends the lookups that go on.
  [[nodiscard]] task<> stop();

 private:
  struct lookup {
    bool done = false;
    clock::time_point ended{};
    std::string url{};  // empty: there is none, or it failed
  };
  [[nodiscard]] task<std::vector<library_question>> worth_asking(
      std::shared_ptr<world> outside, std::vector<library_hit> const& hits);
  void look_up(std::shared_ptr<world> outside, library_question what);
  [[nodiscard]] task<> perform(std::shared_ptr<world> outside, library_question what,
                               std::shared_ptr<lookup> into);

  [[nodiscard]] static task<> learn(std::shared_ptr<world> outside);

  engine& work_;
  std::map<std::int64_t, std::shared_ptr<lookup>> recent_;  // by row: under way, or just ended
  std::size_t in_flight_ = 0;
  condition news_;
  clock::time_point learns_at_{};
  bool stopped_ = false;
  task_group lookups_;
};

}  // namespace vinny
