// SPDX-License-Identifier: MIT
//
// A ledger belongs to one store. With another store than before nothing is known of it; the store
// must answer before what is known of the old one is forgotten: a mistyped bucket must not cost
// the ledger.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "run/context.hpp"

namespace vinny {

/// One system's ledger, for those who do not know it.
struct owned_ledger {
  std::string probe;  // a key that is asked for, and need not exist
  /// The store that it is of; nothing: of none yet.
  std::function<std::optional<std::string>(database&)> owner;
  /// From now on it is of that store, and what another has confirmed is forgotten.
  std::function<void(database&, std::string const& store)> take;
};

/// Before anything is put. Fails with what kept the store from answering, and with the catalog's.
[[nodiscard]] task<result<>> take_this_store(run_context& run, owned_ledger ledger);

}  // namespace vinny
