// SPDX-License-Identifier: MIT
//
// /v1/runs: runs are started, listed, followed and cancelled.
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> make_run_answer(engine& work);

}  // namespace vinny
