// SPDX-License-Identifier: MIT
#include "events/markup/microdata.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/text.hpp"

namespace vinny {
namespace {

namespace json = boost::json;

constexpr int max_depth = 16;
// Of all depths, on one page.
constexpr std::size_t max_items = 5'000;
constexpr std::size_t max_properties = 50'000;
constexpr std::size_t max_visits = 5'000'000;
constexpr std::size_t max_refs = 32;  // of one item
constexpr std::size_t max_names = 8;  // of one property

std::string_view last_segment(std::string_view name) {
  return name.substr(name.find_last_of("/#:") + 1);
}

json::string to_json(std::string_view text) {
  return json::string(text.data(), text.size());
}

void add(json::object& item, std::string_view key, json::value value) {
  auto const* const present = item.if_contains(key);
  if (present == nullptr) {
    item.emplace(key, std::move(value));
    return;
  }
  auto& slot = item[key];
  if (!slot.is_array()) {
    json::array list;
    list.push_back(std::move(slot));
    slot = std::move(list);
  }
  slot.get_array().push_back(std::move(value));
}

/// The value of a property that is no item (section 5.2.4), `content` first as search engines
/// read it.
std::string value_of(html_node node) {
  if (node.has_attribute("content")) return std::string{node.attribute("content")};
  if (node.has_attribute("datetime")) return std::string{node.attribute("datetime")};
  constexpr std::array with_href{"a", "area", "link"};
  constexpr std::array with_src{"img", "source", "iframe", "embed", "audio", "video", "track"};
  auto const is = [&](std::string_view tag) { return node.tag() == tag; };
  if (std::ranges::any_of(with_href, is)) return std::string{node.attribute("href")};
  if (std::ranges::any_of(with_src, is)) {
    // A lazily loaded image keeps a placeholder in src.
    auto const source = node.attribute("src");
    bool const empty = source.empty() || source.starts_with("data:");
    return std::string{empty ? node.attribute("data-src") : source};
  }
  if (node.tag() == "object") return std::string{node.attribute("data")};
  if (node.tag() == "data" || node.tag() == "meter") {
    if (node.has_attribute("value")) return std::string{node.attribute("value")};
  }
  return node.text();
}

class reader {
 public:
  explicit reader(html_node page) : page_(page) {
    for (auto n = page; n; n = n.next(page)) {
      if (auto const id = n.attribute("id"); !id.empty()) ids_.try_emplace(std::string{id}, n);
    }
  }

  std::vector<json::value> top_items() {
    std::vector<json::value> out;
    for (auto n = page_; n; n = n.next(page_)) {
      // An item with an itemprop that belongs to no other item is taken for a top-level one.
      if (n.has_attribute("itemscope") && !inner_.contains(n.id())) out.emplace_back(item(n, 0));
    }
    return out;
  }

 private:
  json::object item(html_node scope, int depth) {
    json::object out;
    if (++items_ > max_items) return out;
    auto const types = squeeze(scope.attribute("itemtype"));
    for (auto const type : split(types, ' ')) {
      if (!type.empty()) add(out, "@type", to_json(last_segment(type)));
    }
    if (auto const id = scope.attribute("itemid"); !id.empty()) add(out, "@id", to_json(id));
    if (depth >= max_depth) return out;
    properties(out, scope, depth);
    auto const refs = squeeze(scope.attribute("itemref"));
    auto ids = split(refs, ' ');
    if (ids.size() > max_refs) ids.resize(max_refs);
    for (auto const id : ids) {
      auto const found = ids_.find(std::string{id});
      if (found == ids_.end() || found->second == scope) continue;
      property(out, found->second, depth);
      if (!found->second.has_attribute("itemscope")) properties(out, found->second, depth);
    }
    return out;
  }

  void properties(json::object& out, html_node scope, int depth) {
    for (auto n = scope.next(scope); n && ++visits_ < max_visits;) {
      property(out, n, depth);
      n = n.next(scope, !n.has_attribute("itemscope"));
    }
  }

  void property(json::object& out, html_node node, int depth) {
    auto const names = squeeze(node.attribute("itemprop"));
    if (names.empty() || ++properties_ > max_properties) return;
    if (node.has_attribute("itemscope")) {
      inner_.insert(node.id());
      // Only under its first name: copies of items would multiply with every level.
      auto const first = std::string_view{names}.substr(0, names.find(' '));
      add(out, last_segment(first), item(node, depth + 1));
      return;
    }
    auto const value = value_of(node);
    auto list = split(names, ' ');
    if (list.size() > max_names) list.resize(max_names);
    for (auto const name : list) add(out, last_segment(name), to_json(value));
  }

  html_node page_;
  std::unordered_map<std::string, html_node> ids_;
  std::unordered_set<void const*> inner_;
  std::size_t items_ = 0;
  std::size_t properties_ = 0;
  std::size_t visits_ = 0;
};

}  // namespace

std::vector<json::value> read_microdata(html_node page) {
  return reader{page}.top_items();
}

}  // namespace vinny
