// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace vinny {

/// Where an object of the store is public: "https://img.example.org/artists/x/x_liv_hd.jpg".
[[nodiscard]] inline std::string public_address(std::string const& public_url,
                                                std::string const& key) {
  return public_url.ends_with('/') ? public_url + key : public_url + '/' + key;
}

}  // namespace vinny
