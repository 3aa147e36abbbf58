// SPDX-License-Identifier: MIT
//
// Structured data as one graph: finds the events in it, wherever they are nested, and what a
// reference by @id stands for. Reading an event's members is in schema_event.
#pragma once

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace vinny {

/// A member by its schema.org name, also when written `schema:name` or as a whole URL.
[[nodiscard]] boost::json::value const* member(boost::json::object const& object,
                                               std::string_view name);
/// True when one of the object's types, without its vocabulary, is `name` (ASCII case ignored).
[[nodiscard]] bool has_type(boost::json::object const& object, std::string_view name);
/// True for a type, without its vocabulary, that is an event whatever its members are: one ending
/// in Event or Festival, Hackathon, CourseInstance.
[[nodiscard]] bool is_event_type(std::string_view type) noexcept;

class event_graph {
 public:
  struct found_event {
    boost::json::object const* event = nullptr;
    /// The place or event that this one stands inside of, for a location it does not repeat.
    boost::json::value const* place = nullptr;
  };

  /// Takes the blocks of a page; what it hands out points into them.
  explicit event_graph(std::vector<boost::json::value> blocks);
  event_graph(event_graph const&) = delete;
  event_graph& operator=(event_graph const&) = delete;

  /// In document order. Those with an event type, and EventSeries when it has a startDate.
  [[nodiscard]] std::vector<found_event> const& events() const noexcept { return events_; }
  /// What `value` refers to when it is only an @id; else the value itself.
  [[nodiscard]] boost::json::value const& resolve(boost::json::value const& value) const;
  boost::json::value const& resolve(boost::json::value const&& value) const = delete;

 private:
  void index(boost::json::value const& value);
  void collect(boost::json::value const& value, boost::json::value const* place);

  std::vector<boost::json::value> blocks_;
  std::unordered_map<std::string, boost::json::value const*> by_id_;
  std::vector<found_event> events_;
};

}  // namespace vinny
