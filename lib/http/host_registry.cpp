// SPDX-License-Identifier: MIT
#include "http/host_registry.hpp"

namespace vinny {

void host_registry::reconfigure(config const& settings) {
  lanes_.reconfigure(settings);
  permits_.resize(settings.http.concurrency - concurrency_);
  concurrency_ = settings.http.concurrency;
}

}  // namespace vinny
