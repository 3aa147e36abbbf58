// SPDX-License-Identifier: MIT
#include "config/rule_kinds.hpp"

#include <algorithm>
#include <ranges>

#include "core/slug.hpp"
#include "core/text.hpp"

namespace vinny::settings {
namespace {

constexpr std::size_t max_days = 20;
constexpr std::int64_t longest_days = 3'650;

}  // namespace

std::string joined(std::vector<std::string> const& parts, char open, char close) {
  if (parts.empty()) return {open, close};
  bool const table = open == '{';
  return fmt::format("{}{}{}{}{}", open, table ? " " : "", fmt::join(parts, ", "), table ? " " : "",
                     close);
}

bool few_enough(std::size_t count, std::size_t most, int line, reporter const& report) {
  if (count <= most) return true;
  report(line, fmt::format("must have at most {} entries, not {}", most, count));
  return false;
}

bool within(value const& from, std::int64_t min, std::int64_t max, reporter const& report) {
  if (!expect(shape::integer, from, report)) return false;
  if (from.number >= min && from.number <= max) return true;
  report(from.line, fmt::format("must be {} to {}, not {}", min, max, from.number));
  return false;
}

std::optional<std::string> read_text(value const& from, reporter const& report, text_check check) {
  if (!expect(shape::text, from, report)) return {};
  auto text = from.text;
  auto wrong = check_printable(text);
  if (!wrong) wrong = check(text);
  if (!wrong) return text;
  report(from.line, std::move(*wrong));
  return {};
}

std::vector<std::string> read_texts(value const& from, reporter const& report, text_check check) {
  std::vector<std::string> texts;
  if (!expect(shape::list, from, report) ||
      !few_enough(from.items.size(), max_list_items, from.line, report)) {
    return texts;
  }
  for (auto const& item : from.items) {
    if (auto text = read_text(item, report, check)) texts.push_back(std::move(*text));
  }
  return texts;
}

std::string show_texts(std::vector<std::string> const& texts) {
  std::vector<std::string> parts;
  for (auto const& each : texts) parts.push_back(toml_string(each));
  return joined(parts, '[', ']');
}

std::optional<sized_labels> read_sizes(value const& from, reporter const& report) {
  if (!expect(shape::table, from, report)) return {};
  if (from.members.empty()) {
    report(from.line, "must have 1 to 8 entries, such as { main = 500, hd = 1500 }");
    return {};
  }
  if (!few_enough(from.members.size(), max_sizes, from.line, report)) return {};
  sized_labels sizes;
  for (auto const& [label, line, pixels] : from.members) {
    auto const here = report.at(label);
    if (!is_slug(label)) here(line, "a label must be 1 to 80 of a-z, 0-9 and '-'");
    if (!within(pixels, least_side, most_side, here)) continue;
    sizes.emplace_back(label, static_cast<std::uint32_t>(pixels.number));
  }
  return sizes;
}

std::string show_sizes(sized_labels const& sizes) {
  std::vector<std::string> parts;
  for (auto const& [label, pixels] : sizes) parts.push_back(fmt::format("{} = {}", label, pixels));
  return joined(parts, '{', '}');
}

std::optional<address_map> read_addresses(value const& from, reporter const& report) {
  if (!expect(shape::table, from, report) ||
      !few_enough(from.members.size(), max_list_items, from.line, report)) {
    return {};
  }
  address_map addresses;
  for (auto const& [key, line, target] : from.members) {
    auto const here = report.at(key);
    auto name = key;
    auto wrong = check_printable(name);
    if (!wrong) wrong = host_and_port(name);
    if (wrong) here(line, "the key " + *wrong);
    if (auto address = read_text(target, here, address_and_port)) {
      addresses.insert_or_assign(std::move(name), std::move(*address));
    }
  }
  return addresses;
}

std::string show_addresses(address_map const& addresses) {
  std::vector<std::string> parts;
  for (auto const& [name, address] : addresses) {
    parts.push_back(fmt::format("{} = {}", toml_string(name), toml_string(address)));
  }
  return joined(parts, '{', '}');
}

std::optional<std::vector<std::uint16_t>> read_ports(value const& from, reporter const& report) {
  if (!expect(shape::list, from, report)) return {};
  if (from.items.empty()) {
    report(from.line, "must name at least one port, such as [80, 443]");
    return {};
  }
  if (!few_enough(from.items.size(), max_list_items, from.line, report)) return {};
  std::vector<std::uint16_t> ports;
  for (auto const& item : from.items) {
    if (!within(item, 1, 65'535, report)) continue;
    auto const port = static_cast<std::uint16_t>(item.number);
    if (std::ranges::find(ports, port) == ports.end()) ports.push_back(port);
  }
  return ports;
}

std::string show_ports(std::vector<std::uint16_t> const& ports) {
  return fmt::format("[{}]", fmt::join(ports, ", "));
}

std::optional<std::vector<int>> read_days(value const& from, reporter const& report) {
  if (!expect(shape::list, from, report) ||
      !few_enough(from.items.size(), max_days, from.line, report)) {
    return {};
  }
  std::vector<int> days;
  for (auto const& item : from.items) {
    if (within(item, 1, longest_days, report)) days.push_back(static_cast<int>(item.number));
  }
  return days;
}

std::string show_days(std::vector<int> const& days) {
  return fmt::format("[{}]", fmt::join(days, ", "));
}

std::optional<secret> read_secret(value const& from, reporter const& report) {
  if (!expect(shape::text, from, report)) return {};
  if (auto wrong = check_printable(from.text)) {
    report(from.line, std::move(*wrong));
    return {};
  }
  if (from.text == "<set>") {
    report(from.line, "is what `vinny config show` prints in place of a secret: write the secret");
    return {};
  }
  return secret(from.text);
}

}  // namespace vinny::settings
