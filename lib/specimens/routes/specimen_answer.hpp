// SPDX-License-Identifier: MIT
//
// The report of the specimens for GET /v1/specimens, made by a connection of its own so that nobody
// who works waits for it, and not again soon when it took long. Lives on the loop.
#pragma once

#include <string>

#include "run/engine.hpp"
#include "task/condition.hpp"

namespace vinny {

class specimen_answer {
 public:
  explicit specimen_answer(engine& work) : engine_(work) {}
  /// The report as JSON. Errors: those of opening and reading the catalog.
  [[nodiscard]] task<result<std::string>> get();

 private:
  [[nodiscard]] task<result<std::string>> make();

  engine& engine_;
  std::string report_;
  clock::time_point next_{};  // when it is made again
  bool making_ = false;
  condition made_;
};

}  // namespace vinny
