// SPDX-License-Identifier: MIT
//
// The page: what is compiled in of it, with the scripts of all systems.
#pragma once

#include "control/router.hpp"

namespace vinny {

/// `to` has the scripts of all systems already, and must outlive the page.
void add_page(router& to);

/// What every answer carries, so that no browser does more with it than it should.
void harden(server_response& answer);

}  // namespace vinny
