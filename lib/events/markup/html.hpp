// SPDX-License-Identifier: MIT
//
// HTML as a tree to search: owns gumbo's result and hides its types. Traversal never recurses,
// so depth costs no stack. Parsing is guarded against pages that are built to exhaust memory or
// time.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/failure.hpp"

struct GumboInternalNode;

namespace vinny {

/// An element, or none. Valid as long as its document.
class html_node {
 public:
  html_node() = default;
  explicit html_node(GumboInternalNode const* node) noexcept : node_(node) {}
  explicit operator bool() const noexcept { return node_ != nullptr; }
  friend bool operator==(html_node, html_node) = default;
  /// Tells nodes apart in sets.
  [[nodiscard]] void const* id() const noexcept { return node_; }

  /// Lower case; "" for elements that HTML does not know.
  [[nodiscard]] std::string_view tag() const noexcept;
  /// The value, trimmed, references decoded; "" when there is none.
  [[nodiscard]] std::string_view attribute(std::string_view name) const noexcept;
  [[nodiscard]] bool has_attribute(std::string_view name) const noexcept;
  /// One of the words of the class attribute, ASCII case ignored.
  [[nodiscard]] bool has_class(std::string_view name) const noexcept;
  /// Text below, white space squeezed; scripts and styles left out. At most 64 KiB of
  /// at most 50,000 nodes.
  enum class menus { kept, skipped };  // nav and footer: they name every house of a group
  [[nodiscard]] std::string text(menus keep = menus::kept) const;
  /// The text of a script, as it stands.
  [[nodiscard]] std::string script_text() const;
  /// The next element below `scope` in document order; with `inside` false, after the whole of
  /// this one.
  [[nodiscard]] html_node next(html_node scope, bool inside = true) const noexcept;

  /// The first element below that fits, or none.
  template <class Predicate>
  [[nodiscard]] html_node find(Predicate fits) const {
    for (auto n = next(*this); n; n = n.next(*this)) {
      if (fits(n)) return n;
    }
    return {};
  }
  [[nodiscard]] html_node find_class(std::string_view name) const {
    return find([&](html_node n) { return n.has_class(name); });
  }
  template <class Predicate>
  [[nodiscard]] std::vector<html_node> find_all(Predicate fits) const {
    std::vector<html_node> found;
    for (auto n = next(*this); n; n = n.next(*this)) {
      if (fits(n)) found.push_back(n);
    }
    return found;
  }

 private:
  GumboInternalNode const* node_ = nullptr;
};

class html_document {
 public:
  /// Broken UTF-8 is repaired. Fails with bad_html for pages that nest without end, and for
  /// pages that need far more memory than their size justifies.
  [[nodiscard]] static result<html_document> parse(std::string_view bytes);
  ~html_document();
  html_document(html_document&&) noexcept;
  html_document& operator=(html_document&&) noexcept;

  /// The html element.
  [[nodiscard]] html_node root() const noexcept;

 private:
  struct state;
  explicit html_document(std::unique_ptr<state> s) noexcept;
  std::unique_ptr<state> state_;
};

/// bad_html when an HTML tree of this text would be nested so deeply, or a tag would have so many
/// attributes, that building it takes quadratic time. Linear.
[[nodiscard]] result<> check_html_nesting(std::string_view html);

}  // namespace vinny
