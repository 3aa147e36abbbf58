// SPDX-License-Identifier: MIT
//
// /v1/hosts: hosts are listed, released, and given another pace.
#pragma once

#include <memory>

#include "control/service.hpp"

namespace vinny {

class engine;

/// `work` must outlive it.
[[nodiscard]] std::unique_ptr<service> make_host_answer(engine& work);

}  // namespace vinny
