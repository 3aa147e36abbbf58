// SPDX-License-Identifier: MIT
#include "policy/exception_text.hpp"

#include <fmt/format.h>
#include <boost/system/system_error.hpp>

#include "policy/classify.hpp"

namespace vinny {

std::string text_of(std::exception const& error) {
  auto const* const known = dynamic_cast<boost::system::system_error const*>(&error);
  auto const shortage = known != nullptr ? shortage_of(known->code().value()) : std::nullopt;
  return shortage ? fmt::format("{} ({})", describe(*shortage), error.what()) : error.what();
}

}  // namespace vinny
