// SPDX-License-Identifier: MIT
//
// Changes as requests for D1: many rows a statement, many statements a request, each request
// within D1's limits and small enough to end well before its 30 s. Pure: what is sent, and how
// large the next request may be. Sending is in publish/d1_rest.hpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <span>
#include <string>

#include "events/publish/difference.hpp"

namespace vinny {

struct d1_limits {
  std::size_t rows = 0;   // of one request
  std::size_t bytes = 0;  // of one request's SQL; a single row may be larger
};

struct d1_batch {
  std::string sql{};        // statements, one a line; no parameters
  std::size_t changes = 0;  // how many of those given are in it, from the first on
  std::size_t upserts = 0;  // of them
  std::size_t statements = 0;
};

/// As many of the changes, from the first on, as the limits allow; at least one when there is
/// one. Their order is kept, so give them in_safe_order(). Neighbours of one kind and table share
/// statements of at most max_statement_bytes.
[[nodiscard]] d1_batch pack(std::span<change const* const> ordered, d1_limits limits);

/// How large the next request is: from how long the last one took, and smaller where one was
/// refused, so that the row at fault is found in a few requests and those before it are kept.
class d1_pace {
 public:
  /// Of the request that begins at the change with this index.
  [[nodiscard]] d1_limits limits(std::size_t at) const noexcept;
  /// A request was confirmed after so long.
  void confirmed(d1_batch const& batch, std::chrono::duration<double> took) noexcept;
  /// No answer came in time, or the database was overloaded.
  void too_much() noexcept;
  /// D1 refused a statement of the request that began at `at`. False: it had one change only, so
  /// that is the one at fault.
  [[nodiscard]] bool refused(std::size_t at, std::size_t changes) noexcept;

 private:
  std::size_t rows_ = 500;
  std::size_t suspect_end_ = 0;  // the change at fault stands before this one
};

}  // namespace vinny
