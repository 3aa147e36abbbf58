// SPDX-License-Identifier: MIT
//
// Reading the query of a request.
#pragma once

#include <string>

#include "http/server.hpp"

namespace vinny {

/// A number from 0 to `most`; `usual` where it is left out. Fails with bad_url.
[[nodiscard]] result<std::size_t> number_of(server_request const& request, std::string const& name,
                                            std::size_t usual, std::size_t most);

}  // namespace vinny
