// SPDX-License-Identifier: MIT
//
// What an operator knows of a host: which endings of its addresses are sizes of one photograph. By
// itself Vinny does not take two addresses for one image because they look alike.
//
//     # host                     endings, the best first; a larger number in the place of # is
//     better herbarium.example.org      _o.jpg _l.jpg _t.jpg .jpg images.example.net http=https
//     ?width=#
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"
#include "specimens/source/image_reference.hpp"

namespace vinny {

class image_variants {
 public:
  /// Fails with config_invalid; the message names the line.
  [[nodiscard]] static result<image_variants> parse(std::string_view text);
  /// The same of a file of at most 1 MiB; an empty path is no rules.
  [[nodiscard]] static result<image_variants> load(std::filesystem::path const& file);

  /// read_reference(url), and by the host's rule the key without the ending, and the ending's rank
  /// for pixels: variants are compared with each other only.
  [[nodiscard]] image_reference read(std::string_view url) const;

  /// Tells one set of rules from another; empty: there are none.
  [[nodiscard]] std::string const& digest() const noexcept { return digest_; }

 private:
  struct rule {
    std::vector<std::string> endings{};  // the best first
    bool any_scheme = false;             // http and https are one
  };
  std::map<std::string, rule, std::less<>> hosts_;  // by their bare names
  std::string digest_;
};

}  // namespace vinny
