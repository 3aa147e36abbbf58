// SPDX-License-Identifier: MIT
//
// What the daemon says of itself: status, log, health, metrics, its own document.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "control/service.hpp"

namespace vinny {

class engine;

/// `work` must outlive it; `ready` tells why the daemon is not ready, or nothing.
[[nodiscard]] std::unique_ptr<service> make_daemon_answer(
    engine& work, std::function<std::optional<std::string>()> ready);

}  // namespace vinny
